"""A boost: all that is allowed, for so much energy or so many minutes, then back to the mode by itself.

Knows energy and time; does not know the mode or the offer.
"""

from evse.core.ticks import elapsed_ms


class Boost:
    """is_running until its energy or its time is used up; left_wh or left_s says how much of it is left."""

    def __init__(self) -> None:
        self.is_running = False
        self.left_wh = 0
        self.left_s = 0
        self._last_wh = 0
        self._last_ms = 0

    def begin(self, wh: int, minutes: int, session_wh: int, now_ms: int) -> None:
        """Boost for `wh` (0: no end by energy) or `minutes` (0: none by time); both: until the first is over."""
        self.is_running = wh > 0 or minutes > 0
        self.left_wh = wh
        self.left_s = minutes * 60
        self._last_wh = session_wh
        self._last_ms = now_ms

    def end(self) -> None:
        """No boost any more."""
        self.is_running = False

    def step(self, session_wh: int, now_ms: int) -> None:
        """Count what was charged and how long it took; session_wh: since the plug-in."""
        spent_s = elapsed_ms(now_ms, self._last_ms) // 1000
        self._last_ms += spent_s * 1000
        if self.left_wh > 0:
            self.left_wh -= session_wh - self._last_wh
            self.is_running = self.left_wh > 0
        self._last_wh = session_wh
        if self.left_s > 0:
            self.left_s -= spent_s
            self.is_running = self.is_running and self.left_s > 0
