"""A car that draws more than it is offered: after the time it has to follow a cut, that is a fault.

Knows currents and time; does not know what is done about it.
"""

from evse.core.limits import OVERDRAW_FOLLOW_MOST_MS, OVERDRAW_FOLLOW_MS, OVERDRAW_MA, OVERDRAW_MS
from evse.core.ticks import Hold


class Overdraw:
    """is_over: it has drawn more than 10 % and 0.5 A over the offer for 7 s, its time to follow not counted."""

    def __init__(self) -> None:
        self.is_over = False
        self._offer_ma = 0
        self._following = Hold(OVERDRAW_FOLLOW_MS)
        self._over = Hold(OVERDRAW_MS)

    def step(self, offer_ma: int, drawn_ma: int, lag_ms: int, now_ms: int) -> None:
        """Take one reading; offer_ma: through a closed contactor, else 0; lag_ms: as learned, 0 when not."""
        self._following.hold_ms = min(max(lag_ms, OVERDRAW_FOLLOW_MS), OVERDRAW_FOLLOW_MOST_MS)
        if offer_ma < self._offer_ma:
            self._following.step(False, now_ms)
        may_count = self._following.step(offer_ma > 0, now_ms)
        self._offer_ma = offer_ma
        is_too_much = offer_ma > 0 and drawn_ma > offer_ma + offer_ma // 10 + OVERDRAW_MA
        self.is_over = self._over.step(may_count and is_too_much, now_ms)
