"""The fast part of following the sun: what the car may have now, cut at once, raised only on what is sure.

Works on an interval: the car's current is only known to lie between a least and a most (of two readings, or of the
offers it may not have followed yet where no clamp measures it). Cut when even the most is too much, raise when even the
least leaves room: so no lag can make it hunt. Knows milliamperes a phase; does not know whether to be on.
"""

from micropython import const

from evse.safety.limits import Hold

SETTLE_MS = const(16000)  # without a clamp: no car answers later than 12 s, and 4 s to get there
DEAD_MA = const(100)  # a phase: less more is noise
_BURNT_MS = const(300000)
_FRESH_MA = const(1000)  # so much more surplus is a new situation


class Follow:
    """What the surplus allows, in mA a phase."""

    def __init__(self) -> None:
        self.cap_ma = 0  # what the surplus allows
        self.available_ma = 0  # the surplus, negative in a deficit
        self.drawn_ma = 0  # by the car
        self._least_ma = 0
        self._most_ma = 0
        self._last_ma = 0  # the car's last reading, or the last offer
        self._rise_ma = 0  # the last change of the offer
        self._spare_ma = 0  # what was exported when the offer rose
        self._burnt_ma = -1  # a rise out of so much export was too much, or had no effect; -1: none
        self._settled = Hold(SETTLE_MS)
        self._burnt = Hold(_BURNT_MS)

    def begin(self) -> None:
        """A charge begins: out of what is there now."""
        self.cap_ma = self.available_ma
        self._burnt_ma = -1

    def measured(self, grid_ma: int, car_ma: int) -> None:
        """Take a reading with the car's current; its last one counts too, for a grid meter that is a reading late."""
        self._least_ma = min(car_ma, self._last_ma)
        self._most_ma = max(car_ma, self._last_ma)
        self._last_ma = car_ma
        self.drawn_ma = car_ma
        self.available_ma = car_ma - grid_ma
        self._trim(grid_ma)

    def guessed(self, grid_ma: int, offer_ma: int, now_ms: int) -> None:
        """Take a reading without it: the car is between the offers of the last 16 s; 0: it does not charge."""
        if offer_ma != self._last_ma:
            self._moved(grid_ma, offer_ma)
        is_settled = self._settled.lasts(offer_ma == self._last_ma, now_ms)
        self._last_ma = offer_ma
        if is_settled:
            self._judge_rise(grid_ma)
            self._least_ma = self._most_ma = offer_ma
        if self._burnt.lasts(self._burnt_ma >= 0, now_ms) or -grid_ma > self._burnt_ma + _FRESH_MA:
            self._burnt_ma = -1
        self.drawn_ma = (self._least_ma + self._most_ma) // 2
        self.available_ma = self.drawn_ma - grid_ma
        self._trim(grid_ma)

    def _moved(self, grid_ma: int, offer_ma: int) -> None:
        self._least_ma = min(self._least_ma, offer_ma)
        self._most_ma = max(self._most_ma, offer_ma)
        if offer_ma < self._last_ma and self._rise_ma > 0:
            self._burnt_ma = self._spare_ma  # a rise that had to be taken back
        self._rise_ma = offer_ma - self._last_ma
        self._spare_ma = -grid_ma

    def _judge_rise(self, grid_ma: int) -> None:
        """A rise that the car did not follow by half is not tried again soon."""
        if self._rise_ma > 0 and self._spare_ma + grid_ma < self._rise_ma // 2:
            self._burnt_ma = -grid_ma
        self._rise_ma = 0

    def _trim(self, grid_ma: int) -> None:
        sure_ma = self._least_ma - grid_ma
        hoped_ma = self._most_ma - grid_ma
        if hoped_ma < self.cap_ma:
            self.cap_ma = hoped_ma
        elif sure_ma >= self.cap_ma + DEAD_MA and self._burnt_ma < 0:
            self.cap_ma = sure_ma
