"""The journal: a ring of events in RAM that counts what it had to drop.

Knows codes and numbers; does not know flash, or the time of day (times are seconds since boot).
"""

from array import array

from micropython import const

CAPACITY = const(64)

BOOT = const(0)
PLUGGED = const(1)
UNPLUGGED = const(2)
CLOSED = const(3)
OPENED = const(4)
OPENED_HOT = const(5)
PULSE = const(6)
WOKEN = const(7)
FAULT = const(8)
LATE = const(9)
MODE = const(10)
NAMES = (
    "boot, cause",
    "plugged",
    "unplugged, Wh",
    "contactor closed, offer mA",
    "contactor opened, Wh",
    "contactor opened under load, pilot level",
    "wake pulse, ms",
    "car woken, after pulses",
    "fault, bits",
    "ticks were late, ms",
    "mode, 0 off 1 fast 2 solar 3 eco 4 min:",
)


class Journal:
    """Events in order; dropped counts the ones overwritten before they were saved."""

    def __init__(self) -> None:
        self.count = 0
        self.dropped = 0
        self._first = 0
        self._at_s = array("i", [0] * CAPACITY)
        self._code = array("i", [0] * CAPACITY)
        self._value = array("i", [0] * CAPACITY)

    def add(self, at_s: int, code: int, value: int) -> None:
        """Remember an event; when full, the oldest goes and is counted."""
        slot = (self._first + self.count) % CAPACITY
        if self.count == CAPACITY:
            self._first = (self._first + 1) % CAPACITY
            self.dropped += 1
        else:
            self.count += 1
        self._at_s[slot] = at_s
        self._code[slot] = code
        self._value[slot] = value

    def line(self, index: int) -> str:
        """Event `index` (0 = oldest) as text: seconds since boot, name, value."""
        slot = (self._first + index) % CAPACITY
        return "%d s %s %d" % (self._at_s[slot], NAMES[self._code[slot]], self._value[slot])

    def forget(self) -> None:
        """Saved: start over."""
        self.count = 0
        self.dropped = 0
