"""Heat: half current from 65 C until under 62, none from 70 C until under 60, none without a believable sensor."""

from evse.safety.offer import Heat


def expected_ma(history_cdeg, full_ma):
    """The cap after a series of temperatures, each threshold a latch of its own."""
    is_halved = is_stopped = False
    for cdeg in history_cdeg:
        is_halved = cdeg >= 6500 or (is_halved and cdeg >= 6200)
        is_stopped = cdeg >= 7000 or (is_stopped and cdeg >= 6000)
    return 0 if is_stopped else max(6000, full_ma // 2) if is_halved else full_ma


def test_every_path_over_the_thresholds():
    points_cdeg = (2000, 5999, 6000, 6199, 6200, 6499, 6500, 6999, 7000, 8000)
    for full_ma in (10000, 16000, 32000):
        for first in points_cdeg:
            for second in points_cdeg:
                for third in points_cdeg:
                    heat = Heat()
                    got_ma = [heat.cap_ma(cdeg, full_ma) for cdeg in (first, second, third)]
                    path = (first, second, third)
                    expected = [expected_ma(path[: count + 1], full_ma) for count in range(3)]
                    assert got_ma == expected, (path, full_ma)


def test_half_is_never_under_six_ampere():
    for full_ma in (6000, 10000, 11999, 12000, 12002, 32000):
        assert Heat().cap_ma(6500, full_ma) == max(6000, full_ma // 2), full_ma


def test_no_believable_sensor_no_current():
    for cdeg in (None, -30000, -4001, -4000, 12000, 12001, 50000):
        assert Heat().cap_ma(cdeg, 32000) == 0, cdeg
    assert Heat().cap_ma(-3999, 32000) == 32000


def test_a_sensor_that_comes_back_finds_the_latches_as_they_were():
    for cdeg, then_ma in ((None, 16000), (-4000, 16000), (11999, 0), (12000, 16000)):
        heat = Heat()
        assert [heat.cap_ma(each, 32000) for each in (6600, cdeg, 6300)] == [16000, 0, then_ma], cdeg
