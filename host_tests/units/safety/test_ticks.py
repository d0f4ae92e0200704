"""Elapsed time on the 2^30 ms wheel, and a condition held."""

from evse.safety.limits import Hold, elapsed_ms

WHEEL_MS = 1 << 30
# Starts far from the wrap, at it, and so that the measured time crosses it.
STARTS_MS = (0, 1, 500, WHEEL_MS // 2, WHEEL_MS - 1000, WHEEL_MS - 30, WHEEL_MS - 1)


def test_elapsed_is_what_was_added_wherever_the_wheel_stands():
    for then_ms in STARTS_MS:
        for spent_ms in (0, 1, 2, 19, 20, 58, 59, 6000, WHEEL_MS // 2, WHEEL_MS - 2, WHEEL_MS - 1):
            now_ms = (then_ms + spent_ms) % WHEEL_MS
            assert elapsed_ms(now_ms, then_ms) == spent_ms, (then_ms, spent_ms)


def test_a_hold_is_over_at_its_time_and_not_before():
    for start_ms in STARTS_MS:
        for hold_ms in (0, 1, 60, 500):
            for held_ms in (0, 1, 59, 60, 61, 499, 500, 501):
                hold = Hold(hold_ms)
                hold.lasts(True, start_ms)
                answer = hold.lasts(True, (start_ms + held_ms) % WHEEL_MS)
                assert answer == (held_ms >= hold_ms), (start_ms, hold_ms, held_ms)
                assert hold.is_over == answer


def test_a_hold_counts_from_the_first_step_of_the_condition():
    hold = Hold(100)
    assert (hold.is_running, hold.is_over) == (False, False)
    hold.lasts(False, 0)
    assert hold.is_running is False
    hold.lasts(True, 1000)
    assert hold.is_running is True
    assert [hold.lasts(True, now_ms) for now_ms in (1050, 1099, 1100, 1101)] == [False, False, True, True]


def test_a_break_starts_a_hold_again():
    for start_ms in STARTS_MS:
        hold = Hold(100)
        at = [(start_ms + step_ms) % WHEEL_MS for step_ms in (0, 99, 100, 199, 200)]
        assert hold.lasts(True, at[0]) is False
        assert hold.lasts(False, at[1]) is False
        assert (hold.is_running, hold.is_over) == (False, False)
        assert hold.lasts(True, at[2]) is False
        assert hold.lasts(True, at[3]) is False
        assert hold.lasts(True, at[4]) is True


def test_a_break_after_the_end_counts_too():
    hold = Hold(100)
    hold.lasts(True, 0)
    assert hold.lasts(True, 100) is True
    assert hold.lasts(False, 120) is False
    assert hold.is_over is False
    assert hold.lasts(True, 140) is False


def test_a_hold_that_is_over_stays_over_when_the_wheel_has_turned_once():
    hold = Hold(100)
    hold.lasts(True, 5)
    hold.lasts(True, 105)
    assert hold.lasts(True, 5) is True  # 12.4 days later, to the millisecond
    assert hold.lasts(True, 10) is True


def test_a_hold_of_another_length_takes_effect_while_it_runs():
    hold = Hold(100)
    hold.lasts(True, 0)
    hold.hold_ms = 50
    assert hold.lasts(True, 50) is True
