"""Other chargers' ways to switch with the sun and to wake a car, a second a step, written from their descriptions.

Knows surplus and whether the car is in C; each class says what its charger puts out. On and off delays are simplified;
none of them has an eco mode that would stop, so each runs its one way of following the sun in both modes of the bench.
Sources: OpenEVSE src/divert.cpp; SmartEVSE main.cpp; evcc core/loadpoint.go, core/timer.go; WARP power_manager.cpp and
evse-v2-bricklet iec61851.c; EVerest EvseManager Charger.cpp, which leaves the switching to evcc.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from rouse.bench.inlet import MINUS12, OPEN, PWM, X1, Inlet
from rouse.bench.wake.scenes import PLUG_S, VOLTS, Scene, Truth
from rouse.data.car_file import Car

LEAST_A, MOST_A = 6.0, 32.0
FORCED_OPEN_S = 6
HOUR_S = 3600


class Delays:
    """On after `on_s` of enough sun, off after `off_s` without; evcc's ways, and the base of the others."""

    def __init__(self, on_s: int, off_s: int, on_a: float = LEAST_A, off_a: float = LEAST_A) -> None:
        self._need = (on_s, off_s)
        self._edge_a = (on_a, off_a)
        self._held_s = 0
        self.is_on = False

    def step(self, available_a: float, is_charging: bool) -> bool:
        """One second; whether it offers."""
        is_turning = (available_a < self._edge_a[1]) if self.is_on else (available_a >= self._edge_a[0])
        self._held_s = self._held_s + 1 if is_turning else 0
        if self._held_s >= self._need[self.is_on]:
            self.is_on = not self.is_on
            self._held_s = 0
        return self.is_on


class Divert:
    """OpenEVSE: quick to rise, 600 s to fall, at least 600 s on once it charges."""

    def __init__(self) -> None:
        self._smooth_a = 0.0
        self._charged_s = 0
        self.is_on = False

    def step(self, available_a: float, is_charging: bool) -> bool:
        """One second; whether it offers."""
        spare_a = max(0.0, available_a - 100 / VOLTS)
        tau_s = 20 if spare_a > self._smooth_a else 600
        self._smooth_a += (1 - math.exp(-1 / tau_s)) * (spare_a - self._smooth_a)
        self._charged_s = self._charged_s + 1 if is_charging else 0
        if self._smooth_a >= LEAST_A + 0.5:
            self.is_on = True
        elif self._smooth_a <= LEAST_A and not 0 < self._charged_s < 600:
            self.is_on = False
        return self.is_on


class Windows:
    """WARP: on when the least of 240 s is enough, off when the most of 240 s is not; 210 s between two switches."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=240)
        self._since_s = 0
        self.is_on = True  # the welcome current at plug-in

    def step(self, available_a: float, is_charging: bool) -> bool:
        """One second; whether it offers."""
        self._recent.append(available_a)
        self._since_s += 1
        if self._since_s >= 210:
            is_wanted = max(self._recent) >= LEAST_A if self.is_on else min(self._recent) >= LEAST_A
            if is_wanted != self.is_on:
                self.is_on = is_wanted
                self._since_s = 0
        return self.is_on


@dataclass(frozen=True)
class Ladder:
    """Pulses of (second in B2, seconds long, OPEN or MINUS12); those of `late` only for a car not in C for an hour.

    is_once: none again until it has charged. open_pause_s: the pilot is open so long at the start of every pause.
    """

    rungs: tuple[tuple[int, int, int], ...] = ()
    late: tuple[tuple[int, int, int], ...] = ()
    is_once: bool = False
    open_pause_s: int = 0

    def at(self, b2_s: int, since_c_s: int) -> int:
        """What it puts out at second b2_s of an unanswered offer."""
        for begin_s, length_s, what in self.rungs + (self.late if since_c_s - b2_s >= HOUR_S else ()):
            if begin_s <= b2_s < begin_s + length_s:
                return what
            if what == MINUS12 and b2_s == begin_s + length_s:
                return X1
        return PWM


Switch = Delays | Divert | Windows
PEERS: dict[str, tuple[Callable[[], Switch], Ladder]] = {
    "openevse": (Divert, Ladder()),
    "smartevse": (lambda: Delays(60, 600, 10.0, 4.0), Ladder(((30, 3, MINUS12),), open_pause_s=5)),
    "evcc": (lambda: Delays(60, 180), Ladder(((30, 5, OPEN), (90, 5, OPEN), (150, 5, OPEN)))),
    "evcc_without": (lambda: Delays(60, 180), Ladder()),
    "warp": (Windows, Ladder(((90, 4, OPEN), (124, 30, OPEN)), ((184, 4, MINUS12), (218, 30, MINUS12)))),
    "everest": (lambda: Delays(60, 180), Ladder(((30, 4, MINUS12),), is_once=True)),
}


class PeerRun:
    """One of them and one car through one scene."""

    def __init__(self, name: str, scene: Scene, car: Car) -> None:
        switch, self._ladder = PEERS[name]
        self._switch = switch()
        self._inlet = Inlet(car)
        self._scene = scene
        self._is_closed = False
        self._b2_s = self._off_s = self._since_c_s = 0
        self._may_pulse = True
        self.truth = Truth(scene, car, self._inlet)

    def go(self) -> Truth:
        """The whole scene."""
        for second in range(self._scene.length_s):
            if second == PLUG_S:
                self._inlet.plug(second * 1000)
            if second >= PLUG_S:
                self._second(second)
        return self.truth

    def _second(self, second: int) -> None:
        available_a = max(0, self.truth.surplus_w[second]) / VOLTS
        is_on = self._switch.step(available_a, self._is_closed)
        is_in_c = self._inlet.pilot.s2
        self._off_s = 0 if is_on else self._off_s + 1
        self._b2_s = self._b2_s + 1 if is_on and not is_in_c else 0
        self._since_c_s = 0 if is_in_c else self._since_c_s + 1
        self._may_pulse = self._may_pulse or is_in_c
        what = self._what(is_on, is_in_c)
        offer_ma = int(min(MOST_A, max(LEAST_A, math.floor(available_a))) * 1000) if what == PWM else 0
        self._is_closed = is_in_c and (what == PWM or (self._is_closed and self._off_s < FORCED_OPEN_S))
        self._inlet.drive(what, offer_ma, second * 1000)
        self._inlet.step(second * 1000, 1000, self._is_closed)
        self.truth.note(second, second + 1, self._inlet, offer_ma, self._is_closed)

    def _what(self, is_on: bool, is_in_c: bool) -> int:
        if not is_on:
            begin_s = FORCED_OPEN_S + 1
            is_open = begin_s <= self._off_s < begin_s + self._ladder.open_pause_s
            return OPEN if is_open and not is_in_c else X1
        what = PWM if is_in_c or not self._may_pulse else self._ladder.at(self._b2_s, self._since_c_s)
        if self._ladder.is_once and what == X1:
            self._may_pulse = False
        return what
