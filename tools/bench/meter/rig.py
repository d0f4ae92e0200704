"""The firmware's meter on CPython in front of a fast ADC: driver and core as they are flashed, time fully charged.

A read and an opcode cost what the chip's pace says. Knows waves and the firmware's meter; does not know limits.
"""

from __future__ import annotations

import random
import sys
import time
import types
from collections.abc import Callable
from typing import Any, NamedTuple

from rouse.bench.meter import cases as meter_cases
from rouse.bench.meter import parts as meter_parts
from rouse.bench.meter.cases import Case, Truth
from rouse.bench.meter.parts import Part
from rouse.build.firmware import firmware_module
from rouse.virtual.loads import Drift
from rouse.virtual.mains import STEPS
from rouse.virtual.pace import TICK_OPCODES, Pace

TICK_US = 20000
PILOT_READS = 60  # which a tick takes before its burst
NOMINAL_V = 230
MOST_COUNTS = 4095


class Chip:
    """Time and the three ADC channels of a part; `us` counts from power-on."""

    def __init__(self, part: Part, pace: Pace) -> None:
        self.us = 0.0
        self._read_us = pace.read_us + pace.loop_read_us
        self.part = part
        self.place = 0.0  # of the mains at _place_us, in steps of a wave's table since power-on
        self._place_us = 0.0
        self._step_per_us = 0.0
        self.set_mains(50)
        dice = random.Random(f"noise {part.number}")
        self._noise = [dice.gauss(0, part.noise_counts) * 16 for _ in range(65521)]
        self._next = 0
        self.switching: Switching | None = None  # of the grid's current

    def set_mains(self, hz: float) -> None:
        """The mains' frequency from now on."""
        self.place += (self.us - self._place_us) * self._step_per_us
        self._place_us = self.us
        self._step_per_us = STEPS * hz / 1e6

    def reader(self, channel: Any) -> Callable[[], int]:
        """read_u16 of one channel."""
        noise = self._noise
        read_us = self._read_us
        is_grid = channel is self.part.channels[meter_parts.GRID]

        def read_u16() -> int:
            self.us += read_us
            if channel.is_stale:
                channel.rebuild()
            self._next += 1
            if self._next == len(noise):
                self._next = 0
            cycle, step = divmod(int(self.place + (self.us - self._place_us) * self._step_per_us), STEPS)
            table = self.switching.table(cycle) if is_grid and self.switching else channel.table
            counts = int(table[step] + noise[self._next]) >> 4
            counts = min(max(counts, 0), MOST_COUNTS)
            return counts << 4 | counts >> 8

        return read_u16

    def ticks_us(self) -> int:
        """As time.ticks_us()."""
        return int(self.us) & 0x3FFFFFFF


class Switching(NamedTuple):
    """A current that goes from one of a channel's tables to the other by whole mains cycles."""

    tables: tuple[list[int], list[int]]  # off, on
    on: int
    off: int
    phase: int

    def table(self, cycle: int) -> list[int]:
        """What flows in that cycle."""
        return self.tables[(cycle + self.phase) % (self.on + self.off) < self.on]


current: Chip | None = None


class _Pin:
    def __init__(self, number: int) -> None:
        self.number = number


class _Adc:
    ATTN_11DB = 3

    def __init__(self, pin: _Pin, atten: int = 3) -> None:
        assert current is not None
        self.read_u16 = current.reader(current.part.channels[pin.number])


def load_driver() -> Any:
    """The firmware's drivers.meter with the fast chip as its machine."""
    machine: Any = types.ModuleType("machine")
    machine.ADC, machine.Pin = _Adc, _Pin
    was = sys.modules.get("machine")
    sys.modules["machine"] = machine
    time.ticks_us = lambda: current.ticks_us() if current else 0  # type: ignore[attr-defined]  # MicroPython's
    try:
        return firmware_module("evse.drivers.meter")
    finally:
        del time.ticks_us  # type: ignore[attr-defined]
        if was is None:
            del sys.modules["machine"]
        else:
            sys.modules["machine"] = was


class Rig:
    """A part with the firmware's driver and Metering on a chip of that pace; `kind` as in meter_parts.wire()."""

    def __init__(self, part: Part, kind: str, pace: Pace) -> None:
        global current
        self.chip = current = Chip(part, pace)
        self.kind = kind
        self._slots = firmware_module("evse.core.controller").SLOTS
        self.work_us = PILOT_READS * pace.read_us + pace.opcodes_us(TICK_OPCODES)
        driver = load_driver()
        meter = firmware_module("evse.app.boards")
        metering = firmware_module("evse.meter.metering")
        self.inputs = firmware_module("evse.safety.limits").Inputs()
        sine = firmware_module("evse.meter.power").SINE
        self.driver = driver.Meter([0, 1, 2], meter.middle_counts(1300), meter.room_counts(1300), sine)
        scales = (meter.ua_per_count(2000, 22000), meter.scale_uw(3000, 2000, 22000), NOMINAL_V)
        index = {"transformer": 0, "opto": 1, "inverter": 2, "car": 3}[kind]
        least_v = meter.least_reference(3000)
        self.metering = metering.Metering(index, True, least_v, scales, 1000000, 1000000)
        self.is_charging = False
        self._drift = Drift(50000, 0)
        self.has_jumped = False  # in frequency, when a case was put
        self._tick = 0
        self._jitter = random.Random(f"jitter {part.number}")

    @property
    def steps(self) -> int:
        """Of the newest burst."""
        return int(self.metering.sums.weight + 15) // 16

    def put(self, case: Case) -> Truth:
        """Have that flow from now on; what is true then."""
        self.is_charging = case.car_w > 0
        drift = Drift(round(case.hz * 1000), round(case.swing_hz * 1000))
        self.has_jumped = (drift.mhz, drift.swing_mhz) != (self._drift.mhz, self._drift.swing_mhz)
        self._drift = drift
        self.chip.switching = None
        self.metering.movement.forget()  # car and house jump at once, which tells nothing of a clamp's direction
        return meter_cases.apply(case, self.chip.part)

    def switch(self, off_case: Case, on_case: Case, on: int, off: int, phase: int) -> None:
        """Have the grid's current go between two cases by whole mains cycles, `phase` into the pattern at power-on."""
        grid = self.chip.part.channels[meter_parts.GRID]
        tables = []
        for case in (off_case, on_case):
            self.put(case)
            grid.rebuild()
            tables.append(list(grid.table or ()))
        self.chip.switching = Switching((tables[0], tables[1]), on, off, phase)

    def round(self) -> None:
        """One round of ticks."""
        metering = self.metering
        slots = self._slots
        while True:
            slot = slots[self._tick % len(slots)]
            self.chip.set_mains(self._drift.mhz_at(self._tick * TICK_US // 1000) / 1000)
            self.chip.us = max(self.chip.us, self._tick * TICK_US + self.work_us + self._jitter.uniform(0, 300))
            if metering.work(slot, True, self.is_charging, self.inputs, self._tick * 20):
                self.driver.measure(metering.reference, metering.current, metering.lock.rate, metering.sums)
            self._tick += 1
            if slots[self._tick % len(slots)] == 0:
                return
