"""A car so named shows B for up to 550 ms after a new duty: that opens nothing, and buys no car more time."""

from evse.safety.limits import LEVEL_A, LEVEL_B, LEVEL_C, PILOT_PWM
from evse.safety.pilot import Pilot

WHEEL_MS = 1 << 30
MV = {LEVEL_A: 12000, LEVEL_B: 9000, LEVEL_C: 6000}


def see(pilot, level, now_ms):
    pilot.take(MV[level], -12000, PILOT_PWM, now_ms % WHEEL_MS)
    return pilot.raw


def charging(glitch_ms, now_ms=0):
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
