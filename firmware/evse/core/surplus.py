"""Following the sun: the slow switch and the fast following put together, for one reading of the meter at a time.

Knows watts, phases and the settings; does not know the pilot or the session.
"""

from micropython import const

from evse.core.car import Car
from evse.core.follow import Follow
from evse.core.settings import Settings
from evse.core.switch import Prices, Switch
from evse.core.ticks import elapsed_ms

_STEP_MS = const(1000)
_LONGEST_MS = const(5000)
_WS_PER_WH = const(3600)
_HOURS_A_DAY = const(24)
_MOST_WS = const(400000000)

# Why it is on or off: each has its sentence in reason.py.
SUN_GOOD = const(0)  # on, by the sun alone
SUN_BRIDGING = const(1)  # on in a dip: importing costs less than another start
SUN_HELD = const(2)  # on because the charge is short yet
SUN_SHORT = const(3)  # off: too little
SUN_COMING = const(4)  # off, counting towards a start
SUN_RESTING = const(5)  # off: the pause is short yet
SUN_SPENT = const(6)  # off: this car's stops are used up
SUN_HOLDING = const(7)  # on because this car takes no more stops
SUN_LEAST = const(8)  # on because mode min never stops


class Surplus:
    """The sun's cap: cap_ma is 0 while off, at least the car's own minimum while on; why: SUN_..."""

    def __init__(self) -> None:
        self.cap_ma = 0
        self.available_w = 0
        self.why = SUN_SHORT
        self.prices = Prices()
        self.switch = Switch()
        self.follow = Follow()
        self._used_ws = 0  # of the day's import; the budget comes back over 24 h
        self._last_ms = -1
        self._spent_ms = 0
        self._is_decided = False
        self._import_w = 0
        self._volts = 0

    def measure(
        self,
        grid_w: int,
        car_w: int | None,
        offer_ma: int,
        volts: int,
        settings: Settings,
        car: Car,
        now_ms: int,
    ) -> None:
        """Take one meter reading: the fast part.

        grid_w: import positive; car_w: the car's power at the same moment, None where nothing measures it; offer_ma:
        what is offered through a closed contactor, else 0; volts: of all phases together.
        """
        spent_ms = 0 if self._last_ms < 0 else min(elapsed_ms(now_ms, self._last_ms), _LONGEST_MS)
        self._last_ms = now_ms
        self._spent_ms += spent_ms
        self._volts = volts
        follow = self.follow
        grid_ma = (grid_w - settings.import_w + settings.battery_w) * 1000 // volts
        if car_w is None:
            follow.guessed(grid_ma, offer_ma, now_ms)
        else:
            follow.measured(grid_ma, car_w * 1000 // volts)
        self.available_w = follow.available_ma * volts // 1000
        self._import_w = max(0, min(grid_w, follow.drawn_ma * volts // 1000))
        if self.cap_ma:
            self.cap_ma = max(follow.cap_ma + car.below_ma, car.min_ma)

    def decide(self, settings: Settings, car: Car) -> None:
        """Weigh the last reading, once a second: the slow part."""
        if self._spent_ms < _STEP_MS and self._is_decided:
            return
        self._is_decided = True
        spent_ms = min(self._spent_ms, _LONGEST_MS)
        self._spent_ms = 0
        self._set_prices(settings, car, spent_ms)
        if not self._switch(car.min_ma * self._volts // 1000, settings, car, spent_ms):
            self.cap_ma = 0
        elif self.cap_ma == 0:
            self.follow.begin()
            self.cap_ma = max(self.follow.cap_ma + car.below_ma, car.min_ma)

    def waiting_ms(self) -> int:
        """Time until it switches if nothing changes; 0 when nothing is counting."""
        return 0 if self.why == SUN_SPENT else self.switch.waiting_s(self.prices) * 1000

    def off(self) -> None:
        """Forget the charge: the meter is lost, or the sun does not decide."""
        self.cap_ma = 0
        self.why = SUN_SHORT
        self.switch.off()
        self._last_ms = -1
        self._is_decided = False

    def _set_prices(self, settings: Settings, car: Car, spent_ms: int) -> None:
        prices = self.prices
        is_eco = settings.mode != "solar"
        prices.start_wh = (settings.eco_start_wh if is_eco else settings.start_wh) + car.stop_wh
        prices.import_percent = settings.eco_import_percent if is_eco else settings.import_percent
        prices.least_on_s = max(settings.least_on_s, car.min_on_s)
        prices.least_off_s = max(settings.least_off_s, car.min_off_s)
        if car.name and car.min_off_s:
            prices.least_off_s = car.min_off_s  # stated of this car: it holds before what the setting says of any
        used_w = self._import_w - settings.budget_wh // _HOURS_A_DAY
        self._used_ws = min(max(self._used_ws + used_w * spent_ms // 1000, 0), _MOST_WS)
        prices.may_import = self._used_ws <= settings.budget_wh * _WS_PER_WH

    def _switch(self, floor_w: int, settings: Settings, car: Car, spent_ms: int) -> bool:
        switch = self.switch
        is_kept = settings.mode == "min" or (settings.mode == "eco" and not car.may_stop and self.cap_ma > 0)
        if switch.is_on or car.may_stop or settings.mode != "solar":
            switch.step(self.available_w, floor_w, self.prices, spent_ms)
        is_on = switch.is_on or is_kept
        if is_on:
            self.why = self._why_on(floor_w, settings)
        elif not car.may_stop and settings.mode == "solar":
            self.why = SUN_SPENT
        elif switch.profit_w <= 0:
            self.why = SUN_SHORT
        else:
            self.why = SUN_COMING if switch.left_ws else SUN_RESTING
        return is_on

    def _why_on(self, floor_w: int, settings: Settings) -> int:
        if self.available_w >= floor_w:
            return SUN_GOOD
        if not self.switch.is_on:
            return SUN_LEAST if settings.mode == "min" else SUN_HOLDING
        return SUN_BRIDGING if self.switch.left_ws else SUN_HELD
