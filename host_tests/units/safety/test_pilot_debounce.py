"""The pilot's level at once and debounced, across the wrap, while the car cannot be seen, and after a new duty."""

from evse.safety.limits import (
    LEVEL_A,
    LEVEL_B,
    LEVEL_BAD,
    LEVEL_C,
    LEVEL_D,
    LEVEL_E,
    LEVEL_F,
    PILOT_MINUS12,
    PILOT_OPEN,
    PILOT_PWM,
    PILOT_X1,
)
from evse.safety.pilot import Pilot

WHEEL_MS = 1 << 30
HIGH_MV = {LEVEL_A: 12000, LEVEL_B: 9000, LEVEL_C: 6000, LEVEL_D: 3000, LEVEL_E: 0}


def show(pilot, level, now_ms, driven=PILOT_X1):
    """Feed one burst of a car at `level` under steady +12 V, or under `driven`."""
    high_mv = HIGH_MV[level]
    low_mv = -12000 if driven == PILOT_PWM and level != LEVEL_E else high_mv
    pilot.take(high_mv, low_mv, driven, now_ms % WHEEL_MS)


def test_a_new_pilot_knows_nothing_and_assumes_no_car():
    pilot = Pilot()
    assert (pilot.raw, pilot.stable) == (LEVEL_BAD, LEVEL_A)
    # Hysteresis from an unknown side: an edge counts as approached from below.
    pilot.take(10999, 10999, PILOT_X1, 0)
    assert pilot.raw == LEVEL_B
    pilot = Pilot()
    pilot.take(11000, 11000, PILOT_X1, 0)
    assert pilot.raw == LEVEL_A


def test_raw_follows_at_once_and_its_own_last_value_is_the_hysteresis():
    pilot = Pilot()
    for high_mv, level in ((9000, LEVEL_B), (7301, LEVEL_B), (7299, LEVEL_C), (7699, LEVEL_C), (7700, LEVEL_B)):
        pilot.take(high_mv, high_mv, PILOT_X1, 0)
        assert pilot.raw == level, high_mv


def test_stable_follows_after_60_ms_and_after_500_ms_into_c_and_d():
    for start_ms in (0, WHEEL_MS - 250):
        for old in HIGH_MV:
            for new in HIGH_MV:
                if new == old:
                    continue
                needed_ms = 500 if new in (LEVEL_C, LEVEL_D) else 60
                for held_ms in (0, 59, 60, 61, 499, 500, 501):
                    pilot = Pilot()
                    show(pilot, old, start_ms)
                    show(pilot, old, start_ms + 500)
                    assert pilot.stable == old
                    show(pilot, new, start_ms + 520)
                    show(pilot, new, start_ms + 520 + held_ms)
                    expected = new if held_ms >= needed_ms else old
                    assert (pilot.raw, pilot.stable) == (new, expected), (start_ms, old, new, held_ms)


def test_a_bounce_starts_the_debounce_again():
    for start_ms in (0, WHEEL_MS - 300):
        pilot = Pilot()
        show(pilot, LEVEL_B, start_ms)
        show(pilot, LEVEL_B, start_ms + 60)
        show(pilot, LEVEL_C, start_ms + 80)
        show(pilot, LEVEL_C, start_ms + 560)
        show(pilot, LEVEL_B, start_ms + 570)
        show(pilot, LEVEL_C, start_ms + 580)
        show(pilot, LEVEL_C, start_ms + 1079)
        assert pilot.stable == LEVEL_B
        show(pilot, LEVEL_C, start_ms + 1080)
        assert pilot.stable == LEVEL_C


def test_b_c_b_toggles_of_400_ms_are_never_stable_c():
    pilot = Pilot()
    show(pilot, LEVEL_B, 0)
    for now_ms in range(20, 4000, 20):
        show(pilot, LEVEL_C if now_ms % 800 < 400 else LEVEL_B, now_ms, PILOT_PWM)
        assert pilot.stable != LEVEL_C, now_ms


def test_while_the_car_cannot_be_seen_stable_stays_and_nothing_is_counted():
    for driven, halves_mv in ((PILOT_OPEN, 12000), (PILOT_MINUS12, -12000)):
        pilot = Pilot()
        show(pilot, LEVEL_B, 0)
        show(pilot, LEVEL_B, 60)
        for now_ms in range(80, 5000, 20):
            pilot.take(halves_mv, halves_mv, driven, now_ms)
            assert pilot.stable == LEVEL_B, (driven, now_ms)
        assert pilot.raw == (LEVEL_A if driven == PILOT_OPEN else LEVEL_F)


