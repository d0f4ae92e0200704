"""A boost ends by itself: by energy, by time, or by the first of both."""

from evse.core.wishes import Boost

WHEEL_MS = 1 << 30


def ended_s(wh, minutes, power_w, start_ms=0, most_s=20000):
    boost = Boost()
    boost.begin(wh, minutes, 1000, start_ms)
    for second in range(most_s):
        boost.count(1000 + power_w * second // 3600, (start_ms + second * 1000) % WHEEL_MS)
        if not boost.is_running:
            return second
    return None


def test_it_ends_when_its_energy_or_its_time_is_used_up_whichever_is_first():
    for start_ms in (0, WHEEL_MS - 5000):
        for wh, minutes, expected_s in ((1000, 0, 1000), (0, 30, 1800), (1000, 30, 1000), (4000, 30, 1800)):
            got_s = ended_s(wh, minutes, 3600, start_ms)  # 1 Wh a second
            assert abs(got_s - expected_s) <= 1, (wh, minutes, got_s)


def test_a_boost_of_nothing_is_none_and_end_ends_it():
    boost = Boost()
    assert not boost.is_running
    boost.begin(0, 0, 0, 0)
    assert not boost.is_running
    boost.begin(5, 5, 0, 0)
    assert boost.is_running
    boost.end()
    assert not boost.is_running
