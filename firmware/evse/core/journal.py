"""The journal: a ring of events in RAM that counts what it had to drop.

Knows codes and numbers; does not know flash, words (app/events.py) or the time of day (times are seconds since boot).
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
OFFERED = const(11)
ANSWERED = const(12)
ENDED = const(13)
WITHDRAWN = const(14)
LET_GO = const(15)
HIGH = const(16)
LOW = const(17)
GAP = const(18)
COUNT = const(19)

AT_S = const(0)
CODE = const(1)
VALUE = const(2)
FIELDS = const(3)


class Journal:
    """Events in order; dropped counts the ones overwritten before they were saved.

    cells: a ring of CAPACITY events of FIELDS figures; first: the slot of the oldest; added: events ever, modulo 2^30.
    """

    def __init__(self) -> None:
        self.count = 0
        self.dropped = 0
        self.first = 0
        self.added = 0
        self.cells = array("i", [0] * (CAPACITY * FIELDS))

    def add(self, at_s: int, code: int, value: int) -> None:
        """Remember an event; when full, the oldest goes and is counted."""
        at = (self.first + self.count) % CAPACITY * FIELDS
        if self.count == CAPACITY:
            self.first = (self.first + 1) % CAPACITY
            self.dropped += 1
        else:
            self.count += 1
        self.added = (self.added + 1) & 0x3FFFFFFF
        self.cells[at] = at_s
        self.cells[at + CODE] = code
        self.cells[at + VALUE] = value

    def forget(self) -> None:
        """Saved: start over."""
        self.count = 0
        self.dropped = 0

    def cell(self, index: int, field: int) -> int:
        """AT_S (seconds since boot, negative: before it), CODE or VALUE of event `index`, 0 for the oldest."""
        return self.cells[(self.first + index) % CAPACITY * FIELDS + field]
