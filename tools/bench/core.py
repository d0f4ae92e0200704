"""A whole day through the firmware's core at physical quantities: no pins, no 20 ms ticks, thousands of times faster.

Car and pilot circuit are the virtual board's; contactor and meter are ideal, the residual-current monitor works.
"""

import importlib
import sys
from collections.abc import Iterator
from typing import Any

from rouse.build.firmware import FIRMWARE
from rouse.data.car_file import Car
from rouse.data.day_file import Day
from rouse.report.trace import Sample
from rouse.virtual import car as plant
from rouse.virtual.analog import Channel
from rouse.virtual.fake import micropython
from rouse.virtual.pilot import PWM, Pilot, offered_ma
from rouse.virtual.pins import FULL_U16

STEPS_A_SECOND = 2
STEP_MS = 1000 // STEPS_A_SECOND
CABLE_MA = 32_000
ROOM_CDEG = 2500
PLUG_S = 3
# The electrical truth is used, not the ADC's: any front end will do.
_FRONT_END = {"pilot_offset_uv": 0, "pilot_gain_ppm": 100_000}


def controller(board: dict[str, Any], phases: int = 1) -> Any:
    """The firmware's Controller for what `board` has, on so many phases."""
    sys.modules.setdefault("micropython", micropython)
    if str(FIRMWARE) not in sys.path:
        sys.path.append(str(FIRMWARE))
    pins = board["pins"]
    has_fan, has_switch = pins["fan"] is not None, pins["pilot_open"] is not None
    has_meter = pins["grid_adc"] is not None
    build = importlib.import_module("evse.core.controller").Controller
    return build(board["max_ma"], has_fan, has_switch, has_meter, board["fuse_ma"], board["nominal_v"], phases, phases)


EVERY = -1  # slot of a tick that does everything, as evse.core.controller has it


def ideal() -> None:
    """An ideal contactor opens by what the interlock permits, not by the call that comes before all other work."""


class DayLong:
    """One charger and one car through one day; samples() runs it."""

    def __init__(self, day: Day, car: Car, board: dict[str, Any]) -> None:
        self._day = day
        self._core = controller(board)
        self._types = importlib.import_module("evse.safety.limits")
        facts: Any = car  # the plant, which the VM runs too, names no types
        self._pilot = Pilot(_FRONT_END, facts, Channel(True))
        self._car = plant.Car(facts, self._pilot)
        self._is_closed = False
        self._tethered_ma: int | None = None if board["pins"]["proximity_adc"] is not None else board["cable_ma"]

    def samples(self) -> Iterator[Sample]:
        """One sample for every second of the day; the car is plugged in at PLUG_S."""
        for second in range(len(self._day)):
            if second == PLUG_S:
                self._pilot.plugged = True
                self._car.plugged(second * 1000)
            for step in range(STEPS_A_SECOND):
                self._step(second, second * 1000 + step * STEP_MS)
            yield self._sample(second)

    def _step(self, second: int, now_ms: int) -> None:
        self._read(second, now_ms)
        self._core.tick(now_ms, EVERY, ideal)
        self._is_closed = self._core.interlock.permits
        self._drive()
        self._car.step(now_ms, STEP_MS, self._is_closed)
        self._pilot.update()

    def _read(self, second: int, now_ms: int) -> None:
        inputs, pilot = self._core.inputs, self._pilot
        inputs.high_mv = pilot.high_mv if pilot.duty_u16 else pilot.low_mv
        inputs.low_mv = pilot.low_mv if pilot.duty_u16 < FULL_U16 else pilot.high_mv
        inputs.residual_tripped = self._core.self_test.is_pressing
        inputs.contactor_closed = self._is_closed
        if self._tethered_ma is not None:
            inputs.cable_ma = self._tethered_ma
        else:
            inputs.cable_ma = CABLE_MA if pilot.plugged else 0
        inputs.temperature_cdeg = ROOM_CDEG
        inputs.car_w = self._car_w()
        inputs.grid_w = self._day.house_w[second] + inputs.car_w - self._day.solar_w[second]
        inputs.meter_at_ms = now_ms

    def _drive(self) -> None:
        wanted, types = self._core.session.pilot, self._types
        self._pilot.is_open = wanted == types.PILOT_OPEN
        if wanted == types.PILOT_PWM:
            self._pilot.duty_u16 = self._core.duty_bp * 65536 // 10_000
        else:
            self._pilot.duty_u16 = 0 if wanted == types.PILOT_MINUS12 else FULL_U16
        self._pilot.update()

    def _car_w(self) -> int:
        return self._car.ma * plant.MAINS_V // 1000

    def _sample(self, second: int) -> Sample:
        pilot, car = self._pilot, self._car
        is_pwm = pilot.inlet() == PWM
        return Sample(
            at_s=second,
            solar_w=self._day.solar_w[second],
            house_w=self._day.house_w[second],
            car_w=self._car_w(),
            offer_ma=offered_ma(pilot.duty_u16) if is_pwm else 0,
            pilot=car.state,
            is_pwm=is_pwm,
            is_closed=self._is_closed,
            is_asleep=car.asleep,
            woken=car.woken,
            violations=0,
        )
