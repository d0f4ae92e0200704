"""The offer: the lowest cap wins and is named, it falls at once and rises every 5 s."""

from evse.app import text
from evse.safety.offer import Offer

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
