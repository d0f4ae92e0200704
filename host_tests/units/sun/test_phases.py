"""One phase or three: wished only when sure, never twice within 210 s, and changed only without current."""

from evse.sun.phases import PhaseWish

WHEEL_MS = 1 << 30
THREE_W = 3 * 6 * 230
ONE_W = 16 * 230  # the most that one phase carries here


def run(wish, available_w, seconds, is_charging=False, start_s=0, start_ms=0):
    """Seconds of one surplus; returns when the phases changed, None when they did not."""
    was = wish.phases
    for second in range(seconds):
        now_ms = (start_ms + (start_s + second) * 1000) % WHEEL_MS
        if wish.weigh(available_w, 16000, 230, is_charging and not wish.is_changing, now_ms) != was:
            return second
    return None


def test_three_phases_when_one_cannot_carry_it_and_three_can():
    for start_ms in (0, WHEEL_MS - 30000):
        for available_w in (0, ONE_W, THREE_W - 1, THREE_W, 9000):
            got = run(PhaseWish(1), available_w, 300, True, 0, start_ms)
            is_better = available_w > ONE_W and available_w >= THREE_W
            assert (got is not None) == is_better, (available_w, got)
            assert got is None or 60 <= got <= 75, got


def test_back_to_one_when_three_are_too_many():
    for available_w in (THREE_W - 1, 0, THREE_W, 9000):
        assert (run(PhaseWish(3), available_w, 300) is not None) == (available_w < THREE_W), available_w


def test_not_twice_within_210_s():
    wish = PhaseWish(1)
    changed_s = run(wish, 9000, 300)
    again_s = run(wish, 0, 900, True, changed_s + 1)
    assert 209 <= again_s <= 225, again_s


def test_the_contactor_moves_only_after_ten_seconds_without_current():
    wish = PhaseWish(1)
    for second in range(300):
        wish.weigh(9000, 16000, 230, True, second * 1000)  # a car that does not let go
        assert wish.phases == 1
    assert wish.is_changing
    assert run(wish, 9000, 60, False, 300) == 10


def test_a_break_of_the_surplus_starts_the_minute_again():
    wish = PhaseWish(1)
    assert run(wish, 9000, 59) is None
    run(wish, 0, 1, False, 59)
    assert run(wish, 9000, 60, False, 60) is None
