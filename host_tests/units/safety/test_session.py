"""The session's table against a rule of three lines, and its outputs."""

from evse.app import text
from evse.safety.limits import (
    PILOT_MINUS12,
    PILOT_OPEN,
    PILOT_PWM,
    PILOT_X1,
    STATE_A,
    STATE_B1,
    STATE_B2,
    STATE_FAULT,
    STATE_WAKE,
)
from evse.safety.session import Session

LEVELS = range(len(text.LEVELS))
PLUGGED_OR_NOT = ("A", "B1", "B2", "C1", "C2", "D1", "D2", "E")
WHEEL_MS = 1 << 30


def step(session, level, now_ms, is_offering=True, is_fault=False):
    """One step at `now_ms` anywhere past the wrap; the new state's name."""
    return text.STATES[session.advance(level, is_offering, is_fault, now_ms % WHEEL_MS)]


def session_in(name, x1_ms=0):
    """A session in state `name` at time 0, whose pilot has been steady for `x1_ms` if the state's pilot is."""
    session = Session()
    session.state = text.STATES.index(name)
    session.pilot = PILOT_PWM if name[-1] == "2" else PILOT_X1
    session._x1.lasts(session.pilot == PILOT_X1, -x1_ms % WHEEL_MS)
    return session


def expected_next(name, letter, is_offering, is_x1_over):
    """Where a level leads: to its own letter; with PWM if it was on, or the state waited 3 s for this very level."""
    if letter not in "ABCDE" or (letter == "E" and name[0] in "CD"):
        return "fault"
    if letter in "AE":
        return letter
    may_offer = name[-1] == "2" or (name == letter + "1" and is_x1_over)
    return letter + ("2" if is_offering and may_offer else "1")


def test_every_cell_leads_where_the_rule_says():
    for name in PLUGGED_OR_NOT:
        for level in LEVELS:
            for is_offering in (False, True):
                for x1_ms in (0, 2999, 3000, 3001):
                    session = session_in(name, x1_ms)
                    expected = expected_next(name, text.LEVELS[level], is_offering, x1_ms >= 3000)
                    got = step(session, level, 0, is_offering)
                    assert got == expected, (name, text.LEVELS[level], is_offering, x1_ms, got)


def test_a_fault_wins_over_every_state_and_level():
    for name in PLUGGED_OR_NOT + ("wake", "fault"):
        for level in LEVELS:
            for is_offering in (False, True):
                assert step(session_in(name, 5000), level, 0, is_offering, is_fault=True) == "fault", (name, level)


def expected_outputs(name):
    """PWM exactly in the 2-states; closed at most where the car has closed S2."""
    pilot = PILOT_MINUS12 if name == "fault" else PILOT_PWM if name[-1] == "2" else PILOT_X1
    return pilot, name[0] in "CD"


def test_outputs_are_looked_up_from_the_state_in_every_step():
    for name in PLUGGED_OR_NOT:
        for level in LEVELS:
            for is_offering in (False, True):
                session = session_in(name, 5000)
                session.may_be_closed = True  # a lost or wrong output is repaired by the next step
                state = step(session, level, 0, is_offering)
                assert (session.pilot, session.may_be_closed) == expected_outputs(state), (name, level, state)


def test_a_new_session_is_in_a_with_steady_12_v_and_open():
    session = Session()
    assert (session.state, session.pilot, session.may_be_closed) == (STATE_A, PILOT_X1, False)
    assert session.is_fault_shown is False


def test_the_names_and_numbers_agree():
    numbers = (STATE_A, STATE_B1, STATE_B2, STATE_FAULT, STATE_WAKE)
    assert [text.STATES[number] for number in numbers] == ["A", "B1", "B2", "fault", "wake"]
    numbers = (PILOT_X1, PILOT_PWM, PILOT_MINUS12, PILOT_OPEN)
    assert [text.PILOTS[number] for number in numbers] == ["+12 V", "PWM", "-12 V", "open"]
