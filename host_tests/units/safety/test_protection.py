"""The caps that protect: cable and heat, the meter's age, the main fuse."""

from evse.safety.limits import Inputs
from evse.safety.offer import CAP_BOARD, CAP_CABLE, CAP_FUSE, CAP_HEAT, CAP_METER, Offer, Protection

BOARD_MA = 32000
FUSE_MA = 35000  # of the board file
NO_SETTING_MA = 100000
WHEEL_MS = 1 << 30


class Bench:
    """Protection with inputs that allow everything, until a test changes one."""

    def __init__(self, has_meter=True):
        self.protection = Protection(BOARD_MA, has_meter, FUSE_MA, 230)
        self.offer = Offer()
        self.inputs = Inputs()
        self.inputs.cable_ma = 63000
        self.inputs.temperature_cdeg = 2500

    def limit(self, now_ms):
        """The caps at `now_ms`."""
        self.protection.limit(self.inputs, self.offer)
        self.protection.limit_by_meter(self.inputs, self.offer, now_ms % WHEEL_MS)
        return self.offer.caps_ma

    def measure(self, house_ma, now_ms, setting_ma=NO_SETTING_MA):
        """The caps right after a reading."""
        now_ms %= WHEEL_MS
        self.protection.measure(house_ma, setting_ma, now_ms, now_ms)
        return self.limit(now_ms)


def test_board_and_cable_are_passed_on():
    bench = Bench()
    for cable_ma in (0, 13000, 20000, 32000, 63000):
        bench.inputs.cable_ma = cable_ma
        caps_ma = bench.limit(0)
        assert (caps_ma[CAP_BOARD], caps_ma[CAP_CABLE]) == (32000, cable_ma)


def test_heat_is_passed_on():
    bench = Bench()
    for cdeg, expected_ma in ((2500, 32000), (6500, 16000), (7000, 0), (None, 0)):
        bench.inputs.temperature_cdeg = cdeg
        assert bench.limit(0)[CAP_HEAT] == expected_ma, cdeg


def test_an_old_meter_leaves_6_a_and_a_lost_one_nothing():
    for start_ms in (0, WHEEL_MS - 2000):
        for age_ms, expected_ma in ((0, 32000), (3000, 32000), (3001, 6000), (15000, 6000), (15001, 0), (100000, 0)):
            bench = Bench()
            bench.measure(0, start_ms)
            assert bench.limit(start_ms + age_ms)[CAP_METER] == expected_ma, (start_ms, age_ms)


def test_a_meter_that_never_spoke_leaves_nothing():
    assert Bench().limit(0)[CAP_METER] == 0


def test_without_a_meter_there_is_no_fuse_to_guard():
    caps_ma = Bench(has_meter=False).limit(0)
    assert (caps_ma[CAP_METER], caps_ma[CAP_FUSE]) == (32000, 32000)


def test_a_reading_counts_once_and_an_absurd_one_never():
    most_w = 72450  # nine times 35 A: the main fuse would be gone
    for grid_w, is_sane in ((None, False), (0, True), (most_w, True), (most_w + 1, False), (-most_w - 1, False)):
        bench = Bench()
        bench.inputs.grid_w = grid_w
        bench.inputs.meter_at_ms = 240
        assert bench.protection.is_new(bench.inputs) == is_sane, grid_w
        bench.measure(0, 240)
        assert not bench.protection.is_new(bench.inputs)


def test_a_meter_that_must_not_be_trusted_leaves_what_is_offered_and_6_a_at_most():
    for reason in range(12):
        for offer_ma in (0, 6000, 16000):
            for age_ms, by_age_ma in ((0, 32000), (3001, 6000), (15001, 0)):
                bench = Bench()
                bench.measure(0, 0)
                bench.offer.offer_ma = offer_ma
                bench.inputs.meter_reason = reason
                may_use = reason < 2  # fine and current-only
                expected_ma = by_age_ma if may_use else min(by_age_ma, offer_ma, 6000)
                assert bench.limit(age_ms)[CAP_METER] == expected_ma, (reason, offer_ma, age_ms)


def test_the_fuse_leaves_the_car_what_the_house_does_not_use():
    for house_ma, free_ma in ((-40000, 32000), (0, 32000), (3000, 32000), (3001, 31999), (29000, 6000), (35001, 0)):
        assert Bench().measure(house_ma, 0)[CAP_FUSE] == free_ma, house_ma


def test_the_fuse_setting_lowers_the_board_s_fuse_and_never_lifts_it():
    for setting_ma, free_ma in ((6000, 0), (20000, 10000), (34999, 24999), (35000, 25000), (35001, 25000)):
        assert Bench().measure(10000, 0, setting_ma)[CAP_FUSE] == free_ma, setting_ma


def test_after_a_stop_for_the_fuse_there_must_be_room_for_60_s():
    for start_ms in (0, WHEEL_MS - 30000):
        for house_ma, free_for_ms, expected_ma in (
            (5000, 0, 0),
            (5000, 59999, 0),
            (5000, 60000, 30000),
            (29000, 60000, 6000),
            (29001, 60000, 0),
        ):
            bench = Bench()
            assert bench.measure(29001, start_ms)[CAP_FUSE] == 5999  # less than the least offer: a stop
            bench.measure(house_ma, start_ms + 240)
            caps_ma = bench.measure(house_ma, start_ms + 240 + free_for_ms)
            assert caps_ma[CAP_FUSE] == expected_ma, (start_ms, house_ma, free_for_ms)


def test_six_ampere_left_is_no_stop():
    bench = Bench()
    assert [bench.measure(house_ma, 0)[CAP_FUSE] for house_ma in (29000, 5000)] == [6000, 30000]


def test_clipped_over_the_fuse_leaves_nothing_though_no_reading_comes():
    for reason, grid_ma, free_ma in ((3, 36000, 0), (3, 35000, 25000), (4, 36000, 25000), (3, -100000, 25000)):
        bench = Bench()
        assert bench.measure(10000, 0)[CAP_FUSE] == 25000
        bench.inputs.meter_reason, bench.inputs.grid_ma = reason, grid_ma
        assert bench.limit(20)[CAP_FUSE] == free_ma, (reason, grid_ma)
