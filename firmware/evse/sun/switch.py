"""Following the sun, the slow part: whether to charge from it, and the cap that comes of it.

Knows watts, time, prices and the car's record; does not know the meter, the pilot or the session.
"""

from micropython import const

from evse.safety.limits import elapsed_ms
from evse.settings import Settings
from evse.sun.car import Car
from evse.sun.follow import Follow

_STEP_MS = const(1000)
_HOURS_A_DAY = const(24)
_MOST_USED_WS = const(400000000)  # over the largest budget, 360,000,000 Ws; with a step more still below 2^30
_LONG_AGO_MS = const(536870912)
_LONGEST_MS = const(5000)  # a gap between readings is not filled with guesses
_WS_PER_WH = const(3600)
_MOST_WS = const(500000000)  # with a step more still below 2^30
_PEAK_MS = const(1320000)  # the height of the sun is remembered for 22 minutes
_RISE_MS = const(11000)  # one reading is no sun: a meter that is a second late shows the car's own rise as some
_PEAK_SHIFT = const(4)
_PEAK_MOST_W = const(4000)
_PEAK_START_S = const(390)  # a high sun promises so many seconds of itself to a start,
_PEAK_STOP_S = const(62000)  # and so many to a charge in a dip, divided by the price of import in percent

# Why it is on or off: each is a reason of core/face.py.
SUN_GOOD = const(0)  # on, by the sun alone
SUN_BRIDGING = const(1)  # on in a dip: importing costs less than another start
SUN_HELD = const(2)  # on because the charge is short yet
SUN_SHORT = const(3)  # off: too little
SUN_COMING = const(4)  # off, counting towards a start
SUN_RESTING = const(5)  # off: the pause is short yet
SUN_SPENT = const(6)  # off: this car's stops are used up
SUN_HOLDING = const(7)  # on because this car takes no more stops
SUN_LEAST = const(8)  # on because mode min never stops


class Prices:
    """What the switch weighs."""

    def __init__(self) -> None:
        self.start_wh = 0  # what one start costs, in Wh of sun
        self.import_percent = 0  # what an imported Wh costs against one of sun
        self.least_on_s = 0  # shortest charge
        self.least_off_s = 0  # shortest pause
        self.may_import = True  # False stops at the first dip


