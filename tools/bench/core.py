"""The firmware's core at physical quantities, the one harness of every bench: no pins, and a tick as long as is asked.

The residual-current monitor works, contactor and meter are ideal. Knows the Controller's inputs and outputs; no bench.
"""

from typing import Any

from rouse.bench.inlet import MINUS12, OPEN, PWM, X1, Inlet
from rouse.build.firmware import firmware_module
from rouse.data.car_file import Car

CABLE_MA = 32_000
ROOM_CDEG = 2500
MA_PER_BP = 6  # up to 51 A (IEC 61851-1 table A.8)


class Charger:
    """The Controller for what `board` has, on so many phases, as `core`."""

    def __init__(self, board: dict[str, Any], phases: int = 1) -> None:
        pins = board["pins"]
        has_fan, has_switch = pins["fan"] is not None, pins["pilot_open"] is not None
        has_meter = pins["grid_adc"] is not None
        controller = firmware_module("evse.core.controller")
        self._every = controller.EVERY
        self.core = controller.Controller(
            board["max_ma"], has_fan, has_switch, has_meter, board["fuse_ma"], board["nominal_v"], phases, phases
        )
        self.core.inputs.temperature_cdeg = ROOM_CDEG
        types = firmware_module("evse.safety.limits")
        self._outputs = {types.PILOT_PWM: PWM, types.PILOT_OPEN: OPEN, types.PILOT_MINUS12: MINUS12}

    @property
    def output(self) -> int:
        """What the pilot puts out now: X1, PWM, MINUS12 or OPEN."""
        return self._outputs.get(self.core.session.pilot, X1)

    @property
    def offer_ma(self) -> int:
        """The current on offer now, 0 without PWM."""
        return int(self.core.offer.offer_ma) if self.output == PWM else 0

    @property
    def is_closed(self) -> bool:
        """The contactor."""
        return bool(self.core.interlock.permits)

    @property
    def is_tripped(self) -> bool:
        """The residual-current monitor: it answers its test."""
        return bool(self.core.self_test.is_pressing)

    def measure(self, now_ms: int, grid_w: int, car_w: int) -> None:
        """A reading of the meter."""
        inputs = self.core.inputs
        inputs.grid_w, inputs.car_w, inputs.meter_at_ms = grid_w, car_w, now_ms

    def tick(self, now_ms: int, halves_mv: tuple[int, int], cable_ma: int) -> None:
        """One tick with the pilot's two halves and the plug's rating, 0 without a plug."""
        inputs = self.core.inputs
        inputs.high_mv, inputs.low_mv = halves_mv
        inputs.cable_ma = cable_ma
        inputs.residual_tripped = self.is_tripped
        inputs.contactor_closed = self.is_closed
        inputs.is_late = False
        self.core.tick(now_ms, self._every, _open)


def _open() -> None:
    """The ideal contactor opens by what the interlock permits, not by the call that comes before all other work."""


class Rig(Charger):
    """A charger with `car` at its inlet. plug_ma: the rating of the plug; has_meter: whether the meter answers."""

    def __init__(self, board: dict[str, Any], car: Car) -> None:
        super().__init__(board)
        self.inlet = Inlet(car)
        self.plug_ma = CABLE_MA
        self.has_meter = True
        self._tethered_ma: int | None = None if board["pins"]["proximity_adc"] is not None else board["cable_ma"]

    def step(self, now_ms: int, span_ms: int, others_w: int) -> None:
        """A tick, then `span_ms` of the car; others_w: what house and sun draw from the grid without it."""
        inlet = self.inlet
        if self.has_meter:
            self.measure(now_ms, others_w + inlet.car_w, inlet.car_w)
        plug_ma = self.plug_ma if inlet.pilot.plugged else 0
        self.tick(now_ms, inlet.halves_mv, plug_ma if self._tethered_ma is None else self._tethered_ma)
        inlet.drive(self.output, self.core.duty_bp * MA_PER_BP, now_ms)
        inlet.step(now_ms, span_ms, self.is_closed)
