"""A reason comes when something is wrong for a second, goes with the first good reading, and names what was found."""

from evse.meter.metering import Sanity

# In the order of METER in evse/app/text.py.
FINE, UNSIGNED, STARTING, CLIPPED, BIAS, FLAT, REFERENCE, FREQUENCY, OLD, REVERSED = range(10)

WHEEL_MS = 1 << 30
ROUND_MS = 240


def feed(checks, suspects, start_ms=0):
    """The reasons after each round."""
    return [checks.judge(suspect, (start_ms + index * ROUND_MS) % WHEEL_MS) for index, suspect in enumerate(suspects)]


def test_it_begins_without_a_reading():
    assert Sanity().reason == STARTING
    assert feed(Sanity(), [FINE]) == [FINE]


def test_a_fault_is_told_after_a_second_a_flat_line_after_two_and_both_within_three():
    for start_ms in (0, WHEEL_MS - 700):
        for code in range(CLIPPED, OLD):
            reasons = feed(Sanity(), [FINE] + [code] * 12, start_ms)
            first_ms = reasons.index(code) * ROUND_MS - ROUND_MS
            wanted_ms = 2000 if code == FLAT else 1000
            assert wanted_ms <= first_ms < wanted_ms + ROUND_MS, (code, first_ms)
            assert reasons[-1] == code


def test_one_bad_round_is_forgiven_and_a_good_one_ends_a_fault():
    assert feed(Sanity(), [0, CLIPPED, 0, CLIPPED, 0]) == [0, 0, 0, 0, 0]
    assert feed(Sanity(), [0] + [CLIPPED] * 8 + [0])[-1] == 0


def test_faults_that_change_all_the_time_make_the_reading_old():
    reasons = feed(Sanity(), [0] + [CLIPPED, FREQUENCY] * 8)
    first_ms = reasons.index(OLD) * ROUND_MS
    assert 3000 < first_ms <= 3000 + ROUND_MS


def test_what_a_comparison_found_stays_until_it_is_taken_back():
    checks = Sanity()
    feed(checks, [0])
    checks.found = REVERSED
    assert feed(checks, [0, 0, 0]) == [REVERSED] * 3
    checks.found = FINE
    assert feed(checks, [0]) == [0]


def test_current_only_is_no_fault():
    assert feed(Sanity(), [UNSIGNED] * 5) == [UNSIGNED] * 5
