"""The offer: the lowest cap wins and is named, it falls at once and rises every 5 s; what cable and heat allow."""

from evse.app import text
from evse.safety.offer import Heat, Offer, cable_ma_from_ohm, ohm_from_mv

CAPS = range(len(text.CAPS))
WHEEL_MS = 1 << 30


def offer_of(caps_ma, now_ms=0):
    """A fresh offer after one step under these caps."""
    offer = Offer()
    for cap in CAPS:
        offer.caps_ma[cap] = caps_ma[cap]
    offer.choose(now_ms)
    return offer


def test_a_new_offer_is_none():
    offer = Offer()
    assert offer.offer_ma == 0
    assert offer.choose(0) == 0
    assert list(offer.caps_ma) == [0] * len(text.CAPS)


def test_the_lowest_cap_wins_and_is_named():
    for lowest in CAPS:
        for cap_ma in (0, 5999, 6000, 6099, 6100, 15999, 16000):
            caps_ma = [32000] * len(text.CAPS)
            caps_ma[lowest] = cap_ma
            offer = offer_of(caps_ma)
            expected_ma = cap_ma // 100 * 100 if cap_ma >= 6000 else 0
            assert (offer.offer_ma, offer.limiter) == (expected_ma, lowest), (lowest, cap_ma)


def test_of_equal_caps_the_first_is_named():
    for first in CAPS:
        caps_ma = [32000] * first + [10000] * (len(text.CAPS) - first)
        offer = offer_of(caps_ma)
        assert offer.limiter == first
        offer.caps_ma[0] = 9000
        offer.choose(20)
        assert offer.limiter == 0, first


def set_caps(offer, cap_ma, now_ms):
    """The offer after one step with every cap at `cap_ma`."""
    for cap in CAPS:
        offer.caps_ma[cap] = cap_ma
    return offer.choose(now_ms % WHEEL_MS)


def test_up_after_5_s_down_at_once():
    for start_ms in (0, 7000, WHEEL_MS - 3000):
        for waited_ms in (20, 4999, 5000, 5001):
            offer = Offer()
            assert set_caps(offer, 10000, start_ms) == 10000
            expected_ma = 12000 if waited_ms >= 5000 else 10000
            assert set_caps(offer, 12000, start_ms + waited_ms) == expected_ma, (start_ms, waited_ms)
            assert set_caps(offer, 8000, start_ms + waited_ms + 20) == 8000
            assert set_caps(offer, 7000, start_ms + waited_ms + 40) == 7000
            assert set_caps(offer, 0, start_ms + waited_ms + 60) == 0


def test_the_5_s_count_from_the_last_rise_not_from_a_fall():
    offer = Offer()
    set_caps(offer, 10000, 0)
    assert set_caps(offer, 8000, 4000) == 8000
    assert set_caps(offer, 9000, 4999) == 8000
    assert set_caps(offer, 9000, 5000) == 9000
    assert set_caps(offer, 10000, 9999) == 9000
    assert set_caps(offer, 10000, 10000) == 10000
    assert set_caps(offer, 10000, 15000) == 10000
    assert set_caps(offer, 11000, 15020) == 11000, "an offer that stays is no rise"


def test_the_limiter_is_known_while_a_rise_waits():
    offer = Offer()
    set_caps(offer, 10000, 0)
    for cap in CAPS:
        offer.caps_ma[cap] = 16000
    offer.caps_ma[3] = 15000
    assert offer.choose(100) == 10000
    assert offer.limiter == 3


# (lowest, highest, mA) as printed in IEC 61851-1 annex B.
WINDOWS = ((80, 140, 63000), (164, 308, 32000), (400, 936, 20000), (1100, 2460, 13000))


def rating_ma(resistance_ohm):
    """The window's rating; between two windows that of the one above, which is the lower rating."""
    if resistance_ohm < 80:
        return 0
    for _, highest_ohm, cable_ma in WINDOWS:
        if resistance_ohm <= highest_ohm:
            return cable_ma
    return 0


def test_every_resistance_gives_its_rating():
    for resistance_ohm in range(0, 6000):
        assert cable_ma_from_ohm(resistance_ohm) == rating_ma(resistance_ohm), resistance_ohm


def test_nominal_resistors_and_none():
    for resistance_ohm, cable_ma in ((100, 63000), (220, 32000), (680, 20000), (1500, 13000), (1000000, 0), (0, 0)):
        assert cable_ma_from_ohm(resistance_ohm) == cable_ma, resistance_ohm


def test_resistance_from_the_voltage_under_the_pull_up_and_back():
    for pullup_ohm, supply_mv in ((1000, 3300), (330, 5000)):
        for resistance_ohm in range(50, 3000, 7):
            read_mv = supply_mv * resistance_ohm // (resistance_ohm + pullup_ohm)
            got_ohm = ohm_from_mv(read_mv, pullup_ohm, supply_mv)
            # One millivolt is worth (R + pull-up)^2 / (supply * pull-up) ohm.
            step_ohm = (resistance_ohm + pullup_ohm) * (resistance_ohm + pullup_ohm) // (supply_mv * pullup_ohm) + 1
            assert resistance_ohm - step_ohm <= got_ohm <= resistance_ohm, (pullup_ohm, resistance_ohm, got_ohm)


def test_an_open_line_is_no_resistance_and_no_cable():
    for read_mv in (3300, 3301, 5000):
        assert ohm_from_mv(read_mv, 1000, 3300) == 0, read_mv
    assert ohm_from_mv(3299, 1000, 3300) == 3299000
    assert cable_ma_from_ohm(ohm_from_mv(3299, 1000, 3300)) == 0


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
