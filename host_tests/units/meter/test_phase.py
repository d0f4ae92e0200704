"""The lock finds any frequency from 45 to 65 Hz from angles alone, holds it, and says when there is none."""

from evse.meter.power import Lock

WHEEL_US = 1 << 30
ROUND_MS = (0, 80, 160)  # when bursts begin in a round of 240 ms, once the frequency is known, a car plugged in ...
SEARCH_MS = (0, 40, 160)  # ... and before


def turn(lock, hz, rounds, start_us=0, noise_ut=0):
    """Bursts of so many rounds of a reference of exactly that frequency."""
    jitter = 1
    for index in range(rounds):
        for ms in ROUND_MS if lock.is_sure else SEARCH_MS:
            jitter = jitter * 1109 + 12345 & 65535
            at_us = (index * 240 + ms) * 1000 + jitter % 300
            turns = at_us * hz / 1000000 + (jitter % 1000 / 500 - 1) * noise_ut / 1000000
            lock.take(*vector(turns), (start_us + at_us) % WHEEL_US)
    return lock


def vector(turns):
    """v_cos and v_sin of a reference that stands at `turns`, by a circle's own formula."""
    import math

    return int(80000 * math.sin(2 * math.pi * turns)), int(80000 * math.cos(2 * math.pi * turns))


def test_any_frequency_is_found_within_a_second_and_exactly_within_five():
    for hz in (45.1, 47, 49.5, 50, 50.2, 52.5, 55, 57.3, 59.5, 60, 60.5, 63, 64.9):
        for start_us in (0, 12345678, WHEEL_US - 500000):
            lock = turn(Lock(), hz, 4, start_us)
            assert lock.is_good, (hz, start_us)
            lock = turn(lock, hz, 16, start_us + 960000)
            assert abs(lock.frequency_mhz - hz * 1000) < 30, (hz, lock.frequency_mhz)


def test_noise_of_the_angle_is_averaged_not_followed():
    lock = turn(Lock(), 50, 30, 0, 8000)  # 3 degrees, as of a square wave's edges between two reads
    assert lock.is_good and abs(lock.frequency_mhz - 50000) < 40
    at_us = 30 * 240 * 1000
    error_ut = (lock.at(at_us) - round(at_us * 50 % 1000000) + 500000) % 1000000 - 500000
    assert abs(error_ut) < 5000, error_ut


def test_mains_that_drift_are_followed_as_well_by_a_burst_a_round_as_by_three():
    # 50 Hz and 0.2 Hz either way in 15 s, as a triangle; the lock's angle just before a burst is taken.
    worst_ut = {}
    for apart_ms in (80, 265):
        lock = turn(Lock(), 50, 30)
        at_ms, turns, worst_ut[apart_ms] = 30 * 240, 0.0, 0
        start_turns = 30 * 240 * 50 / 1000
        while at_ms < 60000:
            place = (at_ms - 7200) % 15000 / 15000
            hz = 50 + 0.8 * (place if place < 0.25 else 0.5 - place if place < 0.75 else place - 1)
            turns += hz * apart_ms / 1000
            at_ms += apart_ms
            expected_ut = lock.at(at_ms * 1000 % WHEEL_US)
            error_ut = (expected_ut - round((start_turns + turns) * 1000000) + 500000) % 1000000 - 500000
            if at_ms > 12000:
                worst_ut[apart_ms] = max(worst_ut[apart_ms], abs(error_ut))
            lock.take(*vector(start_turns + turns), at_ms * 1000 % WHEEL_US)
        assert lock.is_good, apart_ms
    assert worst_ut[80] < 25000 and worst_ut[265] < 2 * worst_ut[80], worst_ut


def test_a_frequency_that_no_mains_have_is_not_good():
    for hz in (41, 43.5, 66.5, 69):
        assert not turn(Lock(), hz, 12).is_good, hz


def test_a_jump_is_lost_and_found_again():
    lock = turn(Lock(), 50, 8)
    assert lock.is_good
    turn(lock, 60, 1, 8 * 240000)
    assert not lock.is_sure
    assert turn(lock, 60, 6, 9 * 240000).is_good


def test_after_a_long_silence_it_begins_anew():
    lock = turn(Lock(), 50, 8)
    lock.take(*vector(0.3), 8 * 240000 + 2000000)
    assert not lock.is_sure


def test_the_burst_s_rate_is_256_steps_a_cycle_within_bounds():
    for mhz, cycle_us in ((45000, 22222), (50000, 20000), (60000, 16667), (65000, 15385)):
        lock = Lock()
        lock.frequency_mhz = mhz
        assert abs(lock.rate * cycle_us / (1 << 20) - 256) < 0.05, mhz
    lock.frequency_mhz = 20000
    assert lock.rate >= 256 * (1 << 20) / 22300
