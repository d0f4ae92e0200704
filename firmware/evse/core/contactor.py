"""Watches that the contactor did what it was told: welded contacts, contacts that did not close, or that dropped.

Knows the command and the read-back; does not know the coil or why it was told.
"""

from evse.core.limits import NO_CLOSE_MS, WELD_MS
from evse.core.ticks import Hold


class ContactorWatch:
    """Latches nothing itself: `is_welded` and `is_missing` say what stands now.

    has_dropped: the contacts opened in this tick though commanded closed (one-shot, residual-current monitor).
    """

    def __init__(self) -> None:
        self.is_welded = False
        self.is_missing = False
        self.has_dropped = False
        self._was_closed = False
        self._welded = Hold(WELD_MS)
        self._missing = Hold(NO_CLOSE_MS)

    def step(self, is_commanded: bool, is_closed: bool | None, now_ms: int) -> None:
        """Compare the command of the last tick with the read-back (None where not wired: nothing to say)."""
        self.is_welded = self._welded.step(is_closed is True and not is_commanded, now_ms)
        self.has_dropped = is_commanded and self._was_closed and is_closed is False
        self._was_closed = is_closed is True
        self.is_missing = self._missing.step(is_closed is False and is_commanded, now_ms)
