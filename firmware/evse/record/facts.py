"""Facts, what is so now in whole numbers; and the journal, a ring of what happened, noted from them.

The controller fills the facts; the ledger, the texts and what outlives a reset see these and nothing else. Knows codes
and numbers; does not know flash, words (app/text.py) or the time of day (times are seconds since boot).
"""

from array import array

from micropython import const

from evse.safety.limits import (
    LEVEL_A,
    LEVEL_B,
    LEVEL_BAD,
    STATE_A,
    STATE_B1,
    STATE_B2,
    STATE_C1,
    STATE_C2,
    elapsed_ms,
)

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
EVENT_HELD = const(19)
EVENT_BUSY = const(20)
EVENT_LONGEST = const(21)

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
    """Events in order, in a ring of CAPACITY; mode: the place in settings.MODES it begins with."""

    def __init__(self, mode: int) -> None:
        self.count = 0
        self.dropped = 0  # overwritten before they were saved
        self.first = 0  # the slot of the oldest
        self.added = 0  # events ever, modulo 2^30
        self.cells = array("i", [0] * (CAPACITY * EVENT_FIELDS))
        # The time of day at uptime 0, in seconds since 2020-01-01 by the clock on the wall; 0 while it is not known.
        self.base_s = 0
        self.told_faults = 0
        self.is_told_closed = False
        self._told_mode = mode
        self._is_unsure = False
        self._offered_ms = 0
        self._withdrawn_ms = 0

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

    def second(self, facts: Facts) -> None:
        """Once a second: note a change of mode."""
        if facts.mode != self._told_mode:
            self._told_mode = facts.mode
            self.add(facts.uptime_s, EVENT_MODE, facts.mode)

    def switched(self, facts: Facts) -> None:
        """Faults or the contactor are not as told: note what changed."""
        if facts.faults & ~self.told_faults:
            self._note_fault(facts)
        self.told_faults = facts.faults
        if facts.is_permitted != self.is_told_closed:
            self._note_contactor(facts)

    def changed(self, facts: Facts, was: int, now_ms: int) -> None:
        """The session left state `was` in this tick; to be called before anything is forgotten over it."""
        state = facts.state
        at_s = facts.uptime_s
        if state == STATE_A:
            self.add(at_s, EVENT_UNPLUGGED, facts.session_wh)
        elif was == STATE_A:
            self.add(at_s, EVENT_PLUGGED, facts.cable_ma)
        if state == STATE_C2:
            self._answered(facts, was, now_ms)
        elif state == STATE_B2 and was == STATE_C2:
            self.add(at_s, EVENT_ENDED, facts.session_wh)
        elif state == STATE_B2:
            self._offered_ms = now_ms
            self.add(at_s, EVENT_OFFERED, facts.offer_ma)
        elif state == STATE_C1 and was == STATE_C2:
            self._withdrawn_ms = now_ms
            self.add(at_s, EVENT_WITHDRAWN, facts.limiter)
        elif state == STATE_B1 and was == STATE_C1:
            self.add(at_s, EVENT_LET_GO, elapsed_ms(now_ms, self._withdrawn_ms))

    def _answered(self, facts: Facts, was: int, now_ms: int) -> None:
        if was != STATE_B2:
            return  # it never let go, or there was no offer to answer
        after_ms = elapsed_ms(now_ms, self._offered_ms)
        self.add(facts.uptime_s, EVENT_ANSWERED, after_ms)
        if facts.has_pulsed:
            self.add(facts.uptime_s, EVENT_WOKEN, facts.pulses)

    def _note_fault(self, facts: Facts) -> None:
        self.add(facts.uptime_s, EVENT_FAULT, facts.faults)
        if facts.high_mv is not None and facts.low_mv is not None:
            self.add(facts.uptime_s, EVENT_HIGH, facts.high_mv)
            self.add(facts.uptime_s, EVENT_LOW, facts.low_mv)

    def _note_contactor(self, facts: Facts) -> None:
        raw = facts.raw
        is_closed = facts.is_permitted
        if not is_closed and raw == LEVEL_BAD and not self._is_unsure:
            self._is_unsure = True  # S2 may have opened in the middle of the burst: the next one tells
            return
        self._is_unsure = False
        self.is_told_closed = is_closed
        if is_closed:
            self.add(facts.uptime_s, EVENT_CLOSED, facts.offer_ma)
        elif raw == LEVEL_A or raw == LEVEL_B:
            self.add(facts.uptime_s, EVENT_OPENED, facts.session_wh)
        else:
            self.add(facts.uptime_s, EVENT_OPENED_HOT, raw)
