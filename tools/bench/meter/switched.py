"""Loads that switch by whole mains cycles: how far off their readings are, for every pattern at its worst phase.

A model of what bursts see of a pattern, with the times of the firmware's own bursts, and some patterns through the
firmware's meter itself. Knows bursts and patterns; does not know what else a meter gets wrong.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rouse.bench.meter import parts as meter_parts
from rouse.bench.meter.cases import Case
from rouse.bench.meter.rig import TICK_US, Rig
from rouse.build.firmware import firmware_module
from rouse.virtual.mains import STEPS as CYCLE
from rouse.virtual.pace import parse

Floats = NDArray[np.float64]

TICK_S = TICK_US / 1000000
BASE_W, SWITCHED_W = 300, 1300
MOST_CYCLES = 25  # on, and off
STEPS = 4  # of a cycle, in which the model places a burst
HERTZ = (50.0, 49.8, 50.2, 60.0)
SPANS_S = (1, 4, 12, 53)
ROUNDS_OF_12 = tuple(range(12))  # as they were, to compare with
CAR_W = 3680
PLAYED = ((1, 1), (2, 2), (1, 3), (3, 1), (4, 4), (1, 7), (4, 9), (1, 12), (13, 13), (1, 25))


class Schedule(NamedTuple):
    """When bursts of the grid's clamp begin, in ticks of as many as it repeats after."""

    ticks: tuple[int, ...]
    length: int


def schedule(slots: tuple[int, ...], is_charging: bool) -> Schedule:
    """The bursts that the firmware takes in those slots, over and over, once it knows the frequency."""
    metering_module = firmware_module("evse.meter.metering")
    inputs = firmware_module("evse.safety.limits").Inputs()
    metering = metering_module.Metering(metering_module.TRANSFORMER, True, 1, (1, 100, 230), 1000000, 1000000)
    metering.lock.is_sure = True
    ticks = []
    for tick, slot in enumerate(slots):
        if metering.work(slot, True, is_charging, inputs, tick * 20) and metering.current == meter_parts.GRID:
            ticks.append(tick)
    return Schedule(tuple(ticks), len(slots))


def present() -> tuple[int, ...]:
    """The firmware's rounds."""
    return tuple(firmware_module("evse.core.controller").SLOTS)


def errors(bursts: Schedule, span_s: int, hz: float = 50.0) -> Floats:
    """By cycles on and off, less one: the most that a reading over `span_s` is off, by the load's mean.

    A reading is compared with what flowed from its first burst to the first of the next.
    """
    count = max(1, round(span_s / TICK_S / bursts.length * len(bursts.ticks)))
    windows = len(bursts.ticks) * (1 if hz == 50 else 4)  # at 50 Hz all is the same again after one repeat
    turns = (windows + count) // len(bursts.ticks) + 1
    at = np.array([turn * bursts.length + tick for turn in range(turns) for tick in bursts.ticks])
    place = np.round(at * TICK_S * hz * STEPS).astype(int)
    worst = np.zeros((MOST_CYCLES, MOST_CYCLES))
    for length in range(2, 2 * MOST_CYCLES + 1):
        shares = np.array([_excess(place[first : first + count + 1], length) for first in range(windows)])
        sums = np.concatenate([np.zeros((windows, 1)), np.cumsum(np.hstack([shares, shares]), axis=1)], axis=1)
        for on in range(max(1, length - MOST_CYCLES), min(MOST_CYCLES, length - 1) + 1):
            seen = sums[:, on * STEPS : on * STEPS + length * STEPS] - sums[:, : length * STEPS]
            mean_w = BASE_W + SWITCHED_W * on / length
            worst[on - 1, length - on - 1] = np.abs(seen).max() * SWITCHED_W / mean_w
    return worst


