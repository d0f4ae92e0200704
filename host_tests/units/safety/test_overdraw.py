"""A car that draws more than offered: how much is too much, and for how long."""

from evse.safety.guard import Overdraw

STEP_MS = 250
WHEEL_MS = 1 << 30


def fault_ms(offers, drawn_ma, lag_ms=0, start_ms=0, most_ms=60000):
    """Ms from the last change of the offer to the fault; offers: (ma, ms) before the last, which holds. None: never."""
    overdraw = Overdraw()
    now_ms = start_ms
    for offer_ma, length_ms in offers[:-1]:
        for _ in range(length_ms // STEP_MS):
            overdraw.watch(offer_ma, min(drawn_ma, offer_ma), lag_ms, now_ms % WHEEL_MS)
            now_ms += STEP_MS
    for spent_ms in range(0, most_ms, STEP_MS):
        overdraw.watch(offers[-1][0], drawn_ma, lag_ms, now_ms % WHEEL_MS)
        if overdraw.is_over:
            return spent_ms
        now_ms += STEP_MS
    return None


def test_ten_percent_and_half_an_ampere_are_borne():
    for offer_ma, most_ma in ((6000, 7100), (10000, 11500), (32000, 35700)):
        for start_ms in (0, WHEEL_MS - 6000):
            assert fault_ms(((32000, 20000), (offer_ma, 0)), most_ma, 0, start_ms) is None
            assert fault_ms(((32000, 20000), (offer_ma, 0)), most_ma + 1, 0, start_ms) is not None


def test_it_is_seven_seconds_after_five_or_after_the_car_s_own_lag_up_to_fifteen():
    for lag_ms, follows_ms in ((0, 5000), (2000, 5000), (5000, 5000), (8000, 8000), (15000, 15000), (40000, 15000)):
        overdraw = Overdraw()
        overdraw.watch(16000, 16000, lag_ms, 0)
        for spent_ms in (0, follows_ms - 1, follows_ms, follows_ms + 6999, follows_ms + 7000):
            overdraw.watch(6000, 16000, lag_ms, spent_ms)
            assert overdraw.is_over == (spent_ms == follows_ms + 7000), (lag_ms, spent_ms)


def test_a_rise_gives_no_new_time_and_a_cut_does():
    overdraw = Overdraw()
    for now_ms in range(0, 20000, STEP_MS):
        overdraw.watch(6000 + (now_ms // 1000) * 10, 9000, 0, now_ms)
        assert overdraw.is_over == (now_ms >= 12000), now_ms
    overdraw = Overdraw()
    for now_ms in range(0, 60000, STEP_MS):
        overdraw.watch(12000 if now_ms // 1000 % 4 < 2 else 11000, 30000, 0, now_ms)
        assert not overdraw.is_over


def test_nothing_offered_is_nothing_overdrawn():
    assert fault_ms(((16000, 20000), (0, 0)), 16000) is None
