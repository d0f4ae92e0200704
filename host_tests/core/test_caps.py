"""The caps: each source alone, the meter's age, the main fuse, and the sun's switch."""

from evse.core.caps import Caps
from evse.core.car import Car
from evse.core.offer import (
    CAP_BOARD,
    CAP_CABLE,
    CAP_FUSE,
    CAP_HEAT,
    CAP_METER,
    CAP_MODE,
    CAP_SETTING,
    CAP_STOP,
    CAP_SUN,
    Offer,
)
from evse.core.patience import Patience
from evse.core.settings import MODES, Settings
from evse.core.types import Inputs

BOARD_MA = 32000
FUSE_MA = 35000  # of the board file
WHEEL_MS = 1 << 30


class Bench:
    """Caps with inputs and settings that allow everything, until a test changes one."""

    def __init__(self, has_meter=True):
        self.car = Car()
        self.patience = Patience(self.car)
        self.caps = Caps(BOARD_MA, has_meter, FUSE_MA, 230, self.patience)
        self.settings = Settings()
        self.settings.mode = "fast"
        self.settings.max_ma = 63000
        self.offer = Offer()
        self.inputs = Inputs()
        self.inputs.cable_ma = 63000
        self.inputs.temperature_cdeg = 2500
        self.inputs.grid_w = 0
        self.is_charging = False

    def step(self, now_ms, is_metered=True):
        """The caps after one tick, with a fresh meter reading or without."""
        now_ms %= WHEEL_MS
        if is_metered:
            self.inputs.meter_at_ms = now_ms
        for later_ms in (0, 20, 40) if is_metered else (0,):  # a reading is worked off in three ticks
            then_ms = (now_ms + later_ms) % WHEEL_MS
            self.caps.step(self.inputs, self.settings, self.is_charging, self.offer, then_ms, then_ms // 1000)
        return self.offer.caps_ma


def test_nothing_in_the_way_leaves_the_board_s_own_limit():
    for has_meter in (False, True):
        caps_ma = Bench(has_meter).step(0)
        assert min(caps_ma) == BOARD_MA and caps_ma[CAP_BOARD] == BOARD_MA, list(caps_ma)


def test_cable_and_setting_are_passed_on():
    bench = Bench()
    for cable_ma in (0, 13000, 20000, 32000, 63000):
        bench.inputs.cable_ma = cable_ma
        assert bench.step(0)[CAP_CABLE] == cable_ma
    for max_ma in (6000, 16000, 63000):
        bench.settings.max_ma = max_ma
        assert bench.step(0)[CAP_SETTING] == max_ma


def test_heat_is_passed_on():
    bench = Bench()
    for cdeg, expected_ma in ((2500, BOARD_MA), (6500, BOARD_MA // 2), (7000, 0), (None, 0)):
        bench.inputs.temperature_cdeg = cdeg
        assert bench.step(0)[CAP_HEAT] == expected_ma, cdeg


def test_stop_and_mode_off_leave_nothing():
    for mode in ("off", "fast", "solar"):
        for is_stopped in (False, True):
            bench = Bench()
            bench.settings.mode = mode
            bench.caps.is_stopped = is_stopped
            caps_ma = bench.step(0)
            assert caps_ma[CAP_STOP] == (0 if is_stopped else BOARD_MA), (mode, is_stopped)
            assert caps_ma[CAP_MODE] == (0 if mode == "off" else BOARD_MA), (mode, is_stopped)


def test_an_old_meter_leaves_6_a_and_a_lost_one_nothing():
    for start_ms in (0, WHEEL_MS - 2000):
        for age_ms in (0, 3000, 3001, 15000, 15001, 100000):
            bench = Bench()
            bench.step(start_ms)
            caps_ma = bench.step(start_ms + age_ms, is_metered=False)
            expected_ma = 0 if age_ms > 15000 else 6000 if age_ms > 3000 else BOARD_MA
            assert caps_ma[CAP_METER] == expected_ma, (start_ms, age_ms)


def test_a_meter_that_never_spoke_leaves_nothing():
    bench = Bench()
    bench.inputs.grid_w = None
    assert bench.step(0)[CAP_METER] == 0


def test_an_absurd_reading_is_no_reading():
    most_w = 9 * 35 * 230  # three phases at three times the main fuse: it would be gone
    for grid_w in (most_w, most_w + 230, -most_w, -most_w - 230):
        is_sane = abs(grid_w) <= most_w
        bench = Bench()
        bench.inputs.grid_w = grid_w
        assert (bench.step(0)[CAP_METER] == BOARD_MA) == is_sane, "as the first reading"
        bench = Bench()
        bench.step(0)
        fuse_ma = bench.step(240)[CAP_FUSE]
        bench.inputs.grid_w = grid_w
        for age_ms, cap_ma in ((2000, BOARD_MA), (4000, 6000), (16000, 0)):
            caps_ma = bench.step(240 + age_ms)
            assert caps_ma[CAP_METER] == (BOARD_MA if is_sane else cap_ma), (grid_w, age_ms)
            assert is_sane or caps_ma[CAP_FUSE] == fuse_ma


def test_the_fuse_leaves_the_car_what_the_house_does_not_use():
    for grid_w, car_w, free_ma in (  # of 35 A, and 32 at most
        (-9000, None, 32000), (689, None, 32000), (690, None, 32000), (691, None, 31996),
        (6670, None, 6000), (6671, None, 5996), (8049, None, 5), (8050, None, 0), (9000, None, 0),
        (6670, 0, 6000), (6670, 2300, 16000), (8970, 2300, 6000), (9000, 2300, 5870),
    ):  # fmt: skip
        bench = Bench()
        bench.is_charging = car_w is not None
        bench.inputs.grid_w, bench.inputs.car_w = grid_w, car_w
        assert bench.step(0)[CAP_FUSE] == free_ma, (grid_w, car_w)


def test_the_fuse_setting_lowers_the_board_s_fuse_and_never_lifts_it():
    for setting_ma, free_ma in (
        (6000, 0), (20000, 10000), (34999, 24999), (35000, 25000), (35001, 25000), (100000, 25000),
    ):  # fmt: skip
        bench = Bench()
        bench.settings.fuse_ma = setting_ma
        bench.inputs.grid_w = 2300  # 10 A
        assert bench.step(0)[CAP_FUSE] == free_ma, setting_ma


def test_after_a_stop_for_the_fuse_there_must_be_room_for_60_s():
    for start_ms in (0, WHEEL_MS - 30000):
        for free_for_ms in (0, 59999, 60000, 60001):
            bench = Bench()
            bench.inputs.grid_w = 9000
            assert bench.step(start_ms)[CAP_FUSE] < 6000
            bench.inputs.grid_w = 1000
            bench.step(start_ms + 240)
            expected_ma = 30653 if free_for_ms >= 60000 else 0  # 1000 W are 4347 mA
            got_ma = bench.step(start_ms + 240 + free_for_ms + (free_for_ms == 0))[CAP_FUSE]
            assert got_ma == expected_ma, (start_ms, free_for_ms)


def test_without_a_meter_there_is_no_fuse_to_guard_and_no_sun():
    bench = Bench(has_meter=False)
    bench.inputs.grid_w = None
    bench.settings.mode = "solar"
    caps_ma = bench.step(0)
    assert (caps_ma[CAP_METER], caps_ma[CAP_FUSE], caps_ma[CAP_SUN]) == (BOARD_MA, BOARD_MA, 0)


def solar_bench():
    """A bench in solar mode, its sun of 3450 W so high that it charges at once."""
    bench = Bench()
    bench.settings.mode = "solar"
    bench.settings.start_wh = 0
    bench.caps.car.stop_wh = 0
    bench.inputs.grid_w = -3450
    bench.inputs.car_w = 0
    bench.step(0)
    assert bench.step(1000)[CAP_SUN] == 15000
    return bench


def test_the_sun_caps_in_solar_eco_and_min_alone_and_not_in_a_boost():
    for mode in MODES:
        for is_boosted in (False, True):
            for boost_min in (0, 5):
                bench = solar_bench()
                bench.settings.mode = mode
                bench.caps.is_boosted = is_boosted
                bench.caps.boost.begin(0, boost_min, 0, 0)
                is_led = mode in ("solar", "eco", "min") and not is_boosted and not boost_min
                expected_ma = 15000 if is_led else BOARD_MA
                assert bench.step(2000)[CAP_SUN] == expected_ma, (mode, is_boosted, boost_min)


def test_min_offers_six_ampere_without_any_sun():
    for grid_w in (-3450, -1380, -1379, 0, 500, 3000):
        bench = Bench()
        bench.settings.mode = "min"
        bench.inputs.grid_w = grid_w
        bench.inputs.car_w = 0
        assert bench.step(0)[CAP_SUN] == max(6000, -grid_w * 1000 // 230), grid_w


def test_a_reading_counts_once():
    bench = Bench()
    bench.settings.mode = "solar"
    bench.inputs.grid_w = -3450
    bench.inputs.car_w = 0
    bench.step(0)
    bench.inputs.grid_w = 500
    bench.step(20, is_metered=False)
    assert bench.caps.surplus.available_w == 3450
    bench.step(40)
    assert bench.caps.surplus.available_w in (-500, -501)


def test_a_lost_meter_ends_the_sun():
    bench = solar_bench()
    assert bench.step(1000 + 15000, is_metered=False)[CAP_SUN] == 15000
    assert bench.step(1000 + 15001, is_metered=False)[CAP_SUN] == 0


def test_three_phases_and_one_clamp_see_no_sun():
    bench = solar_bench()
    bench.caps.is_sun_blind = True
    for mode in ("solar", "eco", "min"):
        bench.settings.mode = mode
        bench.inputs.grid_w = -9000
        assert bench.step(3000)[CAP_SUN] == 0


def test_the_car_s_power_is_measured_else_what_it_is_offered():
    bench = Bench()
    bench.offer.offer_ma = 16000
    for is_charging in (False, True):
        for car_w in (None, 0, 2000):
            bench.is_charging = is_charging
            bench.inputs.car_w = car_w
            bench.step(0)
            expected_w = 0 if not is_charging else 16 * 230 if car_w is None else car_w
            assert bench.caps.car_w == expected_w, (is_charging, car_w)


def test_a_meter_that_must_not_be_trusted_leaves_what_is_offered_and_6_a_at_most():
    for reason in range(12):
        for offer_ma in (0, 6000, 16000):
            for age_ms in (0, 3001, 15001):
                bench = Bench()
                bench.step(0)
                bench.offer.offer_ma = offer_ma
                bench.inputs.meter_reason = reason
                caps_ma = bench.step(age_ms, is_metered=False)
                expected_ma = 0 if age_ms > 15000 else 6000 if age_ms > 3000 else BOARD_MA
                if reason >= 2:  # fine and current-only may be used
                    expected_ma = min(expected_ma, offer_ma, 6000)
                assert caps_ma[CAP_METER] == expected_ma, (reason, offer_ma, age_ms)


def test_the_whole_current_by_the_board_s_figures_guards_the_fuse_too():
    for grid_w, grid_ma, car_w, least_car_ma, free_ma in (  # of 35 A; house: the larger of both
        (1000, 20000, None, 0, 15000), (1000, 4347, None, 0, 30653), (1000, 4348, None, 0, 30652),
        (1000, 3000, None, 0, 30653), (-3000, -1000000, None, 0, 32000),
        (4600, 30000, 2300, 9000, 14000), (4600, 30000, 2300, 12000, 15000), (4600, 19000, 2300, 9000, 25000),
    ):  # fmt: skip
        bench = Bench()
        bench.is_charging = car_w is not None
        bench.inputs.grid_w, bench.inputs.grid_ma = grid_w, grid_ma
        bench.inputs.car_w, bench.inputs.least_car_ma = car_w, least_car_ma
        assert bench.step(0)[CAP_FUSE] == free_ma, (grid_w, grid_ma)


def test_clipped_over_the_fuse_leaves_nothing_though_no_reading_comes():
    bench = Bench()
    bench.inputs.grid_w = 1000
    assert bench.step(0)[CAP_FUSE] > 6000
    bench.inputs.meter_reason, bench.inputs.grid_ma = 3, 36000
    assert bench.step(20, is_metered=False)[CAP_FUSE] == 0
