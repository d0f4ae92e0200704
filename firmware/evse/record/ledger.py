"""The ledger: every second of a plug-in is booked to one cause and so to one party; cases keep the facts behind it.

Sees facts; changes none. Where the facts do not clear the charger, it is the charger: it writes this ledger. The words
of parties and causes are in app/text.py, what the standard allows in app/verdict.py.
"""

from array import array

from micropython import const

from evse.record.facts import Facts
from evse.safety.guard import FAULT_DIODE, FAULT_SHORT, FAULT_VENTILATION
from evse.safety.limits import (
    LEVEL_B,
    LEVEL_C,
    PILOT_MINUS12,
    STATE_A,
    STATE_B2,
    STATE_C2,
    STATE_E,
    STATE_WAKE,
    elapsed_ms,
)
from evse.safety.offer import CAP_CABLE, CAP_FUSE, CAP_HEAT, CAP_METER
from evse.sun.switch import SUN_RESTING

PARTY_NOBODY = const(0)
PARTY_SUN = const(1)
PARTY_HOUSE = const(2)
PARTY_SETTING = const(3)
PARTY_CHARGER = const(4)
PARTY_CABLE = const(5)
PARTY_CAR = const(6)

CAUSE_CHARGED = const(0)
CAUSE_NO_CAR = const(1)
CAUSE_NO_SUN = const(2)
CAUSE_FUSE = const(3)  # the main fuse has no room for this car
CAUSE_MODE_OFF = const(4)
CAUSE_STOPPED = const(5)  # by a person
CAUSE_LIMITED = const(6)  # max_ma is below what this car needs
CAUSE_MARGIN = const(7)  # import_w keeps back what the car would need
CAUSE_LONG_DELAY = const(8)  # a shortest pause that a person made longer than it is by default, from there on
CAUSE_HELD = const(9)  # a program of a person's held the chip over ticks, until the car takes energy again
CAUSE_FAULT = const(10)
CAUSE_METER = const(11)  # old or lost: the charger does not know what it may give
CAUSE_HEAT = const(12)
CAUSE_TESTING = const(13)  # residual self-test
CAUSE_DELAY = const(14)  # its own start delay or pause
CAUSE_PATIENCE = const(15)  # stays off, because the car's patience is spent
CAUSE_PULSE = const(16)
CAUSE_SEQUENCE = const(17)  # steady +12 V before an offer, and from S2 to the contactor
CAUSE_STALLED = const(18)  # the program stood still
CAUSE_PLUG = const(19)  # no rating in the plug, or one below what this car needs
CAUSE_SHORT = const(20)  # pilot shorted to earth
CAUSE_ASLEEP = const(21)  # offered for longer than _ASLEEP_AFTER_S, and it stayed in B
CAUSE_FULL = const(22)  # opened S2 itself under an offer: full, or on a timer
CAUSE_REFUSES = const(23)  # no diode, wants a fan, or no answer to any pulse
CAUSE_SLOW = const(24)  # between offer and S2, and between contactor and current
CAUSE_IDLE = const(25)  # contactor closed and offered for longer than _ASLEEP_AFTER_S, and it drew nothing
CAUSE_HOLDS = const(26)  # longer in C after steady +12 V than _LET_GO_S
CAUSE_COUNT = const(27)

# The party of each cause, in the order above.
PARTY_OF = bytes(
    (PARTY_NOBODY, PARTY_NOBODY, PARTY_SUN, PARTY_HOUSE)
    + (PARTY_SETTING, PARTY_SETTING, PARTY_SETTING, PARTY_SETTING, PARTY_SETTING, PARTY_SETTING)
    + (PARTY_CHARGER, PARTY_CHARGER, PARTY_CHARGER, PARTY_CHARGER, PARTY_CHARGER)
    + (PARTY_CHARGER, PARTY_CHARGER, PARTY_CHARGER, PARTY_CHARGER)
    + (PARTY_CABLE, PARTY_CABLE)
    + (PARTY_CAR, PARTY_CAR, PARTY_CAR, PARTY_CAR, PARTY_CAR, PARTY_CAR)
)