def _excess(place: NDArray[np.int64], length: int) -> Floats:
    """Of each step of a pattern: its share of the bursts that begin at `place`, less its share of their time.

    The last place is where the next reading's first burst begins.
    """
    steps = length * STEPS
    seen = np.zeros(steps)
    for step in range(STEPS):
        np.add.at(seen, (place[:-1] + step) % steps, 1 / (STEPS * (len(place) - 1)))
    flowed: Floats = np.bincount(np.arange(place[0], place[-1]) % steps, minlength=steps) / (place[-1] - place[0])
    return seen - flowed


class Summary(NamedTuple):
    """All patterns at one frequency, over one span."""

    is_now: bool  # the firmware's rounds; else those of 12
    is_charging: bool
    hz: float
    span_s: int
    worst: float
    worst_pattern: tuple[int, int]
    p90: float
    median: float
    ordinary: float  # the worst of patterns of up to 8 cycles


def summary(is_now: bool, is_charging: bool, hz: float, span_s: int, worst: Floats) -> Summary:
    """Figures of the errors of every pattern."""
    on, off = np.unravel_index(worst.argmax(), worst.shape)
    short = [worst[on - 1, off - 1] for on in range(1, 8) for off in range(1, 9 - on)]
    p90, median = (float(np.percentile(worst, percent)) for percent in (90, 50))
    pattern = (int(on) + 1, int(off) + 1)
    return Summary(is_now, is_charging, hz, span_s, float(worst.max()), pattern, p90, median, float(max(short)))


def summaries() -> Iterator[Summary]:
    """Rounds as they were and as they are, with and without a charge; the latter at every frequency too."""
    for is_charging in (False, True):
        for is_now in (False, True):
            bursts = schedule(present() if is_now else ROUNDS_OF_12, is_charging)
            for hz in HERTZ if is_now else HERTZ[:1]:
                for span_s in SPANS_S:
                    yield summary(is_now, is_charging, hz, span_s, errors(bursts, span_s, hz))


class Played(NamedTuple):
    """One pattern through the firmware's meter, at the worst of its phases."""

    on: int
    off: int
    is_charging: bool
    true_w: float
    off_1s: float  # by the mean
    off_4s: float


def play(on: int, off: int, is_charging: bool) -> Played:
    """Readings of 300 W with 1,300 W over it, switched, at every phase; a burst sees one cycle: that is the worst.

    What the car takes comes from a sun of as much.
    """
    part = meter_parts.draw(0)
    meter_parts.wire(part, "transformer")
    rig = Rig(part, "transformer", parse("58us"))
    car_w = CAR_W if is_charging else 0
    low, high = (Case("", watts, 50, 0, car_w, car_w) for watts in (BASE_W, BASE_W + SWITCHED_W))
    steady_w = [_means(rig, 20, 20)[0] for case in (low, high) if rig.put(case)]  # what this part shows, uncalibrated
    true_w = steady_w[0] + (steady_w[1] - steady_w[0]) * on / (on + off)
    rig.chip.place -= rig.work_us / TICK_US * CYCLE
    off_1s = off_4s = 0.0
    for phase in range(on + off):
        rig.switch(low, high, on, off, phase)
        off_1s = max(off_1s, *(abs(shown_w / true_w - 1) for shown_w in _means(rig, 16, 4)))
        off_4s = max(off_4s, *(abs(shown_w / true_w - 1) for shown_w in _means(rig, 32, 16)))
    return Played(on, off, is_charging, true_w, off_1s, off_4s)


def _means(rig: Rig, rounds: int, length: int) -> list[float]:
    """The means of each `length` readings in a row, of so many rounds."""
    for _ in range(2):
        rig.round()
    shown_w: list[float] = []
    while len(shown_w) < rounds:
        seen_ms = rig.inputs.meter_at_ms
        rig.round()
        if rig.inputs.meter_at_ms != seen_ms:
            shown_w.append(rig.inputs.grid_w)
    return [statistics.fmean(shown_w[first : first + length]) for first in range(rounds - length + 1)]
