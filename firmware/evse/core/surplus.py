"""Sun-following in its simple form: what the car may have of the surplus, and whether it is worth being on.

Follow fast, switch slow. Knows watts and time; does not know the pilot or the session.
"""

from micropython import const

from evse.core.car import Car
from evse.core.limits import MIN_OFFER_MA
from evse.core.ticks import Hold, elapsed_ms

_STOP_WH = const(40)  # what a stop is worth in eco without regard to the car
_MOST_WS = const(100000000)


class Surplus:
    """The sun's cap: cap_ma is 0 while off, at least 6 A while on; waiting_ms tells how long until it switches.

    is_eco: a cloud is ridden at the least current while the import for it is cheaper than a stop.
    is_holding, is_spent: it would stop, or start, if the car had any patience left.
    """

    def __init__(self, car: Car) -> None:
        self.cap_ma = 0
        self.is_eco = False
        self.is_holding = False
        self.is_spent = False
        self._car = car
        self._debt_ws = 0
        self._at_ms = 0
        self.available_w = 0
        self._enough = Hold(0)
        self._short = Hold(0)

    def step(self, grid_w: int, car_w: int, nominal_v: int, import_w: int, now_ms: int) -> None:
        """Take one meter reading.

        grid_w: import positive; car_w: the car's power at the same moment, so that the car's lag cannot make it hunt;
        import_w: how much of the car's power may come from the grid.
        """
        self.available_w = car_w - grid_w + import_w
        available_ma = max(0, self.available_w) * 1000 // nominal_v
        car = self._car
        least_ma = max(MIN_OFFER_MA, car.min_ma)
        is_enough = available_ma >= least_ma
        self._count_debt(least_ma * nominal_v // 1000, now_ms)
        if self.cap_ma == 0:
            self._short.step(False, now_ms)
            self.is_spent = not (self.is_eco or car.may_stop)
            if self._enough.step(is_enough and not self.is_spent, now_ms):
                self.cap_ma = available_ma
        else:
            self._enough.step(False, now_ms)
            is_short = self._short.step(not is_enough, now_ms)
            if self.is_eco:
                is_short = self._debt_ws >= (_STOP_WH + car.stop_wh) * 3600
            self.is_holding = self.is_eco and is_short and not car.may_stop
            self.cap_ma = 0 if is_short and not self.is_holding else max(available_ma, least_ma)

    def _count_debt(self, least_w: int, now_ms: int) -> None:
        short_w = max(0, least_w - self.available_w)
        span_ms = min(elapsed_ms(now_ms, self._at_ms), 10000)
        self._at_ms = now_ms
        is_short = self.cap_ma > 0 and short_w > 0
        self._debt_ws = min(self._debt_ws + short_w * span_ms // 1000, _MOST_WS) if is_short else 0

    def set_delays(self, start_s: int, stop_s: int) -> None:
        """How long the surplus must be there before a start, and be missing before a stop."""
        # A start in vain costs eco no more than the least current for a while.
        self._enough.hold_ms = start_s * (500 if self.is_eco else 1000)
        self._short.hold_ms = stop_s * 1000

    def waiting_ms(self, now_ms: int) -> int:
        """Time until it switches if nothing changes; 0 when nothing is counting."""
        counting = self._short if self.cap_ma else self._enough
        if not counting.is_running:
            return 0
        return max(0, counting.hold_ms - counting.held_ms(now_ms))

    def off(self, now_ms: int) -> None:
        """Forget everything: the meter is lost."""
        self.cap_ma = 0
        self._enough.step(False, now_ms)
        self._short.step(False, now_ms)
