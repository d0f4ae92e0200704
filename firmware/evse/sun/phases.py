"""One phase or three, where a contactor can choose: which is wished, and when the change may be made.

A change costs a stop, so it is slow: 210 s between two, and only into a current that the other way cannot give. Knows
watts and time; does not know the contactor.
"""

from micropython import const

from evse.safety.limits import MIN_OFFER_MA, Hold, elapsed_ms

HOLD_DOWN_MS = const(210000)  # WARP: between two changes
_SURE_MS = const(60000)
_REST_MS = const(10000)  # without current, before the contactor moves: the car has let go


class PhaseWish:
    """What is wished of the phases' contactor."""

    def __init__(self, phases: int) -> None:
        self.phases = phases  # what it shall be, 1 or 3
        self.is_changing = False  # no offer now, the change is on its way
        self._changed_ms = -HOLD_DOWN_MS
        self._better = Hold(_SURE_MS)
        self._rested = Hold(_REST_MS)

    def weigh(self, available_w: int, most_ma: int, nominal_v: int, is_charging: bool, now_ms: int) -> int:
        """The phases to charge on, after a reading; most_ma: the most one phase may carry."""
        three_w = 3 * MIN_OFFER_MA * nominal_v // 1000
        if self.phases == 1:
            is_better = available_w > most_ma * nominal_v // 1000 and available_w >= three_w
        else:
            is_better = available_w < three_w
        is_sure = self._better.lasts(is_better, now_ms)
        if not self.is_changing and is_sure and elapsed_ms(now_ms, self._changed_ms) >= HOLD_DOWN_MS:
            self.is_changing = True
        if self._rested.lasts(self.is_changing and not is_charging, now_ms):
            self.phases = 4 - self.phases
            self.is_changing = False
            self._changed_ms = now_ms
            self._better.lasts(False, now_ms)
        return self.phases
