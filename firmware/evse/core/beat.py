"""The tick's own clock: when the next one is due, how far apart they came, and how much of the chip they take.

Knows time alone; does not know what a tick does.
"""

from micropython import const

from evse.safety.limits import elapsed_ms

PERIOD_MS = const(20)
_WINDOW_MS = const(10000)
_FIRST_MS = const(900)  # something is to be shown soon after boot
_WHEEL = const(0x3FFFFFFF)


class Beat:
    """Ticks lie on a grid of 20 ms; one that comes late moves no other. Times are 0..2^30-1 ms, as time.ticks_ms()."""

    def __init__(self) -> None:
        self.busy_percent = 0  # of the last ten seconds
        self.longest_ms = PERIOD_MS  # from one tick to the next with the contactor closed, in this plug-in
        self.last_ms = 0  # when the last tick began
        self._due_ms = 0
        self._ended_ms = 0
        self._window_ms = 0
        self._busy_us = 0

    def begin(self, now_ms: int) -> None:
        """The grid starts here."""
        self.last_ms = self._ended_ms = self._window_ms = now_ms
        self._due_ms = (now_ms + PERIOD_MS) & _WHEEL

    def is_due(self, now_ms: int) -> bool:
        """Whether it is time for a tick that was not made yet."""
        return elapsed_ms(now_ms, self._due_ms) <= _WHEEL // 2

    def room_ms(self, now_ms: int) -> int:
        """How long until the next tick is due; 0 when it is."""
        return 0 if self.is_due(now_ms) else elapsed_ms(self._due_ms, now_ms)

    def is_held(self, now_ms: int) -> bool:
        """Whether something else than ticks had the chip for most of the time since the last one began."""
        waited_ms = min(elapsed_ms(now_ms, self._due_ms), elapsed_ms(now_ms, self._ended_ms))
        return 2 * waited_ms > elapsed_ms(now_ms, self.last_ms)

    def made(self, now_ms: int) -> None:
        """The tick that began then has done its work; one that is broken off before counts as not made."""
        self.last_ms = now_ms
        missed = elapsed_ms(now_ms, self._due_ms) // PERIOD_MS
        self._due_ms = (self._due_ms + PERIOD_MS * (missed + 1)) & _WHEEL

    def ended(self, now_ms: int, spent_us: int) -> None:
        """It gives the chip back after so long."""
        self._ended_ms = now_ms
        self._busy_us += spent_us

    def weigh(self, now_ms: int) -> None:
        """Once a second: what the ticks took."""
        span_ms = elapsed_ms(now_ms, self._window_ms)
        if span_ms < (_WINDOW_MS if self.busy_percent else _FIRST_MS):
            return
        self.busy_percent = self._busy_us // (span_ms * 10)
        self._window_ms = now_ms
        self._busy_us = 0