_ASLEEP_AFTER_S = const(30)  # Phoenix, EVerest, SmartEVSE and evcc wait so long in B2; no limit of A.6 is known
_LET_GO_S = const(3)  # A.6 sequence 10.1: S2 opens within 3 s of steady +12 V
_DEFAULT_PAUSE_S = const(180)
# What keeps the offer below what the car needs; a cap that is not named here is the charger's own decision.
_BY_CAP = {CAP_CABLE: CAUSE_PLUG, CAP_HEAT: CAUSE_HEAT, CAP_FUSE: CAUSE_FUSE, CAP_METER: CAUSE_METER}
_CAR_FAULTS = FAULT_DIODE | FAULT_VENTILATION

CASES = const(6)  # kept; a row more is the oldest's
_LEAST_S = const(30)  # a shorter case without a pulse is no case: the ledger's seconds say it all
_LEAST_DELAY_S = const(300)  # the charger's own delays come with every cloud

# The figures of one case.
CASE_AT_S = const(0)
CASE_CAUSE = const(1)
CASE_LOST_S = const(2)
CASE_OFFER_MA = const(3)
CASE_HIGH_MV = const(4)
CASE_LOW_MV = const(5)
CASE_PULSES = const(6)
CASE_PULSE_MS = const(7)  # the last pulse, negative at -12 V
CASE_ANSWER_MS = const(8)  # from the last offer to S2, 0 without
CASE_DETAIL = const(9)  # fault bits, 0.01 C of heat, mA of the main fuse left, or W of surplus
CASE_ENDED_BY = const(10)  # the cause that came after it, -1 while it is open
CASE_BASE_S = const(11)  # the clock that CASE_AT_S is of, 0 for this boot's; see record/facts.py
CASE_FIELDS = const(12)

ROWS = const(6)  # today, the day before, and so many sessions
SESSIONS = const(4)

# The figures of a row.
ROW_BEGAN_S = const(0)
ROW_BASE_S = const(1)  # as CASE_BASE_S
ROW_LENGTH_S = const(2)
ROW_SUNNY_S = const(3)  # seconds in which the surplus was there
ROW_WH = const(4)
ROW_SPENT_S = const(5)  # and CAUSE_COUNT - 1 more: the seconds of each cause
ROW_FIELDS = const(32)

# Where the rows begin in `cells`.
TODAY = const(0)
BEFORE = const(32)
FIRST_SESSION = const(64)

_FLOWS_W = const(200)  # above the error of a clamp, far below the least charge, 1380 W
DARK_S = const(14400)  # no surplus for so long, and the next surplus is a new day's
_DAY_S = const(86400)


