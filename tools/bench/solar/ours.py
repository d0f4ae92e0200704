"""Rouse's own core in a loop of one second a line: it sees the grid, the car's current and the pilot, as on the board.

Plays the pilot's voltages, the self-test of the residual-current monitor and an ideal contactor; decides nothing.
"""

from rouse.bench.core import CABLE_MA, Charger
from rouse.bench.inlet import MINUS12, OPEN, PWM, X1
from rouse.bench.solar.loop import Order, Seen
from rouse.build.firmware import board_data, firmware_module

HIGH_MV = {"A": 12_000, "B": 9000, "C": 6000}
STEP_MS = 250
BUSY_STEPS = 4  # while something turns
QUIET_STEPS = 2  # one takes the reading, one weighs it, as a board does 20 ms later
LONGEST_S = 3600  # a time that jumps further, or back, is taken for one second
MAX_MA = 32_000
CARS = ("patient", "unknown")
# A known car minds nothing; an unknown one would get a welcome charge, long pauses and few interruptions a plug-in.
PATIENT = {"name": "patient", "limit": 0, "per_h": 0, "min_off_s": 0, "welcome_s": 0}


class Core(Charger):
    """The firmware's Controller behind one line a second."""

    def __init__(self, mode: str, phases: int = 1, settings: dict[str, int] | None = None, car: str = CARS[0]) -> None:
        super().__init__(board_data("reference"), phases)
        put = firmware_module("evse.settings").put
        types = firmware_module("evse.safety.limits")
        self._resting = (types.STATE_A, types.STATE_B1, types.STATE_B2)
        for name, value in {"mode": mode, "max_ma": MAX_MA, **(settings or {})}.items():
            put(self.core.settings, name, value)
        for name, fact in PATIENT.items() if car == "patient" else ():
            setattr(self.core.car, name, fact)
        self.core.patience.price()
        self._now_ms = 0
        self._t_s: int | None = None
        self._vehicle = "A"

    def second(self, t_s: int, grid_w: int, car_w: int, vehicle: str) -> None:
        """One second of the core with one reading of the meter."""
        spent_s = 1 if self._t_s is None else t_s - self._t_s
        self._t_s = t_s
        if not 0 < spent_s <= LONGEST_S:
            spent_s = 1
        self._now_ms = (self._now_ms + spent_s * 1000) & 0x3FFFFFFF
        self.measure(self._now_ms, grid_w, car_w)
        was_vehicle, self._vehicle = self._vehicle, vehicle
        before = self._state()
        self._step(self._now_ms)
        is_at_rest = self.core.session.state in self._resting or self.is_closed
        is_busy = vehicle != was_vehicle or self._state() != before or not is_at_rest
        for step in range(1, BUSY_STEPS if is_busy else QUIET_STEPS):
            self._step((self._now_ms + step * STEP_MS) & 0x3FFFFFFF)

    def line(self) -> str:
        """What the core puts out now, as a line: pwm offer_a cp_open minus12v contactor."""
        output = self.output
        return (
            f"{output == PWM:d} {self.offer_ma / 1000:.1f} {output == OPEN:d} {output == MINUS12:d} {self.is_closed:d}"
        )

    def step(self, seen: Seen) -> Order:
        """One second in the loop of tools/bench/solar/loop.py."""
        self.second(seen.t_s, seen.grid_w, seen.car_w, seen.vehicle)
        return Order(self.offer_ma, self.output in (OPEN, MINUS12), self.is_closed, self.core.phases)

    def _state(self) -> tuple[int, int, bool]:
        return self.core.session.state, self.core.offer.offer_ma > 0, self.is_closed

    def _step(self, now_ms: int) -> None:
        high_mv = HIGH_MV[self._vehicle]
        halves_mv = {X1: (high_mv, high_mv), OPEN: (12_000, 12_000), MINUS12: (-12_000, -12_000)}
        cable_ma = 0 if self._vehicle == "A" else CABLE_MA
        self.tick(now_ms, halves_mv.get(self.output, (high_mv, -12_000)), cable_ma)
