"""Watches that the contactor did what it was told: welded contacts, or contacts that did not close.

Knows the command and the read-back; does not know the coil or why it was told.
"""

from evse.core.limits import NO_CLOSE_MS, WELD_MS
from evse.core.ticks import Hold


class ContactorWatch:
    """Latches nothing itself: `is_welded` and `is_missing` say what stands now."""

    def __init__(self) -> None:
        self.is_welded = False
        self.is_missing = False
        self._welded = Hold(WELD_MS)
        self._missing = Hold(NO_CLOSE_MS)

    def step(self, is_commanded: bool, is_closed: bool | None, now_ms: int) -> None:
        """Compare the command of the last tick with the read-back (None where not wired: nothing to say)."""
        self.is_welded = self._welded.step(is_closed is True and not is_commanded, now_ms)
        self.is_missing = self._missing.step(is_closed is False and is_commanded, now_ms)
