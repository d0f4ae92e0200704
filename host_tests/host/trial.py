"""A charger, a car and a sun at physical quantities, with people and defects, whose true culprit is known each second.

Half-second steps of the core in front of the virtual board's car and pilot; the truth is tools/bench/lost.py's.
"""

import importlib
from collections.abc import Callable
from typing import Any

from rouse.bench.core import EVERY, controller, ideal
from rouse.bench.lost import Comparison, Truth
from rouse.data.car_file import checked
from rouse.virtual import car as plant
from rouse.virtual.analog import Channel
from rouse.virtual.host import board
from rouse.virtual.pilot import PWM, Pilot, offered_ma
from rouse.virtual.pins import FULL_U16

STEP_MS = 500
BOARD = board()
FRONT_END = {"pilot_offset_uv": 0, "pilot_gain_ppm": 100_000}
Act = Callable[["Trial"], None]


class Trial:
    """One run of `seconds`; attributes are what an act may change, at the second it is named for.

    sun_w: surplus without the car, before what the house draws more (house_w).
    """

    def __init__(self, seconds: int, sun_w: int, acts: dict[int, Act], **car: Any) -> None:
        facts: Any = checked({"name": "car", "source": "made up", **car})
        self.core = controller(BOARD)
        self.types: Any = importlib.import_module("evse.safety.limits")
        self.pilot = Pilot(FRONT_END, facts, Channel(True))
        self.car = plant.Car(facts, self.pilot)
        self.seconds, self.sun_w, self.house_w, self.acts = seconds, sun_w, 0, acts
        self.defect = ""
        self.is_held_back = False
        self.plug_ma = 32_000
        self.temperature_cdeg = 2500
        self.comparison = Comparison()
        self.booked: list[str] = []
        self._min_ma: int = facts["min_ma"]
        self._is_closed = False
        self._party_of: bytes = importlib.import_module("evse.record.ledger").PARTY_OF
        self._parties: tuple[str, ...] = importlib.import_module("evse.app.text").PARTIES

    def know(self) -> None:
        """The car is known to mind no stop, no pause and no delay of its first charge."""
        car = self.core.car
        car.name = "patient"
        car.limit = car.per_h = car.min_off_s = car.welcome_s = 0

    def plug(self) -> None:
        """The cable goes into the car."""
        self.pilot.plugged = True
        self.car.plugged(0)

    def unplug(self) -> None:
        """It is pulled."""
        self.pilot.plugged = False
        self.car.unplugged()

    def run(self) -> "Trial":
        """All of it."""
        for second in range(self.seconds):
            self.acts.get(second, _nothing)(self)
            self._step(second * 1000)
            self._step(second * 1000 + STEP_MS)
            cause = self.core.chronicle.ledger.cause
            self.booked.append(self._parties[self._party_of[cause]])
            self.comparison.second(self._truth(), self.booked[-1])
        return self

    def _step(self, now_ms: int) -> None:
        self._read(now_ms)
        self.core.tick(now_ms, EVERY, ideal)
        self._is_closed = self.core.interlock.permits
        self._drive()
        self.car.step(now_ms, STEP_MS, self._is_closed)
        self.pilot.update()

    def _read(self, now_ms: int) -> None:
        inputs, pilot = self.core.inputs, self.pilot
        inputs.high_mv = pilot.high_mv if pilot.duty_u16 else pilot.low_mv
        inputs.low_mv = pilot.low_mv if pilot.duty_u16 < FULL_U16 else pilot.high_mv
        inputs.residual_tripped = self.defect == "residual" or (
            self.core.self_test.is_pressing and self.defect != "self-test"
        )
        inputs.contactor_closed = self._is_closed
        inputs.cable_ma = self.plug_ma if pilot.plugged else 0
        inputs.temperature_cdeg = self.temperature_cdeg
        if self.defect != "meter":
            inputs.car_w = self.car.ma * plant.MAINS_V // 1000
            inputs.grid_w = inputs.car_w + self.house_w - self.sun_w
            inputs.meter_at_ms = now_ms

    def _drive(self) -> None:
        wanted, types = self.core.session.pilot, self.types
        self.pilot.is_open = wanted == types.PILOT_OPEN
        if wanted == types.PILOT_PWM:
            self.pilot.duty_u16 = self.core.duty_bp * 65536 // 10_000
        else:
            self.pilot.duty_u16 = 0 if wanted == types.PILOT_MINUS12 else FULL_U16
        self.pilot.update()

    def _truth(self) -> Truth:
        settings = self.core.settings
        fuse_ma = min(settings.fuse_ma, BOARD["fuse_ma"])
        surplus_w = self.sun_w - self.house_w
        return Truth(
            surplus_w=surplus_w,
            least_w=self._min_ma * plant.MAINS_V // 1000,
            min_ma=self._min_ma,
            car_w=self.car.ma * plant.MAINS_V // 1000,
            offer_ma=offered_ma(self.pilot.duty_u16) if self.pilot.inlet() == PWM else 0,
            pilot=self.car.state,
            is_closed=self._is_closed,
            mode="fast" if self.core.wishes.is_boosted else settings.mode,
            is_stopped=self.core.wishes.is_stopped,
            is_held_back=self.is_held_back,
            max_ma=settings.max_ma,
            free_ma=fuse_ma + surplus_w * 1000 // plant.MAINS_V,
            plug_ma=self.plug_ma,
            defect=self.defect,
        )


def _nothing(_trial: Trial) -> None:
    """At most seconds nobody does anything."""
