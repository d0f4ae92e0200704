"""Rouse's own core through a sulking scene: fine steps where something happens, coarse ones where nothing does.

Knows the core's Controller and the inlet, and its ledger as numbers of causes; what it is measured by is scenes.py, and
what is true of a lost minute is bench/lost.py's, which shares nothing with the ledger.
"""

from typing import Any

from rouse.bench.core import Rig
from rouse.bench.lost import Comparison
from rouse.bench.lost import Truth as Second
from rouse.bench.wake.scenes import PLUG_S, VOLTS, Scene, Truth, least_ma
from rouse.build.firmware import firmware_module
from rouse.data.car_file import Car

OFFER_STEP_MA = 100  # an offer of the least that a car needs arrives a little smaller
FINE_MS, PLAIN_MS, SUNNY_MS, DARK_MS = 100, 500, 1000, 5000  # the last two where nothing changes
FINE_FOR_MS, PLAIN_FOR_MS = 3000, 70_000  # after something changed
RECORD = (
    *("pulse", "pulse_ms", "woke_s", "sleeps_s", "awake_s", "min_ma", "limit", "pulses", "minus12", "itself"),
    *("per_h", "glitch_ms", "welcome_s", "min_off_s", "min_on_s"),
)


class Run(Rig):
    """One charger and one car through one scene; `record`: what is known of the car, {} for an unknown one."""

    def __init__(self, scene: Scene, car: Car, board: dict[str, Any], mode: str, record: dict[str, int]) -> None:
        super().__init__(board, car)
        self.core.settings.mode = mode
        if record:
            self.core.car.name = "known"
            for name, value in record.items():
                setattr(self.core.car, name, value)
        self._state_b2 = firmware_module("evse.safety.limits").STATE_B2
        self._scene = scene
        self._seen: tuple[object, ...] = ()
        self._changed_ms = 0
        self.truth = Truth(scene, car, self.inlet)

    def go(self) -> Truth:
        """The whole scene."""
        now_ms = 0
        edges_ms = [edge_s * 1000 for edge_s in [*self._scene.edges_s(), PLUG_S, self._scene.length_s]]
        while now_ms < self._scene.length_s * 1000:
            if now_ms == PLUG_S * 1000:
                self.inlet.plug(now_ms)
            span_ms = self._span_ms(now_ms)
            span_ms = min([span_ms, *(edge - now_ms for edge in edges_ms if edge > now_ms)])
            self.step(now_ms, span_ms, -self.truth.surplus_w[now_ms // 1000])
            self._look(now_ms)
            first_s, last_s = -(-now_ms // 1000), -(-(now_ms + span_ms) // 1000)
            booked = self.core.ledger.cause
            self.truth.note(first_s, last_s, self.inlet, self.offer_ma, self.is_closed, booked)
            now_ms += span_ms
            if now_ms in edges_ms:
                self._changed_ms = now_ms
        return self.truth

    def record(self) -> dict[str, int]:
        """What is known of the car now."""
        return {name: getattr(self.core.car, name) for name in RECORD}

    def _span_ms(self, now_ms: int) -> int:
        quiet_ms = now_ms - self._changed_ms
        if quiet_ms < FINE_FOR_MS:
            return FINE_MS
        is_asking = self.core.session.state == self._state_b2
        if quiet_ms < PLAIN_FOR_MS or is_asking:
            return PLAIN_MS
        return SUNNY_MS if self.truth.surplus_w[now_ms // 1000] > 0 else DARK_MS

    def _look(self, now_ms: int) -> None:
        """Note whether something changed."""
        core, inlet = self.core, self.inlet
        seen = (core.session.state, core.duty_bp, self.is_closed, inlet.pilot.s2, inlet.car.mood.asleep)
        if seen != self._seen:
            self._seen = seen
            self._changed_ms = now_ms


def stated(car: Car) -> dict[str, int]:
    """What a person who has read the car's file would tell the charger; 0 and 1 where the car minds nothing."""
    settle_s = int(car["settle_s"]) and int(car["sleep_after_s"]) + int(car["settle_s"])
    return {
        "limit": int(car["patience"]),
        "pulses": int(car["pulse_limit"]),
        "per_h": 6 if car["patience"] else 0,
        "min_off_s": max(60, int(car["toggle_s"]), settle_s),
        "minus12": int(not car["minus12_fault"]),
        "itself": int(bool(car["wakes_itself_s"])),
        "glitch_ms": 550 if car["glitch_ms"] else 0,
        "welcome_s": 60 if car["unfed_s"] else 0,
        "min_ma": 6000 if int(car["min_ma"]) <= 6000 else int(car["min_ma"]) + OFFER_STEP_MA,
        "sleeps_s": int(car["sleep_after_s"]),
    }


def learned(car: Car, plug_ins: list[Scene], board: dict[str, Any]) -> dict[str, int]:
    """The record of a car by name after these plug-ins: what a person stated, and what the core found out."""
    record = stated(car)
    for scene in plug_ins:
        run = Run(scene, car, board, "eco", record)
        run.go()
        record = run.record()
    return record


def compared(truth: Truth) -> Comparison:
    """Every second of a run of ours: who was at fault, and what the ledger said."""
    party_of: bytes = firmware_module("evse.record.ledger").PARTY_OF
    parties: tuple[str, ...] = firmware_module("evse.app.text").PARTIES
    min_ma = least_ma(truth.facts)
    found = Comparison()
    for second in range(PLUG_S, truth.scene.length_s):
        now = Second(
            surplus_w=truth.surplus_w[second],
            least_w=min_ma * VOLTS // 1000,
            min_ma=min_ma,
            car_w=truth.car_ma[second] * VOLTS // 1000,
            offer_ma=truth.offer_ma[second],
            pilot=chr(truth.pilot[second]),
            is_closed=bool(truth.is_closed[second]),
        )
        found.second(now, parties[party_of[truth.booked[second]]])
    return found


def booked(truth: Truth) -> dict[str, object]:
    """Figures of a row: minutes of sun lost to anybody, and those of them that the ledger booked to the same party."""
    found = compared(truth)
    return {
        "lost_minutes": round(found.lost_minutes, 2),
        "lost_minutes_right": round(found.lost_minutes_right, 2),
    }
