"""The slow decision: is the sun worth a charge, or worth going on with one? Two prices weigh it.

Ski rental with prediction. It stops when bridging a dip has cost about what another start would, sooner where dips were
lately long; it starts when a gleam has earned part of a start, sooner where gleams were lately long and the sun high.
Knows watts and time; does not know the meter, the offer or the session.
"""

from micropython import const

_LONG_AGO_MS = const(536870912)
_LONGEST_MS = const(5000)  # a gap between readings is not filled with guesses
_WS_PER_WH = const(3600)
_MOST_WS = const(500000000)
_PEAK_MS = const(1320000)  # the height of the sun is remembered for 22 minutes
_RISE_MS = const(11000)  # one reading is no sun: a meter that is a second late shows the car's own rise as some
_PEAK_SHIFT = const(4)
_PEAK_MOST_W = const(4000)
_PEAK_START_S = const(390)  # a high sun promises so many seconds of itself to a start,
_PEAK_STOP_S = const(62000)  # and so many to a charge in a dip, divided by the price of import in percent


class Prices:
    """What the switch weighs: start_wh, what one start costs in Wh of sun; import_percent, what an imported Wh costs
    against one of sun; least_on_s, least_off_s: shortest charge and pause; may_import: False stops at the first dip.
    """

    def __init__(self) -> None:
        self.start_wh = 0
        self.import_percent = 0
        self.least_on_s = 0
        self.least_off_s = 0
        self.may_import = True


class Switch:
    """On or off; profit_w is what a second on is worth now, left_ws how much of it is missing until it turns."""

    def __init__(self) -> None:
        self.is_on = False
        self.profit_w = 0
        self.held_ms = _LONG_AGO_MS  # since it last turned
        self.left_ws = 0
        self._sum_ws = 0  # credit while off, debt while on
        self._run_ws = 0  # what this gleam or dip has come to so far
        self._gleam_ws = -1  # what they came to lately; -1: none seen
        self._dip_ws = -1
        self._is_gleam = False
        self._peak = 0

    def step(self, available_w: int, floor_w: int, prices: Prices, spent_ms: int) -> bool:
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
