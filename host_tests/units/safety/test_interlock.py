"""The interlock against a model of its own, over every combination of what it is asked and of what happened before."""

from evse.app import text
from evse.safety.guard import Interlock
from evse.safety.limits import LEVEL_A, LEVEL_B, LEVEL_C, LEVEL_D, PILOT_MINUS12, PILOT_OPEN, PILOT_PWM, PILOT_X1

LEVELS = range(len(text.LEVELS))
PILOTS = (PILOT_X1, PILOT_PWM, PILOT_MINUS12, PILOT_OPEN)
FANS = (False, True)
LAST_MS = (1 << 30) - 1


class Past:
    """A history: `steps` are (ms, may be closed, pilot, level, is_blocked); then the step asked about comes at `at_ms`.

    The rest says in plain words what the history amounts to.
    """

    def __init__(self, name, steps, at_ms, was_closed=False, is_ready=False, must_leave=False, is_overdue=False):
        self.name = name
        self.steps = steps
        self.at_ms = at_ms
        self.was_closed = was_closed
        self.is_ready = is_ready
        self.must_leave = must_leave
        self.is_overdue = is_overdue

    def interlock(self, has_fan, start_ms):
        """An interlock that has lived through it."""
        interlock = Interlock(has_fan)
        for at_ms, may, pilot, level, is_blocked in self.steps:
            interlock.ask(may, pilot, level, level, is_blocked, (start_ms + at_ms) & LAST_MS)
        assert interlock.permits == self.was_closed, self.name
        assert interlock.must_leave_c == self.must_leave, self.name
        return interlock


READY = [(0, False, PILOT_PWM, LEVEL_C, False)]
CLOSED = [(0, True, PILOT_PWM, LEVEL_C, False), (500, True, PILOT_PWM, LEVEL_C, False)]
CUT = CLOSED + [(600, True, PILOT_PWM, LEVEL_C, True)]
WITHDRAWN = CLOSED + [(1000, True, PILOT_X1, LEVEL_C, False)]
PASTS = (
    Past("fresh", [], 0, is_overdue=False),
    Past("499 ms of C under the offer", READY, 499),
    Past("500 ms of C under the offer", READY, 500, is_ready=True),
    Past("a break in the 500 ms", READY + [(499, False, PILOT_PWM, LEVEL_B, False)], 900),
    Past("X1 in the 500 ms", READY + [(480, False, PILOT_X1, LEVEL_C, False)], 900),
    Past("a block in the 500 ms", READY + [(480, False, PILOT_PWM, LEVEL_C, True)], 900),
    Past("closed", CLOSED, 520, was_closed=True, is_ready=True),
    Past("cut while the car is in C", CUT, 620, must_leave=True),
    Past("cut, and C goes on", CUT + [(620, False, PILOT_PWM, LEVEL_C, False)], 1120, must_leave=True, is_ready=True),
    Past(
        "cut, then B, then C for 500 ms",
        CUT + [(620, False, PILOT_PWM, LEVEL_B, False), (640, False, PILOT_PWM, LEVEL_C, False)],
        1140,
        is_ready=True,
    ),
    Past("offer withdrawn 5999 ms ago", WITHDRAWN, 6999, was_closed=True),
    Past("offer withdrawn 6000 ms ago", WITHDRAWN, 7000, was_closed=True, is_overdue=True),
    Past(
        "withdrawn 6000 ms ago, an offer in between",
        WITHDRAWN + [(4000, True, PILOT_PWM, LEVEL_C, False), (4020, True, PILOT_X1, LEVEL_C, False)],
        7000,
        was_closed=True,
    ),
)


def expected_permit(past, has_fan, may, pilot, raw, is_blocked):
    """May the contactor be closed? Said as the two ways it can be, instead of the ways it cannot."""
    is_car_there = raw == LEVEL_C or (has_fan and raw == LEVEL_D)
    may_at_all = is_car_there and not is_blocked and may
    offers = pilot == PILOT_PWM
    closes = offers and past.is_ready and not past.must_leave and not past.was_closed
    stays = past.was_closed and (offers or (pilot == PILOT_X1 and not past.is_overdue))
    return may_at_all and (closes or stays)