class Ledger:
    """Each second booked once; has_meter, fuse_ma, nominal_v: what the board has."""

    def __init__(self, has_meter: bool, fuse_ma: int, nominal_v: int) -> None:
        self.cells = array("i", [0] * (ROWS * ROW_FIELDS))
        self.evidence = Evidence()
        self.cause = CAUSE_NO_CAR  # what the last second was booked to
        self.sessions = 0  # begun so far
        self.is_on = False  # a car is plugged in
        self.is_held = False  # a program of a person's ended the charge, and the car has taken no energy since
        self.dark_s = 0  # without surplus since
        # What was found of the last second.
        self.is_flowing = False  # the car takes energy
        self.is_there = False  # the power that this car needs at least was there,
        self.is_allowed = True  # and the import allowance left it to the car
        self.surplus_w = 0  # without the car
        self.free_ma = 0  # what the house left of the main fuse
        self.waited_s = 0  # so long state and contactor are as they are
        self._is_sunny = False
        self._has_meter = has_meter
        self._fuse_ma = fuse_ma
        self._nominal_v = nominal_v
        self._metered_ms = -1
        self._told_s = 0
        self._spent_s = 0
        self._told_wh = 0
        self._offered_ms = 0
        self._phase = 0
        self._slow_s = 0
        self._blind_s = 0

    def row(self, age: int) -> int:
        """Where in `cells` the session begins that began `age` sessions ago, 0 for the last one."""
        return FIRST_SESSION + (self.sessions - 1 - age) % SESSIONS * ROW_FIELDS

    def begin(self, at_s: int) -> None:
        """A car was plugged in."""
        self.sessions += 1
        self.is_on = True
        self.is_held = False
        self._told_wh = 0
        self._clear(self.row(0), at_s)

    def hold(self) -> None:
        """A program of a person's ended the charge: the wait is that person's until the car takes energy again, is
        unplugged (as at a reset), or the sun is back after four dark hours."""
        self.is_held = True

    def changed(self, facts: Facts, was: int, now_ms: int) -> None:
        """The session left state `was` in this tick."""
        state = facts.state
        if was == STATE_A and state != STATE_A:
            self.begin(facts.uptime_s)
        if state == STATE_B2 and was != STATE_C2:
            self._offered_ms = now_ms
        elif state == STATE_C2 and was == STATE_B2:
            self.evidence.answered(elapsed_ms(now_ms, self._offered_ms))

    def look(self, facts: Facts, base_s: int) -> None:
        """Find the cause of the seconds since the last look; base_s: the time of day, see record/facts.py."""
        self._spent_s = facts.uptime_s - self._told_s
        self._told_s = facts.uptime_s
        self._find(facts)
        self._turn_day(base_s)
        self.cause = cause(facts, self)
        self.is_held = self.is_held and not self.is_flowing
        self.is_on = self.cause != CAUSE_NO_CAR
        self.evidence.second(self.cause, self._told_s - 1, facts, self)

    def _find(self, facts: Facts) -> None:
        """The facts of this second that nobody else keeps."""
        is_permitted = facts.is_permitted
        car_w = facts.car_w
        import_w = facts.import_w
        phase = facts.state * 2 + is_permitted
        self.waited_s = self.waited_s + 1 if phase == self._phase else 1
        self._phase = phase
        self.is_flowing = is_permitted and car_w >= _FLOWS_W
        grid_w = facts.grid_w
        clamp_w = facts.clamp_w
        if grid_w is not None and facts.meter_at_ms != self._metered_ms and (clamp_w is not None or self.waited_s > 1):
            # Grid and car of the same moment, which without a clamp are not those as the contactor moves.
            self._metered_ms = facts.meter_at_ms
            self.surplus_w = (car_w if clamp_w is None else clamp_w) - grid_w  # kept while the meter is lost
        surplus_w = self.surplus_w
        need_w = facts.min_ma * self._nominal_v // 1000
        self.is_allowed = surplus_w + import_w >= need_w
        is_sunny = surplus_w + max(0, import_w) >= need_w
        if self._has_meter and facts.is_blind:
            is_sunny = self._guess(is_sunny, grid_w is None)
        else:
            self._blind_s = 0
        self._is_sunny = is_sunny
        self.is_there = is_sunny or facts.wants_all
        self.free_ma = min(facts.fuse_ma, self._fuse_ma) + surplus_w * 1000 // self._nominal_v

    def _guess(self, is_sunny: bool, is_unknown: bool) -> bool:
        """Without a meter: as it was at the last reading, for as long as a day's dark; before the first, sunny."""
        self._blind_s += self._spent_s
        return (is_sunny or is_unknown) and self._blind_s <= DARK_S

    def book(self, facts: Facts) -> None:
        """Write the second down that was looked at, in another tick, so that none does both."""
        cause = self.cause
        added_wh = max(0, facts.session_wh - self._told_wh)
        self._told_wh = facts.session_wh
        self._add(TODAY, cause, added_wh)
        if self.is_on:
            self._add(self.row(0), cause, added_wh)
        self._wait(cause)

    def _add(self, at: int, cause: int, added_wh: int) -> None:
        """Write the second into the row at `at`; what is more than one second was a stall of the program."""
        cells = self.cells
        spent_s = self._spent_s
        cells[at + ROW_LENGTH_S] += spent_s
        cells[at + ROW_WH] += added_wh
        if self._is_sunny:
            cells[at + ROW_SUNNY_S] += spent_s
        elif cause == CAUSE_NO_CAR:
            return
        if spent_s > 1 and cause != CAUSE_NO_CAR and cause != CAUSE_NO_SUN:
            cells[at + ROW_SPENT_S + (CAUSE_HELD if self.is_held else CAUSE_STALLED)] += spent_s - 1
            spent_s = 1
        cells[at + ROW_SPENT_S + cause] += spent_s

    def _wait(self, cause: int) -> None:
        """A wait that turns out to be a sleep was one from its first second."""
        if cause == CAUSE_SLOW:
            self._slow_s += 1
        elif cause == CAUSE_ASLEEP or cause == CAUSE_IDLE or cause == CAUSE_REFUSES:
            self._rename(TODAY, cause)
            self._rename(self.row(0), cause)
            self._slow_s = 0
        elif PARTY_OF[cause] != PARTY_CHARGER:
            self._slow_s = 0

    def _rename(self, at: int, cause: int) -> None:
        self.cells[at + ROW_SPENT_S + CAUSE_SLOW] -= self._slow_s
        self.cells[at + ROW_SPENT_S + cause] += self._slow_s

    def _turn_day(self, base_s: int) -> None:
        """A day ends at midnight; while the time of day is unknown, with the first sun after four dark hours."""
        now_s = self._told_s - 1
        is_morning = self._is_sunny and self.dark_s >= DARK_S
        if is_morning:
            self.is_held = False
        if base_s:
            is_new = (base_s + now_s) // _DAY_S != (base_s + self.cells[ROW_BEGAN_S]) // _DAY_S
        else:
            is_new = is_morning
        self.dark_s = 0 if self._is_sunny else self.dark_s + self._spent_s
        if is_new:
            self.turn(now_s)

    def turn(self, now_s: int) -> None:
        """Today becomes the day before, and a new one begins."""
        for field in range(ROW_FIELDS):
            self.cells[BEFORE + field] = self.cells[TODAY + field]
        self._clear(TODAY, now_s)
        self._slow_s = 0

    def _clear(self, at: int, now_s: int) -> None:
        for field in range(ROW_FIELDS):
            self.cells[at + field] = 0
        self.cells[at + ROW_BEGAN_S] = now_s


