"""Learns a car while it charges: its lag, how far below the offer it draws, its step, and its real minimum.

Needs a clamp on the car. Writes what it found into Car; does not know what anybody makes of it.
"""

from array import array

from micropython import const

from evse.core.car import Car
from evse.core.limits import MIN_OFFER_MA
from evse.core.ticks import Hold, elapsed_ms

DRAWS_MA = const(500)  # less is a car's standby
PROBE_MS = const(45000)  # a car that draws nothing so long is offered more; some take 50 s after a pause, once
PROBE_MOST_MA = const(10000)  # no car is known that needs more to begin
_MOVED_MA = const(300)
_STEP_MA = const(80)
_FINE_MA = const(300)
_STEADY_MS = const(4000)
_LONGEST_LAG_MS = const(15000)
_MOST_BELOW_MA = const(2000)  # more is a limit of the car's own
_SAMPLES = const(4)


class Learn:
    """is_idle: the contactor is closed and the car draws nothing, at an offer that should do."""

    def __init__(self) -> None:
        self.is_idle = False
        self._offer_ma = 0
        self._steady_ma = 0
        self._asked_ms = -1  # since when a new offer waits for its answer
        self._from_ma = 0
        self._is_rise = False
        self._below_ma = array("i", [0] * _SAMPLES)
        self._sampled = 0
        self._sampled_offer_ma = 0
        self._sampled_ma = 0
        self._drew_at_ma = PROBE_MOST_MA  # the least offer at which it drew; 0: it drew at none
        self._steady = Hold(_STEADY_MS)
        self._idle = Hold(PROBE_MS)

    def forget(self) -> None:
        """The car is gone."""
        self.is_idle = False
        self._sampled = 0
        self._drew_at_ma = PROBE_MOST_MA

    def step(self, car: Car, offer_ma: int, drawn_ma: int, now_ms: int) -> None:
        """Take one reading; offer_ma: through a closed contactor, else 0."""
        if offer_ma == 0:
            self._asked_ms = -1
            self._idle.step(False, now_ms)
            self.is_idle = False
        else:
            self._find_lag(car, offer_ma, drawn_ma, now_ms)
            self._find_minimum(car, offer_ma, drawn_ma, now_ms)
        is_same = offer_ma == self._offer_ma and abs(drawn_ma - self._steady_ma) < _STEP_MA and drawn_ma > DRAWS_MA
        if self._steady.step(is_same and offer_ma > 0 and self._asked_ms < 0, now_ms):
            self._sample(car, offer_ma, drawn_ma)
        elif not self._steady.is_running:
            self._steady_ma = drawn_ma
        self._offer_ma = offer_ma

    def _find_lag(self, car: Car, offer_ma: int, drawn_ma: int, now_ms: int) -> None:
        if self._asked_ms >= 0:
            waited_ms = elapsed_ms(now_ms, self._asked_ms)
            moved_ma = drawn_ma - self._from_ma if self._is_rise else self._from_ma - drawn_ma
            if moved_ma >= _MOVED_MA:
                car.lag_ms = waited_ms if car.lag_ms == 0 else (car.lag_ms * 3 + waited_ms) // 4
                self._asked_ms = -1
            elif waited_ms > _LONGEST_LAG_MS:
                self._asked_ms = -1
        elif self._steady.is_over and abs(offer_ma - self._offer_ma) > _MOVED_MA:
            self._asked_ms = now_ms
            self._from_ma = drawn_ma
            self._is_rise = offer_ma > self._offer_ma

    def _find_minimum(self, car: Car, offer_ma: int, drawn_ma: int, now_ms: int) -> None:
        if drawn_ma >= DRAWS_MA:
            self._drew_at_ma = min(self._drew_at_ma or PROBE_MOST_MA, offer_ma)
        is_silent = drawn_ma < DRAWS_MA and offer_ma == self._offer_ma
        if not self._idle.step(is_silent, now_ms):
            self.is_idle = self.is_idle and drawn_ma < DRAWS_MA
        elif offer_ma < self._drew_at_ma and car.min_ma < PROBE_MOST_MA:
            car.min_ma = max(car.min_ma, offer_ma) + 1000
            self._idle.step(False, now_ms)
        else:
            self.is_idle = True
            if self._drew_at_ma >= PROBE_MOST_MA:
                car.min_ma = MIN_OFFER_MA  # it drew at nothing: that is no minimum
                self._drew_at_ma = 0

    def _sample(self, car: Car, offer_ma: int, drawn_ma: int) -> None:
        """A steady current: once an offer."""
        below_ma = offer_ma - drawn_ma
        if offer_ma == self._sampled_offer_ma or abs(below_ma) > _MOST_BELOW_MA:
            return
        change_ma = abs(drawn_ma - self._sampled_ma)
        if self._sampled and change_ma >= _STEP_MA and (car.step_ma == 0 or change_ma < car.step_ma):
            car.step_ma = change_ma
        self._sampled_offer_ma = offer_ma
        self._sampled_ma = drawn_ma
        self._below_ma[self._sampled % _SAMPLES] = below_ma
        self._sampled += 1
        if self._sampled >= _SAMPLES:
            # A coarse car's shortfall is its step's, now more, now less: counting on it would import.
            car.below_ma = min(self._below_ma) if 0 < car.step_ma <= _FINE_MA else 0
