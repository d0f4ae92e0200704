"""What a person wishes: a boost ends by energy, by time, or by the first of both. Energy is an exact sum."""

from evse.core.wishes import Boost, Energy

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


def test_it_counts_exactly_over_uneven_ticks():
    energy = Energy()
    exact_w_ms = 0
    for count in range(5000):
        power_w = count * 37 % 40001
        elapsed_ms = 20 + count % 39
        energy.add(power_w, elapsed_ms)
        exact_w_ms += power_w * elapsed_ms
        assert energy.wh == exact_w_ms // 3600000, count


def test_a_gap_of_more_than_20_s_is_not_invented():
    for gap_ms, wh in ((19999, 19999), (20000, 20000), (20001, 20000), (1000000, 20000)):
        energy = Energy()
        for _ in range(360):
            energy.add(10000, gap_ms)
        assert energy.wh == wh, gap_ms


def test_negative_power_counts_nothing():
    energy = Energy()
    for _ in range(200):
        energy.add(-5000, 20000)
    assert energy.wh == 0


def test_clear_forgets_the_remainder_too():
    energy = Energy()
    energy.add(40000, 20000)
    energy.add(179, 20000)
    energy.clear()
    assert energy.wh == 0
    for _ in range(4):
        energy.add(40000, 20000)
    assert energy.wh == 888, "of 888.9"
