"""Rouse's own core in a loop of one second a line: it sees the grid, the car's current and the pilot, as on the board.

Plays the pilot's voltages, the self-test of the residual-current monitor and an ideal contactor; decides nothing.
"""

import importlib
from typing import Any

from rouse.bench.core import CABLE_MA, EVERY, ROOM_CDEG, controller, ideal
from rouse.bench.solar.loop import Order, Seen
from rouse.build.firmware import board_data

HIGH_MV = {"A": 12_000, "B": 9000, "C": 6000}
STEP_MS = 250
BUSY_STEPS = 4  # while something turns
QUIET_STEPS = 2  # one takes the reading, one weighs it, as a board does 20 ms later
LONGEST_S = 3600  # a time that jumps further, or back, is taken for one second
MAX_MA = 32_000
CARS = ("patient", "unknown")
# A known car minds nothing; an unknown one would get a welcome charge, long pauses and few interruptions a plug-in.
PATIENT = {"name": "patient", "limit": 0, "per_h": 0, "min_off_s": 0, "welcome_s": 0}


class Core:
    """The firmware's Controller behind one line a second."""

    def __init__(self, mode: str, phases: int = 1, settings: dict[str, int] | None = None, car: str = CARS[0]) -> None:
        board = board_data("reference")
        self._core = controller(board, phases)
        put = importlib.import_module("evse.settings").put
        self._types = importlib.import_module("evse.safety.limits")
        for name, value in {"mode": mode, "max_ma": MAX_MA, **(settings or {})}.items():
            put(self._core.settings, name, value)
        for name, fact in PATIENT.items() if car == "patient" else ():
            setattr(self._core.car, name, fact)
        self._core.patience.price()
        self._core.inputs.temperature_cdeg = ROOM_CDEG
        self._now_ms = 0
        self._t_s: int | None = None
        self._vehicle = "A"

    @property
    def controller(self) -> Any:
        """The Controller itself, to look at."""
        return self._core

    def second(self, t_s: int, grid_w: int, car_w: int, vehicle: str) -> None:
        """One second of the core with one reading of the meter."""
        spent_s = 1 if self._t_s is None else t_s - self._t_s
        self._t_s = t_s
        if not 0 < spent_s <= LONGEST_S:
            spent_s = 1
        inputs = self._core.inputs
        inputs.cable_ma = 0 if vehicle == "A" else CABLE_MA
        inputs.grid_w, inputs.car_w = grid_w, car_w
        self._now_ms = (self._now_ms + spent_s * 1000) & 0x3FFFFFFF
        inputs.meter_at_ms = self._now_ms
        was_vehicle, self._vehicle = self._vehicle, vehicle
        before = self._state()
        self._step(self._now_ms)
        is_busy = vehicle != was_vehicle or self._state() != before or not self._is_at_rest()
        for step in range(1, BUSY_STEPS if is_busy else QUIET_STEPS):
            self._step((self._now_ms + step * STEP_MS) & 0x3FFFFFFF)

    def order(self) -> Order:
        """What the core puts out now."""
        core, types = self._core, self._types
        pilot = core.session.pilot
        is_interrupted = pilot in (types.PILOT_OPEN, types.PILOT_MINUS12)
        offer_ma = core.offer.offer_ma if pilot == types.PILOT_PWM else 0
        return Order(offer_ma, is_interrupted, core.interlock.permits, core.phases)

    def line(self) -> str:
        """What the core puts out now, as a line: pwm offer_a cp_open minus12v contactor."""
        core, types = self._core, self._types
        pilot = core.session.pilot
        is_pwm, is_open, is_low = (pilot == each for each in (types.PILOT_PWM, types.PILOT_OPEN, types.PILOT_MINUS12))
        offer_a = core.offer.offer_ma / 1000 if is_pwm else 0
        return f"{is_pwm:d} {offer_a:.1f} {is_open:d} {is_low:d} {core.interlock.permits:d}"

    def step(self, seen: Seen) -> Order:
        """One second in the loop of tools/bench/solar/loop.py."""
        self.second(seen.t_s, seen.grid_w, seen.car_w, seen.vehicle)
        return self.order()

    def _state(self) -> tuple[int, int, bool]:
        core = self._core
        return core.session.state, core.offer.offer_ma > 0, core.interlock.permits

    def _is_at_rest(self) -> bool:
        types, state = self._types, self._core.session.state
        return state in (types.STATE_A, types.STATE_B1, types.STATE_B2) or self._core.interlock.permits

    def _step(self, now_ms: int) -> None:
        core, types = self._core, self._types
        inputs, pilot = core.inputs, core.session.pilot
        high_mv = HIGH_MV[self._vehicle]
        low_mv = -12_000
        if pilot == types.PILOT_OPEN:
            high_mv = low_mv = 12_000
        elif pilot == types.PILOT_X1:
            low_mv = high_mv
        elif pilot == types.PILOT_MINUS12:
            high_mv = low_mv
        inputs.high_mv, inputs.low_mv = high_mv, low_mv
        inputs.residual_tripped = core.self_test.is_pressing
        inputs.contactor_closed = core.interlock.permits
        core.tick(now_ms, EVERY, ideal)
