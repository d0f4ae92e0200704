"""Facts: what is so now, in whole numbers, and the journal, a ring of what happened.

The controller fills the facts; the ledger, the texts and what outlives a reset see these and nothing else. Knows codes
and numbers; does not know flash, words (app/text.py) or the time of day (times are seconds since boot).
"""

from array import array

from micropython import const

CAPACITY = const(64)

# The journal's events; their names are in app/text.py, in this order.
EVENT_BOOT = const(0)
EVENT_PLUGGED = const(1)
EVENT_UNPLUGGED = const(2)
EVENT_CLOSED = const(3)
EVENT_OPENED = const(4)
EVENT_OPENED_HOT = const(5)
EVENT_PULSE = const(6)
EVENT_WOKEN = const(7)
EVENT_FAULT = const(8)
EVENT_LATE = const(9)
EVENT_MODE = const(10)
EVENT_OFFERED = const(11)
EVENT_ANSWERED = const(12)
EVENT_ENDED = const(13)
EVENT_WITHDRAWN = const(14)
EVENT_LET_GO = const(15)
EVENT_HIGH = const(16)
EVENT_LOW = const(17)
EVENT_GAP = const(18)
EVENT_COUNT = const(19)

EVENT_FIELDS = const(3)  # of one event: when in seconds since boot, code, value


class Facts:
    """What the charger knows of itself at one moment; a reading that is missing is None."""

    def __init__(self) -> None:
        # For the record: told once a second, and with each change.
        self.uptime_s = 0
        self.state = 0  # STATE_...
        self.raw = 0  # LEVEL_...
        self.is_still = False  # the level stands still: S2 is not being debounced
        self.high_mv: int | None = None
        self.low_mv: int | None = None
        self.is_permitted = False  # the contactor is told to be closed
        self.faults = 0  # FAULT_... together
        self.is_stuck = False  # opened under load, and the car has not let go
        self.is_tested = False  # a valid self-test of the residual-current monitor stands
        self.offer_ma = 0
        self.limiter = 0  # CAP_...
        self.is_stopped = False  # by a person ...
        self.is_off = False  # ... or by the mode
        self.is_blind = False  # the meter's age allows no offer
        self.cable_ma = 0
        self.temperature_cdeg: int | None = None
        self.grid_w: int | None = None
        self.clamp_w: int | None = None  # the car's power by its own clamp
        self.car_w = 0  # and measured or taken for its offer
        self.meter_at_ms = 0
        self.session_wh = 0
        self.mode = 0  # place in settings.MODES
        self.wants_all = False  # whatever the sun gives: fast, min, or boosted until unplugged
        self.max_ma = 0
        self.fuse_ma = 0
        self.import_w = 0
        self.min_ma = 0  # of the car, as the next ones
        self.min_off_s = 0
        self.may_stop = True
        self.is_full = False
        self.is_given_up = False
        self.has_pulsed = False
        self.pulses = 0
        self.sun_why = 0  # SUN_...
        self.sun_held_ms = 0
        # For a person alone: told when asked for.
        self.pilot = 0  # PILOT_...
        self.is_closed: bool | None = None  # the contactor as read back
        self.sun_w: int | None = None
        self.meter_reason = 0  # METER_...
        self.why = 0  # a reason of core/face.py
        self.is_boosted = False
        self.boost_wh = 0
        self.boost_s = 0
        self.is_led = False  # the sun has a say
        self.available_w = 0
        self.is_sun_on = False
        self.waiting_s = 0  # until the sun switches if nothing changes
        self.interruptions = 0


class Journal:
    """Events in order, in a ring of CAPACITY."""

    def __init__(self) -> None:
        self.count = 0
        self.dropped = 0  # overwritten before they were saved
        self.first = 0  # the slot of the oldest
        self.added = 0  # events ever, modulo 2^30
        self.cells = array("i", [0] * (CAPACITY * EVENT_FIELDS))

    def add(self, at_s: int, code: int, value: int) -> None:
        """Remember an event; when full, the oldest goes and is counted."""
        at = (self.first + self.count) % CAPACITY * EVENT_FIELDS
        if self.count == CAPACITY:
            self.first = (self.first + 1) % CAPACITY
            self.dropped += 1
        else:
            self.count += 1
        self.added = (self.added + 1) & 0x3FFFFFFF
        self.cells[at] = at_s
        self.cells[at + 1] = code
        self.cells[at + 2] = value

    def forget(self) -> None:
        """Saved: start over."""
        self.count = 0
        self.dropped = 0

    def event(self, index: int) -> "tuple[int, int, int]":
        """When (seconds since boot, negative: before it), code and value of event `index`, 0 for the oldest."""
        at = (self.first + index) % CAPACITY * EVENT_FIELDS
        return self.cells[at], self.cells[at + 1], self.cells[at + 2]
