"""Energy against an exact sum, and gaps."""

from evse.core.wishes import Energy


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
