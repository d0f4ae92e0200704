"""Time on a wheel of 2^30 ms: elapsed time, and a condition held for so long.

Knows no clock: `now_ms` is always an argument, 0..2^30-1, as time.ticks_ms() gives it.
"""

from micropython import const

from evse.core.limits import GAP_MS

_WHEEL = const(0x3FFFFFFF)


def elapsed_ms(now_ms: int, then_ms: int) -> int:
    """Milliseconds from `then_ms` to `now_ms` over one wrap of the wheel, 0..2^30-1."""
    return (now_ms - then_ms) & _WHEEL


def is_late(now_ms: int, last_tick_ms: int) -> bool:
    """Whether the one-shot may have opened the coil since the last tick."""
    return elapsed_ms(now_ms, last_tick_ms) > GAP_MS


class Hold:
    """True once a condition has held, unbroken, for `hold_ms`; stays true until it breaks."""

    def __init__(self, hold_ms: int) -> None:
        self.hold_ms = hold_ms
        self.is_running = False
        self.is_over = False
        self._since_ms = 0

    def step(self, condition: bool, now_ms: int) -> bool:
        """Feed one tick's `condition`; returns whether it has held for `hold_ms`."""
        if not condition:
            self.is_running = False
            self.is_over = False
            return False
        if not self.is_running:
            self.is_running = True
            self._since_ms = now_ms
        if not self.is_over and elapsed_ms(now_ms, self._since_ms) >= self.hold_ms:
            self.is_over = True
        return self.is_over

    def held_ms(self, now_ms: int) -> int:
        """How long the condition has held, 0 when it does not; meaningless after 12 days."""
        return elapsed_ms(now_ms, self._since_ms) if self.is_running else 0
