"""What can be wrong with the meter: reason codes, and how long something must be wrong before it is said.

Knows codes and times; does not know how a burst is judged (metering.py) or what the caps make of it (caps.py). The
codes' sentences are in app/meter_text.py.
"""

from micropython import const

from evse.core.limits import METER_OLD_MS
from evse.core.ticks import Hold, elapsed_ms

FINE = const(0)
UNSIGNED = const(1)  # no phase reference wired: current only
STARTING = const(2)  # from here on the reading must not be used: down to 6 A, then pause
CLIPPED = const(3)
BIAS = const(4)
FLAT = const(5)
REFERENCE = const(6)
FREQUENCY = const(7)
OLD = const(8)
REVERSED = const(9)
CAR_REVERSED = const(10)
STILL = const(11)
_BAD_MS = const(1000)  # one bad burst is a motor's inrush; a second of them is a fault
_FLAT_MS = const(2000)


class Sanity:
    """reason: the code in force; found: the code that a comparison of powers left, until it is set to FINE again."""

    def __init__(self) -> None:
        self.reason = STARTING
        self.found = FINE
        self._suspect = FINE
        self._bad = Hold(_BAD_MS)
        self._good_ms = 0

    def step(self, suspect: int, now_ms: int) -> int:
        """Take what the newest bursts look like, FINE or a code; returns the reason in force."""
        bad = self._bad
        if suspect != self._suspect:
            self._suspect = suspect
            bad.step(False, now_ms)
        bad.hold_ms = _FLAT_MS if suspect == FLAT else _BAD_MS
        is_bad = bad.step(suspect >= STARTING, now_ms)
        if suspect < STARTING:
            self._good_ms = now_ms
            self.reason = self.found if self.found else suspect
        elif is_bad:
            self.reason = suspect
        elif self.reason < STARTING and elapsed_ms(now_ms, self._good_ms) > METER_OLD_MS:
            self.reason = OLD
        return self.reason
