"""The controller's caps: settings, wishes, mode and sun, and what of a reading is the house's."""

from scene import SLOW_MS, Reference, Scene, charging

from evse.safety.offer import CAP_FUSE, CAP_METER, CAP_MODE, CAP_SETTING, CAP_STOP, CAP_SUN
from evse.settings import MODES

BOARD_MA = 32000


class NoMeter(Reference):
    has_meter = False


def step(scene, grid_w=None, car_w=0, gap_ms=SLOW_MS):
    """The caps after ticks that do everything, with a fresh reading or without; a reading is worked off in three."""
    inputs = scene.controller.inputs
    if grid_w is not None:
        inputs.grid_w, inputs.car_w, inputs.meter_at_ms = grid_w, car_w, scene.now_ms + gap_ms
    for each_ms in (gap_ms, SLOW_MS, SLOW_MS):
        scene.tick(each_ms)
    return scene.controller.offer.caps_ma


def bench(board=Reference, mode="fast"):
    """No car, no reading yet."""
    scene = Scene(board)
    scene.is_meter_alive = False
    scene.controller.settings.mode = mode
    return scene


def test_nothing_in_the_way_leaves_the_board_s_own_limit():
    for board in (Reference, NoMeter):
        scene = bench(board)
        scene.plug_ma, scene.car = 63000, "B"
        scene.controller.settings.max_ma = 63000
        assert min(step(scene, 0)) == BOARD_MA, list(scene.controller.offer.caps_ma)


def test_the_setting_is_passed_on():
    scene = bench()
    for max_ma in (6000, 16000, 63000):
        scene.controller.settings.max_ma = max_ma
        assert step(scene)[CAP_SETTING] == max_ma


def test_stop_and_mode_off_leave_nothing():
    for mode in ("off", "fast", "solar"):
        for is_stopped in (False, True):
            scene = bench(mode=mode)
            if is_stopped:
                scene.controller.wishes.stop()
            caps_ma = step(scene)
            assert caps_ma[CAP_STOP] == (0 if is_stopped else BOARD_MA), (mode, is_stopped)
            assert caps_ma[CAP_MODE] == (0 if mode == "off" else BOARD_MA), (mode, is_stopped)


def test_an_absurd_reading_is_no_reading():
    for grid_w, is_sane in ((72450, True), (72451, False), (-72450, True), (-72451, False)):  # 9 * 35 A at 230 V
        assert (step(bench(), grid_w)[CAP_METER] == BOARD_MA) == is_sane, grid_w


def test_without_a_meter_there_is_no_sun():
    assert step(bench(NoMeter, "solar"))[CAP_SUN] == 0


def solar_bench():
    """A bench in solar mode, its sun of 3450 W so high that it charges at once."""
    scene = bench(mode="solar")
    scene.controller.settings.start_wh = 0
    scene.controller.car.stop_wh = 0
    step(scene, -3450)
    assert step(scene, -3450, gap_ms=1000)[CAP_SUN] == 15000
    return scene


def test_the_sun_caps_in_solar_eco_and_min_alone_and_not_in_a_boost():
    for mode in MODES:
        for is_boosted in (False, True):
            for boost_min in (0, 5):
                scene = solar_bench()
                scene.controller.settings.mode = mode
                scene.controller.wishes.is_boosted = is_boosted
                scene.controller.wishes.boost_for(0, boost_min)
                is_led = mode in ("solar", "eco", "min") and not is_boosted and not boost_min
                expected_ma = 15000 if is_led else BOARD_MA
                assert step(scene, -3450)[CAP_SUN] == expected_ma, (mode, is_boosted, boost_min)


def test_min_offers_six_ampere_without_any_sun():
    for grid_w, expected_ma in ((-3450, 15000), (-1380, 6000), (-1379, 6000), (0, 6000), (3000, 6000)):
        assert step(bench(mode="min"), grid_w)[CAP_SUN] == expected_ma, grid_w


def test_a_reading_counts_once():
    scene = bench(mode="solar")
    step(scene, -3450)
    scene.controller.inputs.grid_w = 500
    step(scene)
    assert scene.controller.surplus.available_w == 3450
    step(scene, 500)
    assert scene.controller.surplus.available_w in (-500, -501)


def test_a_lost_meter_ends_the_sun():
    scene = solar_bench()
    assert step(scene, gap_ms=15000 - 4 * SLOW_MS)[CAP_SUN] == 15000
    assert step(scene, gap_ms=2 * SLOW_MS + 1)[CAP_SUN] == 0


def test_three_phases_and_one_clamp_see_no_sun():
    scene = solar_bench()
    scene.controller.is_sun_blind = True
    for mode in ("solar", "eco", "min"):
        scene.controller.settings.mode = mode
        assert step(scene, -9000)[CAP_SUN] == 0


def test_the_car_s_power_is_measured_else_what_it_is_offered():
    scene = charging(Reference)
    scene.is_meter_alive = False
    for car_w, expected_w in ((None, 32 * 230), (0, 0), (2000, 2000)):
        step(scene, 1000, car_w)
        assert scene.permits and scene.controller.car_w == expected_w, car_w
    scene = bench()
    step(scene, 1000, 2000)
    assert scene.controller.car_w == 2000, "of the same moment as the grid's reading, though the contactor is open"
    step(scene, 1000, None)
    assert scene.controller.car_w == 0, "nothing is taken to flow through an open contactor"


def test_the_fuse_leaves_the_car_what_the_house_does_not_use():
    for grid_w, car_w, free_ma in (
        (9000, 2300, 5870),  # the house takes 6700 W, 29.13 A
        (2300, 2300, BOARD_MA),
        (6900, 0, 5000),
        (-9000, 0, BOARD_MA),
    ):
        scene = charging(Reference)
        scene.is_meter_alive = False
        assert step(scene, grid_w, car_w)[CAP_FUSE] == free_ma, (grid_w, car_w)


def test_the_whole_current_by_the_board_s_figures_guards_the_fuse_too():
    for grid_ma, least_car_ma, free_ma in (
        (3000, 0, 25000),  # the house by its power: 2300 W, 10 A
        (20000, 0, 15000),  # more by its whole current
        (30000, 9000, 14000),  # of which so much is surely the car's
        (30000, 12000, 15000),  # but no more than its power says, 10 A
        (-1000000, 0, 25000),
    ):
        scene = charging(Reference)
        scene.is_meter_alive = False
        inputs = scene.controller.inputs
        inputs.grid_ma, inputs.least_car_ma = grid_ma, least_car_ma
        assert step(scene, 4600, 2300)[CAP_FUSE] == free_ma, (grid_ma, least_car_ma)