def test_an_interruption_of_the_pilot_restarts_the_debounce():
    for driven in (PILOT_OPEN, PILOT_MINUS12):
        pilot = Pilot()
        show(pilot, LEVEL_B, 0)
        show(pilot, LEVEL_B, 60)
        show(pilot, LEVEL_C, 80)
        show(pilot, LEVEL_C, 500, driven)
        show(pilot, LEVEL_C, 580)
        assert pilot.stable == LEVEL_B, driven
        show(pilot, LEVEL_C, 1079)
        assert pilot.stable == LEVEL_B, driven
        show(pilot, LEVEL_C, 1080)
        assert pilot.stable == LEVEL_C, driven


def test_bad_bursts_become_stable_bad_after_60_ms():
    pilot = Pilot()
    show(pilot, LEVEL_C, 0)
    show(pilot, LEVEL_C, 500)
    pilot.take(None, None, PILOT_X1, 520)
    pilot.take(None, None, PILOT_X1, 579)
    assert (pilot.raw, pilot.stable) == (LEVEL_BAD, LEVEL_C)
    pilot.take(None, None, PILOT_X1, 580)
    assert pilot.stable == LEVEL_BAD


def test_stable_is_fresh_once_it_was_seen_and_not_after_the_pilot_was_blind():
    for blind in (PILOT_OPEN, PILOT_MINUS12):
        pilot = Pilot()
        assert not pilot.is_fresh, "booted: no car was assumed, not seen"
        show(pilot, LEVEL_A, 0)
        show(pilot, LEVEL_A, 59)
        assert not pilot.is_fresh
        show(pilot, LEVEL_A, 60)
        assert pilot.is_fresh
        show(pilot, LEVEL_A, 80, blind)
        assert not pilot.is_fresh
        show(pilot, LEVEL_A, 100)
        show(pilot, LEVEL_A, 159)
        assert not pilot.is_fresh
        show(pilot, LEVEL_A, 160)
        assert pilot.is_fresh


def see(pilot, level, now_ms):
    """What a charging car at `level` is taken for."""
    show(pilot, level, now_ms, PILOT_PWM)
    return pilot.raw


def charging(glitch_ms, now_ms=0):
    """The pilot of a car in C that shows B for up to `glitch_ms` after a new duty."""
    pilot = Pilot()
    pilot.glitch_ms = glitch_ms
    see(pilot, LEVEL_C, now_ms)
    return pilot


def test_b_counts_as_c_within_the_time_after_a_new_duty_and_no_longer():
    for start_ms in (0, WHEEL_MS - 100):
        for after_ms, level in ((0, LEVEL_C), (549, LEVEL_C), (550, LEVEL_C), (551, LEVEL_B)):
            pilot = charging(550, start_ms)
            pilot.duty_changed(start_ms)
            assert see(pilot, LEVEL_B, start_ms + after_ms) == level, (start_ms, after_ms)


def test_the_time_runs_from_the_duty_s_change():
    pilot = charging(550)
    pilot.duty_changed(0)
    see(pilot, LEVEL_C, 540)
    assert see(pilot, LEVEL_B, 550) == LEVEL_C
    assert see(pilot, LEVEL_B, 560) == LEVEL_B


def test_many_changes_of_the_duty_buy_no_time():
    pilot = charging(550)
    levels = []
    for now_ms in range(0, 700, 10):
        pilot.duty_changed(now_ms)
        levels.append(see(pilot, LEVEL_B, now_ms))
    assert levels == [LEVEL_C] * 56 + [LEVEL_B] * 14, "550 ms from the last C"


def test_a_is_always_a_and_other_cars_have_no_glitch():
    pilot = charging(550)
    pilot.duty_changed(0)
    assert see(pilot, LEVEL_A, 10) == LEVEL_A
    pilot = charging(0)
    pilot.duty_changed(0)
    assert see(pilot, LEVEL_B, 10) == LEVEL_B


def test_no_record_makes_it_longer():
    pilot = charging(10000)
    pilot.duty_changed(0)
    assert see(pilot, LEVEL_B, 550) == LEVEL_C
    assert see(pilot, LEVEL_B, 551) == LEVEL_B


def test_the_session_s_level_stays_too():
    pilot = charging(550)
    for now_ms in range(0, 1000, 20):
        see(pilot, LEVEL_C, now_ms)
    pilot.duty_changed(1000)
    for now_ms in range(1000, 1500, 20):
        see(pilot, LEVEL_B, now_ms)
        assert pilot.stable == LEVEL_C
