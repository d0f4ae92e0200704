"""The session's waits, from 0 and across the wrap: PWM's return, a fault shown, a pulse, the pause behind it."""

from test_session import PLUGGED_OR_NOT, WHEEL_MS, session_in, step

from evse.app import text
from evse.safety.limits import (
    LEVEL_A,
    LEVEL_B,
    LEVEL_C,
    LEVEL_E,
    PILOT_MINUS12,
    PILOT_OPEN,
    PILOT_X1,
    STATE_B2,
    STATE_WAKE,
)

LEVELS = range(len(text.LEVELS))
STARTS_MS = (0, WHEEL_MS - 200, WHEEL_MS - 3100, WHEEL_MS - 3500)


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
