"""A charger, a car and a sun at physical quantities, with people and defects, whose true culprit is known each second.

Half-second steps of the core in front of the virtual board's car and pilot; the truth is tools/bench/lost.py's.
"""

from collections.abc import Callable
from typing import Any

from rouse.bench.core import Rig
from rouse.bench.lost import Comparison, Truth
from rouse.build.firmware import firmware_module
from rouse.data.car_file import checked
from rouse.virtual import car as plant
from rouse.virtual.host import board

STEP_MS = 500
BOARD = board()
Act = Callable[["Trial"], None]


class Trial(Rig):
    """One run of `seconds`; attributes are what an act may change, at the second it is named for.

    sun_w: surplus without the car, before what the house draws more (house_w).
    """

    def __init__(self, seconds: int, sun_w: int, acts: dict[int, Act], **car: Any) -> None:
        facts = checked({"name": "car", "source": "made up", **car})
        super().__init__(BOARD, facts)
        self.seconds, self.sun_w, self.house_w, self.acts = seconds, sun_w, 0, acts
        self.defect = ""
        self.is_held_back = False
        self.comparison = Comparison()
        self.booked: list[str] = []
        self._min_ma = int(facts["min_ma"])
        self._party_of: bytes = firmware_module("evse.record.ledger").PARTY_OF
        self._parties: tuple[str, ...] = firmware_module("evse.app.text").PARTIES

    def know(self) -> None:
        """The car is known to mind no stop, no pause and no delay of its first charge."""
        car = self.core.car
        car.name = "patient"
        car.limit = car.per_h = car.min_off_s = car.welcome_s = 0

    def plug(self) -> None:
        """The cable goes into the car."""
        self.inlet.plug(0)

    def unplug(self) -> None:
        """It is pulled."""
        self.inlet.pilot.plugged = False
        self.inlet.car.unplugged()

    @property
    def is_tripped(self) -> bool:
        """The residual-current monitor, with its defects."""
        return self.defect == "residual" or (self.defect != "self-test" and super().is_tripped)

    def run(self) -> "Trial":
        """All of it."""
        for second in range(self.seconds):
            if second in self.acts:
                self.acts[second](self)
            self.has_meter = self.defect != "meter"
            for now_ms in (second * 1000, second * 1000 + STEP_MS):
                self.step(now_ms, STEP_MS, self.house_w - self.sun_w)
            cause = self.core.ledger.cause
            self.booked.append(self._parties[self._party_of[cause]])
            self.comparison.second(self._truth(), self.booked[-1])
        return self

    def _truth(self) -> Truth:
        settings = self.core.settings
        fuse_ma = min(settings.fuse_ma, BOARD["fuse_ma"])
        surplus_w = self.sun_w - self.house_w
        return Truth(
            surplus_w=surplus_w,
            least_w=self._min_ma * plant.MAINS_V // 1000,
            min_ma=self._min_ma,
            car_w=self.inlet.car_w,
            offer_ma=self.inlet.offer_ma,
            pilot=self.inlet.car.state,
            is_closed=self.is_closed,
            mode="fast" if self.core.wishes.is_boosted else settings.mode,
            is_stopped=self.core.wishes.is_stopped,
            is_held_back=self.is_held_back,
            max_ma=settings.max_ma,
            free_ma=fuse_ma + surplus_w * 1000 // plant.MAINS_V,
            plug_ma=self.plug_ma,
            defect=self.defect,
        )