def test_every_question_after_every_past_is_answered_as_the_model_says():
    for start_ms in (0, LAST_MS - 550):
        for past in PASTS:
            for has_fan in FANS:
                ask_everything(past, has_fan, start_ms)


def ask_everything(past, has_fan, start_ms):
    interlock = past.interlock(has_fan, start_ms)
    kept = remember(interlock)
    now_ms = (start_ms + past.at_ms) & LAST_MS
    for may in (False, True):
        for pilot in PILOTS:
            for raw in LEVELS:
                for stable in LEVELS if raw in (LEVEL_A, LEVEL_B, LEVEL_C) else (raw, LEVEL_A):
                    for is_blocked in (False, True):
                        restore(interlock, kept)
                        case = (past.name, has_fan, start_ms, may, pilot, raw, stable, is_blocked)
                        permit = interlock.ask(may, pilot, raw, stable, is_blocked, now_ms)
                        check(past, interlock, permit, case)


def check(past, interlock, permit, case):
    has_fan, may, pilot, raw, stable, is_blocked = case[1], case[3], case[4], case[5], case[6], case[7]
    expected = expected_permit(past, has_fan, may, pilot, raw, is_blocked)
    assert permit == expected, case
    assert interlock.permits == expected, case
    is_gone = raw == stable and stable in (LEVEL_A, LEVEL_B)
    must_leave = (past.was_closed and not expected) or (past.must_leave and not is_gone)
    assert interlock.must_leave_c == must_leave, case


def remember(interlock):
    """The interlock's whole state, so that one past serves many questions."""
    holds = (interlock.ready, interlock._withdrawn)
    return interlock.permits, interlock.must_leave_c, [(h.is_running, h.is_over, h._since_ms) for h in holds]


def restore(interlock, kept):
    interlock.permits, interlock.must_leave_c, holds = kept
    for hold, values in zip((interlock.ready, interlock._withdrawn), holds):
        hold.is_running, hold.is_over, hold._since_ms = values


def test_asking_twice_in_one_tick_changes_nothing():
    for past in PASTS:
        interlock = past.interlock(True, 0)
        for may in (False, True):
            for pilot in (PILOT_X1, PILOT_PWM):
                first = interlock.ask(may, pilot, LEVEL_C, LEVEL_C, False, past.at_ms)
                kept = remember(interlock)
                assert interlock.ask(may, pilot, LEVEL_C, LEVEL_C, False, past.at_ms) == first
                assert remember(interlock) == kept, (past.name, may, pilot)


def test_a_new_interlock_is_open_and_knows_no_car():
    for has_fan in FANS:
        interlock = Interlock(has_fan)
        assert (interlock.permits, interlock.must_leave_c) == (False, False)


def test_d_with_a_fan_counts_as_c_without_a_new_wait():
    interlock = Interlock(True)
    assert not interlock.ask(True, PILOT_PWM, LEVEL_D, LEVEL_D, False, 0)
    assert not interlock.ask(True, PILOT_PWM, LEVEL_C, LEVEL_D, False, 499)
    assert interlock.ask(True, PILOT_PWM, LEVEL_D, LEVEL_D, False, 500)
    assert interlock.ask(True, PILOT_PWM, LEVEL_C, LEVEL_D, False, 520)


def test_a_bounce_to_b_that_is_not_stable_does_not_free_a_car_that_was_cut():
    for level in (LEVEL_A, LEVEL_B):
        interlock = Interlock(False)
        for at_ms, may, pilot, each, is_blocked in CUT:
            interlock.ask(may, pilot, each, each, is_blocked, at_ms)
        interlock.ask(True, PILOT_PWM, level, LEVEL_C, False, 620)
        assert interlock.must_leave_c, level
        interlock.ask(True, PILOT_PWM, LEVEL_C, level, False, 640)
        assert interlock.must_leave_c, level
        interlock.ask(True, PILOT_PWM, level, level, False, 660)
        assert not interlock.must_leave_c, level