def cause(facts: Facts, book: Ledger) -> int:
    """The cause that this second is booked to; the first rule that holds decides.

    A person's word comes before every defect: while it stands, nothing else could have charged either. A held chip
    comes after all that would have ended the charge without it, and before the delays and the wait it has begun.
    """
    if facts.state == STATE_A:
        return CAUSE_NO_CAR
    if book.is_flowing:
        return CAUSE_CHARGED
    if not book.is_there:
        return CAUSE_NO_SUN
    if facts.is_stopped:
        return CAUSE_STOPPED
    if facts.is_off:
        return CAUSE_MODE_OFF
    faults = facts.faults
    if faults or facts.state == STATE_E:
        if faults & _CAR_FAULTS:
            return CAUSE_REFUSES
        return CAUSE_FAULT if faults & ~FAULT_SHORT else CAUSE_SHORT
    found = _withheld(facts, book) if facts.offer_ma < facts.min_ma else _offered(facts, book.waited_s)
    if not book.is_held or found in (CAUSE_FUSE, CAUSE_LIMITED, CAUSE_MARGIN, CAUSE_METER, CAUSE_HEAT, CAUSE_PLUG):
        return found  # these hold the offer back by themselves
    return CAUSE_HELD


def _withheld(facts: Facts, book: Ledger) -> int:
    """Nothing, or less than the car needs, is offered."""
    min_ma = facts.min_ma
    if facts.max_ma < min_ma:
        return CAUSE_LIMITED
    known = _BY_CAP.get(facts.limiter, CAUSE_DELAY)
    if known == CAUSE_FUSE and book.free_ma >= min_ma:
        return CAUSE_DELAY
    if known != CAUSE_DELAY:
        return known
    if not book.is_allowed:
        return CAUSE_MARGIN
    if not facts.may_stop:
        return CAUSE_PATIENCE
    return CAUSE_LONG_DELAY if _is_long_pause(facts) else CAUSE_DELAY


def _is_long_pause(facts: Facts) -> bool:
    """Whether it waits only because a person made the shortest pause longer than it is by default."""
    least_s = max(_DEFAULT_PAUSE_S, facts.min_off_s)
    return facts.sun_why == SUN_RESTING and facts.sun_held_ms > least_s * 1000


def _offered(facts: Facts, waited_s: int) -> int:
    """Enough is allowed: it is the charger's sequence or the car."""
    if facts.state == STATE_WAKE:
        return CAUSE_PULSE
    if facts.is_stuck:
        return CAUSE_HOLDS if waited_s > _LET_GO_S else CAUSE_SEQUENCE
    if not facts.is_tested:
        return CAUSE_TESTING
    if facts.is_permitted:
        return CAUSE_IDLE if waited_s > _ASLEEP_AFTER_S else CAUSE_SLOW
    raw = facts.raw  # what the car shows now: it takes a debounce until the state follows
    if facts.state == STATE_B2 and raw != LEVEL_C:
        return _unanswered(facts, waited_s)
    return CAUSE_FULL if facts.state == STATE_C2 and raw == LEVEL_B else CAUSE_SEQUENCE


def _unanswered(facts: Facts, waited_s: int) -> int:
    if facts.is_full:
        return CAUSE_FULL
    if facts.is_given_up:
        return CAUSE_REFUSES
    return CAUSE_ASLEEP if facts.has_pulsed or waited_s > _ASLEEP_AFTER_S else CAUSE_SLOW