class Switch:
    """The slow decision: is the sun worth a charge, or worth going on with one? Two prices weigh it.

    Ski rental with prediction. It stops when bridging a dip has cost about what another start would, sooner where dips
    were lately long; it starts when a gleam has earned part of a start, sooner where gleams were lately long and the
    sun high.
    """

    def __init__(self) -> None:
        self.is_on = False
        self.profit_w = 0  # what a second on is worth now
        self.held_ms = _LONG_AGO_MS  # since it last turned
        self.left_ws = 0  # how much of that is missing until it turns
        self._sum_ws = 0  # credit while off, debt while on
        self._run_ws = 0  # what this gleam or dip has come to so far
        self._gleam_ws = -1  # what they came to lately; -1: none seen
        self._dip_ws = -1
        self._is_gleam = False
        self._peak = 0

    def weigh(self, available_w: int, floor_w: int, prices: Prices, spent_ms: int) -> bool:
        """Weigh a reading `spent_ms` after the last, about once a second; returns whether to charge.

        available_w: what the sun leaves the car; floor_w: the least it can draw.
        """
        spent_ms = min(spent_ms, _LONGEST_MS)
        self.held_ms = min(self.held_ms + spent_ms, _LONG_AGO_MS)
        profit_w = profit(available_w, floor_w, prices.import_percent)
        if available_w < floor_w and not prices.may_import:
            profit_w = available_w - floor_w
        self.profit_w = profit_w
        self._remember(available_w - floor_w, prices.start_wh * _WS_PER_WH, spent_ms)
        gain_ws = profit_w * spent_ms // 1000
        sum_ws = self._sum_ws - gain_ws if self.is_on else self._sum_ws + gain_ws
        self._sum_ws = min(max(sum_ws, 0), _MOST_WS)
        if self.is_on:
            self._may_stop(prices)
        else:
            self._may_start(prices)
        return self.is_on

    def off(self) -> None:
        """Off at once, for a reason that is not the sun's."""
        if self.is_on:
            self._turn(False)
        self._sum_ws = 0

    def waiting_s(self, prices: Prices) -> int:
        """Seconds until it turns if nothing changes, 0 when it does not move towards that."""
        rate_w = -self.profit_w if self.is_on else self.profit_w
        if rate_w <= 0:
            return 0
        least_s = prices.least_on_s if self.is_on else prices.least_off_s
        return max(self.left_ws // rate_w, least_s - self.held_ms // 1000, 1)

    def _may_start(self, prices: Prices) -> None:
        price_ws = prices.start_wh * _WS_PER_WH
        gleam_ws = price_ws if self._gleam_ws < 0 else self._gleam_ws
        if self._is_gleam:
            gleam_ws = max(gleam_ws, self._run_ws)
        needed_ws = (2 * price_ws - gleam_ws) * 3 // 16 - (self._peak >> _PEAK_SHIFT) * _PEAK_START_S
        self.left_ws = max(0, needed_ws - self._sum_ws)
        if self.profit_w > 0 and self.left_ws == 0 and self.held_ms >= prices.least_off_s * 1000:
            self._turn(True)

    def _may_stop(self, prices: Prices) -> None:
        price_ws = prices.start_wh * _WS_PER_WH
        dip_ws = price_ws if self._dip_ws < 0 else self._dip_ws
        if not self._is_gleam:
            dip_ws = max(dip_ws, -self._run_ws)
        allowed_ws = max(0, (5 * price_ws - dip_ws) // 8)
        if prices.may_import:
            allowed_ws += (self._peak >> _PEAK_SHIFT) * (_PEAK_STOP_S // max(prices.import_percent, 10))
        else:
            allowed_ws = 0
        self.left_ws = max(0, allowed_ws - self._sum_ws)
        if self.profit_w < 0 and self.left_ws == 0 and self.held_ms >= prices.least_on_s * 1000:
            self._turn(False)

    def _turn(self, is_on: bool) -> None:
        self.is_on = is_on
        self.held_ms = 0
        self._sum_ws = 0

    def _remember(self, over_w: int, price_ws: int, spent_ms: int) -> None:
        """What gleams and dips come to, a quarter of each new one; and how high the sun stood over the floor."""
        is_gleam = self.profit_w > 0
        if is_gleam != self._is_gleam:
            size_ws = min(abs(self._run_ws), 4 * price_ws)
            if self._is_gleam:
                self._gleam_ws = mixed(self._gleam_ws, size_ws, price_ws)
            else:
                self._dip_ws = mixed(self._dip_ws, size_ws, price_ws)
            self._is_gleam = is_gleam
            self._run_ws = 0
        most_ws = 5 * price_ws
        self._run_ws = min(max(self._run_ws + self.profit_w * spent_ms // 1000, -most_ws), most_ws)
        height = min(max(over_w, -_PEAK_MOST_W), _PEAK_MOST_W) << _PEAK_SHIFT
        self._peak += (height - self._peak) * spent_ms // (_RISE_MS if height > self._peak else _PEAK_MS)


def profit(available_w: int, floor_w: int, import_percent: int) -> int:
    """What a second of charging is worth now in W of sun: the sun taken, less the price of what must be imported."""
    if available_w >= floor_w:
        return available_w
    sun_w = max(0, available_w)
    return sun_w - (floor_w - sun_w) * import_percent // 100


def mixed(known: int, new: int, default: int) -> int:
    """A quarter of `new` in `known`; -1: not known, which counts as `default`."""
    if known < 0:
        known = default
    return known + (new - known) // 4


class Surplus:
    """The sun's cap: the slow switch and the fast following put together, for one reading of the meter at a time."""

    def __init__(self) -> None:
        self.cap_ma = 0  # 0 while off, at least the car's own minimum while on
        self.available_w = 0  # what the sun leaves the car, negative in a deficit
        self.why = SUN_SHORT  # SUN_...
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
        self._used_ws = min(max(self._used_ws + used_w * spent_ms // 1000, 0), _MOST_USED_WS)
        prices.may_import = self._used_ws <= settings.budget_wh * _WS_PER_WH

    def _switch(self, floor_w: int, settings: Settings, car: Car, spent_ms: int) -> bool:
        switch = self.switch
        is_kept = settings.mode == "min" or (settings.mode == "eco" and not car.may_stop and self.cap_ma > 0)
        if switch.is_on or car.may_stop or settings.mode != "solar":
            switch.weigh(self.available_w, floor_w, self.prices, spent_ms)
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
