"""Energy counter: watts over milliseconds become watt-hours, remainder kept.

Knows no meter. 32-bit small ints: W * ms is split so that nothing passes 2^30.
"""

from micropython import const

_W_MS_PER_WH = const(3600000)


class Energy:
    """Counts up: wh is whole watt-hours, the rest waits in the remainder."""

    def __init__(self) -> None:
        self.wh = 0
        self._rest = 0

    def step(self, power_w: int, elapsed_ms: int) -> None:
        """Add `power_w` (0..40000) over `elapsed_ms`; at most 20 s at a time count, a longer gap is not invented."""
        self._rest += max(0, power_w) * min(elapsed_ms, 20000)
        self.wh += self._rest // _W_MS_PER_WH
        self._rest %= _W_MS_PER_WH

    def clear(self) -> None:
        """Start again at zero."""
        self.wh = 0
        self._rest = 0
