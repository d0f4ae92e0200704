"""Faults: which there are, how each blinks, and that none goes away by itself.

Knows bits and names; does not know how a fault is found (residual, weld, pilot) or shown.
"""

from micropython import const

PILOT = const(1)
DIODE = const(2)
SHORT = const(4)
RESIDUAL = const(8)
SELF_TEST = const(16)
WELDED = const(32)
NO_CLOSE = const(64)
VENTILATION = const(128)
TICK = const(256)
SETTINGS = const(512)
OVERDRAW = const(1024)


def blinks(bits: int) -> int:
    """Blink code of the first fault in `bits`, 1..len(NAMES); 0 when there is none."""
    count = 0
    while bits:
        count += 1
        if bits & 1:
            return count
        bits >>= 1
    return 0


class Faults:
    """The latched faults; only unplugging clears them, a broken settings file only saving anew."""

    def __init__(self) -> None:
        self.bits = 0

    def latch(self, bit: int) -> None:
        """Remember a fault until it is cleared."""
        self.bits |= bit

    def clear(self) -> None:
        """Forget the faults; one that is still there latches again in the same tick. SETTINGS stays."""
        self.bits &= SETTINGS
