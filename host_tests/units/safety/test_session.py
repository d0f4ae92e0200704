"""The session: its table against a rule of three lines, its outputs, and its waits, from 0 and across the wrap."""

from evse.app import text
from evse.safety.limits import (
    LEVEL_A,
    LEVEL_B,
    LEVEL_C,
    LEVEL_E,
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
STARTS_MS = (0, WHEEL_MS - 200, WHEEL_MS - 3100, WHEEL_MS - 3500)


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


def test_pwm_comes_back_after_3_s_of_steady_12_v():
    for start_ms in STARTS_MS:
        for held_ms in (0, 20, 2980, 2999, 3000, 3001, 3020):
            session = session_in("B2")
            assert step(session, LEVEL_B, start_ms, is_offering=False) == "B1"
            assert step(session, LEVEL_B, start_ms + 20) == "B1"
            expected = "B2" if held_ms >= 3000 else "B1"
            assert step(session, LEVEL_B, start_ms + 20 + held_ms) == expected, (start_ms, held_ms)


def test_the_wait_for_pwm_runs_on_through_every_state_with_steady_12_v():
    session = session_in("A")
    for now_ms, level in ((0, LEVEL_A), (1000, LEVEL_B), (2000, LEVEL_E), (2980, LEVEL_C), (2999, LEVEL_C)):
        step(session, level, now_ms)
        assert session.pilot == PILOT_X1
    assert step(session, LEVEL_C, 3000) == "C2"


def test_a_fault_shows_minus_12_v_for_300_ms_and_then_steady_12_v():
    for start_ms in STARTS_MS:
        for shown_ms in (0, 20, 280, 299, 300, 301, 320, 10000):
            session = session_in("C2")
            assert step(session, LEVEL_C, start_ms, is_fault=True) == "fault"
            assert (session.pilot, session.may_be_closed) == (PILOT_MINUS12, False)
            step(session, LEVEL_C, start_ms + shown_ms, is_fault=True)
            expected = PILOT_X1 if shown_ms >= 300 else PILOT_MINUS12
            assert (session.pilot, session.may_be_closed) == (expected, False), (start_ms, shown_ms)
            assert session.is_fault_shown == (shown_ms >= 300)


def test_a_fault_is_left_only_by_a_after_it_was_shown():
    for level in LEVELS:
        for shown_ms in (20, 280, 300):
            session = session_in("C2")
            step(session, LEVEL_C, 0, is_fault=True)
            step(session, LEVEL_C, shown_ms, is_fault=True)
            got = step(session, level, shown_ms + 20)
            expected = "A" if level == LEVEL_A and shown_ms == 300 else "fault"
            assert got == expected, (text.LEVELS[level], shown_ms)


def test_a_fault_that_ended_is_shown_anew_when_it_returns():
    session = session_in("A")
    step(session, LEVEL_A, 0, is_fault=True)
    step(session, LEVEL_A, 300, is_fault=True)
    assert step(session, LEVEL_A, 320) == "A"
    assert session.is_fault_shown is False
    step(session, LEVEL_A, 340, is_fault=True)
    assert session.pilot == PILOT_MINUS12


def test_after_a_fault_steady_12_v_is_held_3_s_before_pwm():
    session = session_in("A")
    step(session, LEVEL_A, 0, is_fault=True)
    step(session, LEVEL_A, 300, is_fault=True)
    assert session.pilot == PILOT_X1
    step(session, LEVEL_A, 10000, is_fault=True)
    assert step(session, LEVEL_A, 10020) == "A"
    assert step(session, LEVEL_B, 10040) == "B1"
    assert step(session, LEVEL_B, 13039) == "B1"
    assert step(session, LEVEL_B, 13040) == "B2"


def test_a_pulse_starts_from_b_alone():
    for name in PLUGGED_OR_NOT + ("fault",):
        session = session_in(name)
        session.start_pulse(PILOT_OPEN, 4000, 0)
        assert (session.state == STATE_WAKE) == (name in ("B1", "B2")), name


def test_a_pulse_lasts_as_asked_and_goes_on_with_steady_12_v():
    for pilot in (PILOT_OPEN, PILOT_MINUS12):
        for start_ms in STARTS_MS:
            for lasted_ms in (0, 20, 3999, 4000, 4001):
                session = session_in("B2")
                session.start_pulse(pilot, 4000, 0)
                assert step(session, LEVEL_B, start_ms) == "wake"
                assert (session.pilot, session.may_be_closed) == (pilot, False)
                got = step(session, LEVEL_B, start_ms + lasted_ms)
                assert got == ("B1" if lasted_ms >= 4000 else "wake"), (pilot, start_ms, lasted_ms)
                assert session.pilot == (PILOT_X1 if lasted_ms >= 4000 else pilot)


def pulsed():
    """A session that came out of a 4 s pulse at time 4000."""
    session = session_in("B2")
    session.start_pulse(PILOT_OPEN, 4000, 0)
    step(session, LEVEL_B, 0)
    assert step(session, LEVEL_B, 4000) == "B1"
    return session


def test_after_a_pulse_the_offer_comes_back_in_750_ms_and_later_waits_are_3_s_again():
    session = pulsed()
    assert step(session, LEVEL_B, 4020) == "B1"
    assert step(session, LEVEL_B, 4769) == "B1"
    assert step(session, LEVEL_B, 4770) == "B2"
    assert step(session, LEVEL_B, 4800, is_offering=False) == "B1"
    assert step(session, LEVEL_B, 4820) == "B1"
    assert step(session, LEVEL_B, 7819) == "B1"
    assert step(session, LEVEL_B, 7820) == "B2"


def test_the_next_car_after_an_unplug_in_a_pulse_waits_3_s_again():
    session = pulsed()
    assert step(session, LEVEL_A, 4020) == "A"
    assert step(session, LEVEL_B, 4100) == "B1"
    assert step(session, LEVEL_B, 7019) == "B1"
    assert step(session, LEVEL_B, 7020) == "B2"


def test_a_second_pulse_is_as_long_as_the_first():
    session = pulsed()
    session.start_pulse(PILOT_MINUS12, 1000, 0)
    assert step(session, LEVEL_B, 5000) == "wake"
    assert step(session, LEVEL_B, 5999) == "wake"
    assert step(session, LEVEL_B, 6000) == "B1"


def test_no_level_and_no_missing_offer_ends_a_pulse():
    for level in LEVELS:
        for is_offering in (False, True):
            session = session_in("B2")
            session.start_pulse(PILOT_OPEN, 4000, 0)
            step(session, LEVEL_B, 0)
            assert step(session, level, 3000, is_offering) == "wake", text.LEVELS[level]


def test_a_pulse_that_is_broken_off_ends_in_the_next_step():
    session = session_in("B2")
    session.start_pulse(PILOT_OPEN, 4000, 0)
    step(session, LEVEL_B, 0)
    session.end_pulse()
    assert step(session, LEVEL_B, 20) == "B1"
    assert session.pilot == PILOT_X1


def test_a_fault_ends_a_pulse_and_no_rest_of_it_comes_back():
    session = session_in("B2")
    session.start_pulse(PILOT_OPEN, 4000, 0)
    step(session, LEVEL_B, 0)
    assert step(session, LEVEL_B, 1000, is_fault=True) == "fault"
    session.state = STATE_B2
    session.start_pulse(PILOT_OPEN, 4000, 0)
    assert step(session, LEVEL_B, 3000) == "wake"
    assert step(session, LEVEL_B, 6999) == "wake"
    assert step(session, LEVEL_B, 7000) == "B1"
