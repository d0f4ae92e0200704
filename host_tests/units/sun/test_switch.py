"""The slow switch: two prices, and what recent gleams and dips were like."""

from evse.sun.switch import Prices, Switch, profit

FLOOR_W = 1380


def prices_of(start_wh=200, percent=400, least_s=60):
    prices = Prices()
    prices.start_wh, prices.import_percent = start_wh, percent
    prices.least_on_s = prices.least_off_s = least_s
    return prices


def seconds(switch, prices, available_w, until, most_s=20000):
    """How long `available_w` takes to turn the switch to `until`."""
    for second in range(most_s):
        if switch.weigh(available_w, FLOOR_W, prices, 1000) == until:
            return second
    return most_s


def charged(prices, sun_w=3000):
    """A switch that this sun has turned on, 15 minutes ago."""
    switch = Switch()
    seconds(switch, prices, sun_w, True)
    seconds(switch, prices, sun_w, False, 900)
    return switch


def test_profit_is_the_sun_taken_less_the_price_of_what_is_missing():
    for available_w, at_0, at_85, at_400 in (  # a price of import of 0, 85 and 400 %; 1380 W are the least
        (-5000, 0, -1173, -5520), (0, 0, -1173, -5520), (1, 1, -1171, -5515), (690, 690, 104, -2070),
        (1379, 1379, 1379, 1375), (1380, 1380, 1380, 1380), (1381, 1381, 1381, 1381), (7000, 7000, 7000, 7000),
    ):  # fmt: skip
        got = [profit(available_w, FLOOR_W, percent) for percent in (0, 85, 400)]
        assert got == [at_0, at_85, at_400], available_w


def test_a_higher_price_of_a_start_waits_longer_to_start_and_longer_to_stop():
    last = (-1, -1)
    for start_wh in (50, 100, 200, 400):
        switch, prices = Switch(), prices_of(start_wh)
        started_s = seconds(switch, prices, 1500, True)
        seconds(switch, prices, 1500, False, 900)
        stopped_s = seconds(switch, prices, 900, False)
        assert started_s >= last[0] and stopped_s > last[1], start_wh
        last = (started_s, stopped_s)


def test_a_higher_price_of_import_stops_sooner():
    last_s = 10**6
    for percent in (100, 200, 400, 800):
        prices = prices_of(percent=percent)
        stopped_s = seconds(charged(prices), prices, 600, False)
        assert stopped_s < last_s, percent
        last_s = stopped_s


def test_a_shallow_dip_is_bridged_for_longer_than_a_deep_one():
    last_s = 10**6
    for available_w in (1000, 800, 400, 0):
        prices = prices_of()
        stopped_s = seconds(charged(prices), prices, available_w, False)
        assert stopped_s < last_s, available_w
        last_s = stopped_s


def test_after_long_dips_it_stops_sooner_than_after_short_ones():
    times_s = []
    for dip_s in (60, 1200):
        switch, prices = Switch(), prices_of()
        for _ in range(4):
            seconds(switch, prices, 3000, None, 900)
            seconds(switch, prices, 200, None, dip_s)
        seconds(switch, prices, 3000, None, 900)
        assert switch.is_on
        times_s.append(seconds(switch, prices, 200, False))
    assert times_s[1] < times_s[0]


def test_after_long_gleams_it_starts_sooner_than_after_short_ones():
    times_s = []
    for gleam_s in (30, 1200):
        switch, prices = Switch(), prices_of(start_wh=400)
        for _ in range(4):
            seconds(switch, prices, 1450, None, gleam_s)
            seconds(switch, prices, -500, None, 1500)
        assert not switch.is_on
        times_s.append(seconds(switch, prices, 1450, True))
    assert times_s[1] < times_s[0]


def test_a_high_sun_starts_sooner_than_a_low_one_that_earns_as_much():
    low, high, prices = Switch(), Switch(), prices_of(start_wh=400)
    low_wh = seconds(low, prices, 1450, True) * 1450 // 3600
    high_wh = seconds(high, prices, 2900, True) * 2900 // 3600
    assert high_wh < low_wh


def test_a_dip_after_a_high_sun_is_bridged_for_longer_than_after_a_low_one():
    times_s = []
    for sun_w in (1500, 2500, 4000):
        prices = prices_of()
        times_s.append(seconds(charged(prices, sun_w), prices, 600, False))
    assert times_s[0] < times_s[1] < times_s[2]


def test_a_high_reading_of_a_second_is_no_high_sun():
    """A meter that is a second late shows the car's own rise as sun."""
    times_s = []
    for flash_w in (1450, 4000):
        switch, prices = Switch(), prices_of(start_wh=400)
        switch.weigh(flash_w, FLOOR_W, prices, 1000)
        times_s.append(seconds(switch, prices, 1450, True))
    high_s = seconds(Switch(), prices_of(start_wh=400), 4000, True)
    assert high_s < times_s[1] <= times_s[0]
    assert times_s[0] - times_s[1] < (times_s[0] - high_s) // 2


def test_it_never_turns_before_the_least_time():
    for least_s in (60, 300):
        switch, prices = Switch(), prices_of(0, 400, least_s)
        assert seconds(switch, prices, 7000, True) == 0, "the first start waits for nothing"
        assert seconds(switch, prices, -7000, False) == least_s - 1
        assert seconds(switch, prices, 7000, True) == least_s - 1


def test_without_leave_to_import_the_first_dip_ends_it():
    prices = prices_of()
    switch = charged(prices)
    prices.may_import = False
    assert seconds(switch, prices, 1000, False) == 0


def test_a_gap_counts_as_five_seconds_at_most():
    left_ws = []
    for gap_ms in (4999, 5000, 5001, 3600000):
        switch, prices = Switch(), prices_of()
        switch.weigh(1500, FLOOR_W, prices, 1000)
        switch.weigh(1500, FLOOR_W, prices, gap_ms)
        left_ws.append(switch.left_ws)
    assert left_ws[0] > left_ws[1] == left_ws[2] == left_ws[3], left_ws


def test_nothing_that_it_keeps_passes_a_small_int():
    for available_w in (-100000, 100000):
        switch, prices = Switch(), prices_of(1000 + 500, 1000, 1800)
        for _ in range(3000):
            switch.weigh(available_w, 3 * FLOOR_W, prices, 5000)
            assert max(abs(value) for value in switch.__dict__.values()) < 1 << 30, switch.__dict__
