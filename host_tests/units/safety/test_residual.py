"""The residual-current monitor's self-test: trip within 500 ms, clear within 3 s, valid for 24 h and one plug-in."""

from evse.safety.residual import SelfTest

WHEEL_MS = 1 << 30
STARTS_MS = (0, WHEEL_MS - 100, WHEEL_MS - 520)
DAY_MS = 24 * 60 * 60 * 1000


def outcome(test):
    return test.is_pressing, test.is_running, test.is_passed, test.has_failed


PRESSING = (True, True, False, False)
RELEASED = (False, True, False, False)
PASSED = (False, False, True, False)
FAILED = (False, False, False, True)
IDLE = (False, False, False, False)


def pass_test(test, now_ms):
    """Run a whole test that works, in 40 ms."""
    test.run(True, False, now_ms)
    test.run(True, True, now_ms + 20)
    test.run(True, False, now_ms + 40)


def test_nothing_happens_until_it_may():
    test = SelfTest()
    test.run(False, False, 0)
    assert outcome(test) == IDLE
    test.run(True, False, 20)
    assert outcome(test) == PRESSING


def test_the_trip_must_come_in_500_ms():
    for start_ms in STARTS_MS:
        for trip_ms in (20, 480, 499, 500, 501):
            test = SelfTest()
            test.run(True, False, start_ms)
            test.run(True, False, (start_ms + trip_ms) % WHEEL_MS)
            assert outcome(test) == (FAILED if trip_ms >= 500 else PRESSING), (start_ms, trip_ms)
            test = SelfTest()
            test.run(True, False, start_ms)
            test.run(True, True, (start_ms + trip_ms) % WHEEL_MS)
            assert outcome(test) == RELEASED, (start_ms, trip_ms)


def test_the_trip_must_go_in_3_s():
    for start_ms in STARTS_MS:
        for clear_ms in (20, 2980, 2999, 3000, 3001):
            for is_gone in (False, True):
                test = SelfTest()
                test.run(True, False, start_ms)
                test.run(True, True, (start_ms + 400) % WHEEL_MS)
                test.run(True, not is_gone, (start_ms + 400 + clear_ms) % WHEEL_MS)
                expected = PASSED if is_gone else FAILED if clear_ms >= 3000 else RELEASED
                assert outcome(test) == expected, (start_ms, clear_ms, is_gone)


def test_a_started_test_goes_on_when_it_may_no_longer_start():
    test = SelfTest()
    test.run(True, False, 0)
    test.run(False, True, 20)
    test.run(False, False, 40)
    assert outcome(test) == PASSED


def test_a_failed_test_is_not_tried_again_until_forgotten():
    test = SelfTest()
    test.run(True, False, 0)
    test.run(True, False, 500)
    for now_ms in range(520, 10000, 20):
        test.run(True, False, now_ms)
        assert outcome(test) == FAILED
    test.forget()
    assert outcome(test) == IDLE
    test.run(True, False, 10000)
    assert outcome(test) == PRESSING
    test.run(True, False, 10499)
    assert outcome(test) == PRESSING


def test_forgetting_in_the_middle_lets_go_of_the_input():
    test = SelfTest()
    test.run(True, False, 0)
    test.forget()
    assert outcome(test) == IDLE


def test_a_passed_test_stands_for_24_h_and_until_it_may_run_again():
    for start_ms in (0, WHEEL_MS - 1000):
        for age_ms in (20, DAY_MS - 1, DAY_MS):
            test = SelfTest()
            pass_test(test, start_ms)
            test.run(True, False, (start_ms + 60) % WHEEL_MS)
            test.run(False, False, (start_ms + 60 + age_ms) % WHEEL_MS)
            assert outcome(test) == PASSED
            test.run(True, False, (start_ms + 60 + age_ms) % WHEEL_MS)
            assert outcome(test) == (PRESSING if age_ms >= DAY_MS else PASSED), (start_ms, age_ms)


def test_forgetting_makes_the_next_plug_in_test_again():
    test = SelfTest()
    pass_test(test, 0)
    test.forget()
    assert outcome(test) == IDLE
    test.run(True, False, 1000)
    assert outcome(test) == PRESSING
