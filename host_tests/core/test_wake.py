"""The wake ladder: when a pulse is due, which, and the budget that ends it."""

from evse.core.types import PILOT_MINUS12, PILOT_OPEN
from evse.core.wake import BUDGET, Wake

WHEEL_MS = 1 << 30
STEP_MS = 100
WITH_SWITCH = [(PILOT_OPEN, 4000), (PILOT_OPEN, 30000), (PILOT_MINUS12, 4000)]
WITHOUT = [(PILOT_MINUS12, 4000), (PILOT_MINUS12, 30000)]


def pulses(wake, from_ms, until_ms, is_unanswered=True):
    """(ms, pulse) of every pulse; a pulse interrupts the offer for its own length, as the session does."""
    found = []
    now_ms = from_ms
    while now_ms <= until_ms:
        pulse = wake.step(is_unanswered, now_ms % WHEEL_MS)
        if pulse is not None:
            found.append((now_ms - from_ms, pulse))
            wake.step(False, (now_ms + STEP_MS) % WHEEL_MS)
            now_ms += pulse[1]
        now_ms += STEP_MS
    return found


def test_each_rung_comes_30_s_after_the_offer_came_back():
    for start_ms in (0, WHEEL_MS - 31000):
        for has_switch, rungs in ((True, WITH_SWITCH), (False, WITHOUT)):
            expected = []
            at_ms = 0
            for rung in rungs:
                at_ms += 30000
                expected.append((at_ms, rung))
                at_ms += rung[1] + STEP_MS
            assert pulses(Wake(has_switch), start_ms, start_ms + 300000) == expected, (start_ms, has_switch)


def test_no_pulse_while_the_offer_is_answered():
    wake = Wake(True)
    assert pulses(wake, 0, 100000, is_unanswered=False) == []
    assert wake.attempts == 0


def test_a_break_in_the_offer_restarts_the_wait():
    wake = Wake(True)
    wake.step(True, 0)
    assert wake.step(False, 29980) is None
    assert wake.step(True, 30000) is None
    assert wake.step(True, 59999) is None
    assert wake.step(True, 60000) == WITH_SWITCH[0]


def test_the_budget_is_spent_even_if_the_car_answers_in_between():
    for has_switch in (False, True):
        wake = Wake(has_switch)
        taken = 0
        for start_ms in range(0, 2000000, 100000):
            found = pulses(wake, start_ms, start_ms + 30000)
            assert all(pulse == (WITH_SWITCH if has_switch else WITHOUT)[0] for _, pulse in found)
            taken += len(found)
            assert wake.attempts == taken
            assert wake.is_spent == (taken >= BUDGET)
            wake.car_answered()
            wake.step(False, start_ms + 40000)
        assert taken == BUDGET == 3


def test_a_ladder_without_a_next_rung_is_spent():
    wake = Wake(False)
    pulses(wake, 0, 300000)
    assert (wake.attempts, wake.is_spent) == (2, True)
    assert wake.now() is None


def test_a_person_takes_the_next_rung_within_the_budget():
    wake = Wake(True)
    assert [wake.now() for _ in range(5)] == WITH_SWITCH + [None, None]
    assert wake.attempts == 3


def test_a_car_that_stopped_by_itself_is_full_and_not_pulsed():
    wake = Wake(True)
    wake.car_stopped()
    assert wake.is_full
    assert pulses(wake, 0, 200000) == []
    wake.car_answered()
    assert not wake.is_full
    assert len(pulses(wake, 300000, 340000)) == 1


def test_unplugging_gives_everything_back():
    wake = Wake(True)
    pulses(wake, 0, 300000)
    wake.car_stopped()
    wake.forget()
    wake.step(False, 300000)
    assert (wake.attempts, wake.is_full, wake.is_spent, wake.has_pulsed) == (0, False, False, False)
    assert [pulse for _, pulse in pulses(wake, 700000, 1000000)] == WITH_SWITCH


def test_it_is_known_whether_the_car_was_pulsed_since_it_answered():
    wake = Wake(True)
    assert not wake.has_pulsed
    wake.now()
    assert wake.has_pulsed
    wake.car_answered()
    assert not wake.has_pulsed


def test_given_up_needs_a_spent_budget_and_an_offer_left_unanswered_for_a_rung():
    wake = Wake(True)
    for _ in range(3):
        assert wake.now() is not None
    assert wake.is_spent and not wake.is_given_up, "just offered: the car has its time"
    wake.step(True, 0)
    wake.step(True, 29999)
    assert not wake.is_given_up
    wake.step(True, 30000)
    assert wake.is_given_up
    wake.step(False, 30020)
    assert not wake.is_given_up