# Waiting for the car is one case, its pulses and pauses included; it bears the name of the weightiest cause in it.
_PASSING = (CAUSE_PULSE, CAUSE_SEQUENCE, CAUSE_TESTING)
_WAITS = (CAUSE_PULSE, CAUSE_SEQUENCE, CAUSE_TESTING, CAUSE_SLOW, CAUSE_ASLEEP, CAUSE_REFUSES, CAUSE_IDLE)


class Evidence:
    """Cases: stretches of lost time with the facts behind them, so that somebody else can check a verdict.

    A ring of the last ones, the newest perhaps still open.
    """

    def __init__(self) -> None:
        self.cells = array("i", [0] * (CASES * CASE_FIELDS))
        self.count = 0
        self.dropped = 0  # overwritten
        self.next = 0  # slot of the next case, and of the open one
        self.is_open = False

    def cell(self, case: int, field: int) -> int:
        """One figure of case 0 (oldest) to count - 1, the open one last."""
        first = self.next - self.count + (1 if self.is_open else 0)
        return self.cells[(first + case) % CASES * CASE_FIELDS + field]

    def second(self, cause: int, at_s: int, facts: Facts, book: Ledger) -> None:
        """Take one second, booked to `cause` at `at_s`."""
        if self.is_open and not self._goes_on(cause):
            self.close(cause)
        if not self.is_open:
            if cause <= CAUSE_NO_SUN:  # nothing is lost
                return
            self._begin(cause, at_s)
        cells = self.cells
        at = self.next * CASE_FIELDS
        cells[at + CASE_LOST_S] += 1
        was = cells[at + CASE_CAUSE]
        if was != cause and (cause in _PASSING or (cause == CAUSE_SLOW and was not in _PASSING)):
            return
        cells[at + CASE_CAUSE] = cause
        cells[at + CASE_OFFER_MA] = facts.offer_ma
        cells[at + CASE_DETAIL] = _detail(cause, facts, book)
        if facts.is_still and facts.high_mv is not None and facts.low_mv is not None:
            cells[at + CASE_HIGH_MV] = facts.high_mv
            cells[at + CASE_LOW_MV] = facts.low_mv

    def pulse(self, pilot: int, length_ms: int) -> None:
        """A wake pulse of `pilot` (PILOT_...) begins."""
        if self.is_open:
            at = self.next * CASE_FIELDS
            self.cells[at + CASE_PULSES] += 1
            self.cells[at + CASE_PULSE_MS] = -length_ms if pilot == PILOT_MINUS12 else length_ms

    def answered(self, after_ms: int) -> None:
        """The car closed S2 so long after the offer."""
        if self.is_open:
            self.cells[self.next * CASE_FIELDS + CASE_ANSWER_MS] = after_ms

    def close(self, by: int) -> None:
        """End the open case, if there is one; `by`: the cause that comes after it."""
        if not self.is_open:
            return
        self.is_open = False
        at = self.next * CASE_FIELDS
        self.cells[at + CASE_ENDED_BY] = by
        least_s = _LEAST_DELAY_S if self.cells[at + CASE_CAUSE] == CAUSE_DELAY else _LEAST_S
        if self.cells[at + CASE_LOST_S] < least_s and self.cells[at + CASE_PULSES] == 0:
            self.count -= 1
            return
        self.next = (self.next + 1) % CASES

    def _goes_on(self, cause: int) -> bool:
        was = self.cells[self.next * CASE_FIELDS + CASE_CAUSE]
        return cause == was or (was in _WAITS and cause in _WAITS)

    def _begin(self, cause: int, at_s: int) -> None:
        if self.count == CASES:
            self.dropped += 1
        else:
            self.count += 1
        self.is_open = True
        at = self.next * CASE_FIELDS
        for field in range(CASE_FIELDS):
            self.cells[at + field] = 0
        self.cells[at + CASE_AT_S] = at_s
        self.cells[at + CASE_CAUSE] = cause
        self.cells[at + CASE_ENDED_BY] = -1


def _detail(cause: int, facts: Facts, book: Ledger) -> int:
    if facts.faults:
        return facts.faults
    if cause == CAUSE_HEAT:
        return facts.temperature_cdeg or 0
    return book.free_ma if cause == CAUSE_FUSE else book.surplus_w
