"""The scenes that make cars sulk, and what is read from a run through one: who woke, when, and who was locked out.

Knows surplus and current second by second; nothing of chargers.
"""

from array import array
from dataclasses import dataclass

from rouse.bench.inlet import Inlet
from rouse.data.car_file import Car

SUN_W = 4000  # surplus in the sun: 17 A
DARK_W = -300  # the house alone
PLUG_S = 5
MINUTE_S = 60
VOLTS = 230


@dataclass(frozen=True)
class Scene:
    """Stretches of (seconds, is it sunny), from the plug-in on."""

    name: str
    stretches: tuple[tuple[int, bool], ...]

    @property
    def length_s(self) -> int:
        """Length of the whole."""
        return sum(length_s for length_s, _ in self.stretches)

    def edges_s(self) -> list[int]:
        """When sun or cloud begins."""
        edges = [0]
        for length_s, _ in self.stretches:
            edges.append(edges[-1] + length_s)
        return edges[:-1]

    def surplus_w(self) -> "array[int]":
        """One value a second."""
        values = array("i")
        for length_s, is_sunny in self.stretches:
            values.extend([SUN_W if is_sunny else DARK_W] * length_s)
        return values

    def returns_s(self) -> list[tuple[int, int]]:
        """(from, to) of every stretch of sun that follows a dark one."""
        edges = self.edges_s()
        return [
            (begin_s, begin_s + length_s)
            for begin_s, (length_s, is_sunny) in zip(edges, self.stretches, strict=True)
            if is_sunny and begin_s > 0
        ]


def scenes(car: Car) -> list[Scene]:
    """The three scenes; the dawn of a car that sleeps late is late, so that it does sleep."""
    dawn_s = max(3 * 3600, int(car["sleep_after_s"]) + 600)
    one = ((15 * MINUTE_S, False), (15 * MINUTE_S, True))
    return [
        Scene("cloud", ((20 * MINUTE_S, True), (20 * MINUTE_S, False), (20 * MINUTE_S, True))),
        Scene("dawn", ((dawn_s, False), (30 * MINUTE_S, True))),
        Scene("clouds", ((15 * MINUTE_S, True),) + one * 10),
    ]


READY, ASLEEP, LOCKED, FULL = range(4)  # how the car stands to an offer


class Truth:
    """What happened, a value a second: surplus_w, car_ma, offer_ma, stance (READY...); the car's mood at the end.

    For the ledger: pilot (the car's letter, as its character's number) and is_closed (the contactor), a value a second;
    booked: the cause of record/ledger.py that the core's ledger found for that second, 0 of a charger that keeps none.
    """

    def __init__(self, scene: Scene, car: Car, inlet: Inlet) -> None:
        self.scene = scene
        self.facts = car
        self.mood = inlet.car.mood
        self.surplus_w = scene.surplus_w()
        self.car_ma = array("i", [0] * scene.length_s)
        self.offer_ma = array("i", [0] * scene.length_s)
        self.stance = bytearray(scene.length_s)
        self.pilot = bytearray(scene.length_s)
        self.is_closed = bytearray(scene.length_s)
        self.booked = bytearray(scene.length_s)

    def note(self, from_s: int, to_s: int, inlet: Inlet, offer_ma: int, is_closed: bool, booked: int = 0) -> None:
        """The seconds from_s to to_s, as they are now."""
        car = inlet.car
        stance = LOCKED if car.mood.locked else ASLEEP if car.mood.asleep else FULL if car.is_full else READY
        for second in range(from_s, min(to_s, len(self.car_ma))):
            self.car_ma[second] = car.ma
            self.offer_ma[second] = offer_ma
            self.stance[second] = stance
            self.pilot[second] = ord(car.state)
            self.is_closed[second] = is_closed
            self.booked[second] = booked


def least_ma(car: Car) -> int:
    """The least this car charges with, mA."""
    return max(6000, int(car["min_ma"]))


def figures(truth: Truth) -> dict[str, object]:
    """What a row of wake.json says about one run, but for its names, and for what a ledger books."""
    waits_s = [_wait_s(truth, begin_s, end_s) for begin_s, end_s in truth.scene.returns_s()]
    is_woken = all(wait_s is not None for wait_s in waits_s)
    least_w = least_ma(truth.facts) * VOLTS // 1000
    lost_ws = sum(
        surplus_w
        for surplus_w, car_ma in zip(truth.surplus_w, truth.car_ma, strict=True)
        if surplus_w >= least_w and car_ma == 0
    )
    return {
        "woken": is_woken,
        "seconds_to_charge": max(wait_s or 0 for wait_s in waits_s) if is_woken else None,
        "interruptions": truth.mood.interruptions,
        "locked_out": bool(truth.mood.locked),
        "kwh_lost": round(lost_ws / 3_600_000, 3),
    }


def _wait_s(truth: Truth, begin_s: int, end_s: int) -> int | None:
    """From the sun's return until current flows; None: it never does."""
    for second in range(begin_s, end_s):
        if truth.car_ma[second] > 0:
            return second - begin_s
    return None
