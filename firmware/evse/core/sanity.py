"""What can be wrong with the meter: reason codes, and how long something must be wrong before it is said.

Knows codes and times; does not know how a burst is judged (metering.py) or what the caps make of it (caps.py).
"""

from micropython import const

from evse.core.ticks import Hold

FINE = const(0)
NO_CLAMP = const(1)
UNSIGNED = const(2)
STARTING = const(3)
CLIPPED = const(4)
BIAS = const(5)
FLAT = const(6)
REFERENCE = const(7)
FREQUENCY = const(8)
OLD = const(9)
REVERSED = const(10)
CAR_REVERSED = const(11)
STILL = const(12)
# From STARTING on the reading must not be used: down to 6 A, then pause.
REASONS = (
    "fine",
    "no grid clamp on this board: no solar mode, no fuse guard",
    "current only: wire a phase reference (transformer, opto or the inverter's clamp) for solar mode",
    "no reading yet",
    "clipped: more current than clamp and burden can show, or the bias is off",
    "raw 0 or full scale: the grid clamp's bias is gone",
    "no current at all: is the grid clamp round the wire and plugged in?",
    "the phase reference is dead",
    "no mains frequency of 45..65 Hz in the phase reference",
    "no good reading for 3 s",
    'grid clamp is on backwards: evse.cal.flip("grid")',
    'car clamp is on backwards: evse.cal.flip("car")',
    "grid power does not follow the car: is the grid clamp on this phase, before the charger?",
)
BAD_MS = const(1000)  # one bad burst is a motor's inrush; a second of them is a fault
FLAT_MS = const(2000)


class Sanity:
    """The reason in force: `reason`, an index into REASONS; `suspect`: what the last bursts look like."""

    def __init__(self) -> None:
        self.reason = STARTING
        self.suspect = FINE
        self._bad = Hold(BAD_MS)
        self._latched = FINE

    def step(self, suspect: int, now_ms: int) -> int:
        """Take what the newest bursts look like (FINE or a code); returns the reason in force."""
        if suspect != self.suspect:
            self._bad.step(False, now_ms)
        self.suspect = suspect
        self._bad.hold_ms = FLAT_MS if suspect == FLAT else BAD_MS
        is_bad = self._bad.step(suspect >= STARTING, now_ms)
        if self._latched != FINE:
            self.reason = self._latched
        elif is_bad or suspect < STARTING:
            self.reason = suspect
        return self.reason

    def latch(self, reason: int) -> None:
        """Found by comparing powers, not in a burst: stays until latch(FINE)."""
        self._latched = reason
