"""Following the sun: switch and following together, the car's wishes, the day's budget, phases, and the reasons."""

from evse.settings import Settings
from evse.sun.car import Car
from evse.sun.switch import SUN_BRIDGING, SUN_COMING, SUN_GOOD, SUN_HOLDING, SUN_RESTING, SUN_SHORT, SUN_SPENT, Surplus

WHEEL_MS = 1 << 30
SECOND_MS = 1000


class Sun:
    """A surplus with a car that follows its cap at once; a reading a second."""

    def __init__(self, mode="solar", volts=230, start_ms=0):
        self.surplus = Surplus()
        self.settings = Settings()
        self.settings.mode = mode
        self.car = Car()
        self.volts = volts
        self.now_ms = start_ms

    def run(self, sun_w, seconds=1):
        """`seconds` of `sun_w` of surplus; returns the cap."""
        for _ in range(seconds):
            car_w = self.surplus.cap_ma * self.volts // 1000
            offer_ma = self.surplus.cap_ma
            args = (offer_ma, self.volts, self.settings, self.car, self.now_ms)
            self.surplus.measure(car_w - sun_w, car_w, *args)
            self.surplus.decide(self.settings, self.car)
            self.now_ms = (self.now_ms + SECOND_MS) % WHEEL_MS
        return self.surplus.cap_ma


def test_available_power_is_what_the_car_has_less_the_import_plus_what_may_be_imported_less_the_battery_s():
    for grid_w in (-5000, -1, 0, 1, 4000):
        for car_w in (0, 1380, 7000):
            for import_w, battery_w in ((-500, 0), (0, 700), (1000, -700)):
                sun = Sun()
                sun.settings.import_w, sun.settings.battery_w = import_w, battery_w
                sun.surplus.measure(grid_w, car_w, 0, 230, sun.settings, sun.car, 0)
                expected_w = car_w - grid_w + import_w - battery_w
                assert abs(sun.surplus.available_w - expected_w) <= 1, (grid_w, car_w, import_w)


def test_a_good_sun_starts_within_a_minute_and_all_of_it_is_offered():
    for start_ms in (0, WHEEL_MS - 30000):
        for volts in (230, 690):
            for amps in (7, 10, 16, 31):
                sun = Sun(volts=volts, start_ms=start_ms)
                got_ma = sun.run(amps * volts, 120)
                assert amps * 1000 - 100 <= got_ma <= amps * 1000, (volts, amps, got_ma)
                assert sun.surplus.why == SUN_GOOD


def test_a_sun_that_is_not_worth_its_import_never_starts():
    for mode, name in (("solar", "import_percent"), ("eco", "eco_import_percent")):
        for volts in (230, 690):
            sun = Sun(mode, volts)
            floor_w, percent = 6 * volts, getattr(sun.settings, name)
            breaks_even_w = floor_w * percent // (100 + percent)
            assert sun.run(breaks_even_w - 20, 3600) == 0, (mode, volts)
            assert sun.surplus.why == SUN_SHORT


def test_the_offer_is_above_the_surplus_by_what_the_car_draws_less():
    sun = Sun()
    sun.car.below_ma = 400
    sun.run(10 * 230, 60)
    sun.surplus.measure(0, 2300, 10400, 230, sun.settings, sun.car, sun.now_ms)
    assert abs(sun.surplus.cap_ma - 10400) <= 100


def test_a_car_s_own_minimum_is_the_least_it_is_offered():
    for min_ma in (6000, 8000, 9000):
        sun = Sun("min")
        sun.car.min_ma = min_ma
        assert sun.run(0) == min_ma


def seconds_until(sun, sun_w, condition, most_s=7200):
    for second in range(most_s):
        if condition(sun.run(sun_w)):
            return second
    raise AssertionError("never")


def test_shortest_charge_and_pause_are_the_longer_of_setting_and_car_but_a_named_car_s_own_pause_holds():
    for name, setting_s, car_s, expected_s in (
        ("", 60, 60, 60), ("", 120, 300, 300), ("", 300, 90, 300),
        ("zoe", 120, 300, 300), ("zoe", 300, 90, 90), ("zoe", 180, 0, 180),
    ):  # fmt: skip
        sun = Sun()
        sun.car.name = name
        sun.settings.least_on_s = sun.settings.least_off_s = setting_s
        sun.settings.start_wh = 0
        sun.car.min_on_s = sun.car.min_off_s = car_s
        seconds_until(sun, 3000, lambda cap_ma: cap_ma > 0)
        on_s = seconds_until(sun, -5000, lambda cap_ma: cap_ma == 0)
        assert on_s in range(max(setting_s, car_s) - 2, max(setting_s, car_s) + 900), on_s
        off_s = seconds_until(sun, 9000, lambda cap_ma: cap_ma > 0)
        assert abs(off_s - expected_s) <= 2, off_s


def test_past_the_day_s_budget_a_dip_ends_the_charge_as_soon_as_it_may():
    sun = Sun("eco")
    sun.settings.budget_wh = 10
    sun.run(3000, 600)
    assert sun.run(900, 30) > 0, "within the budget"
    sun.run(900, 70)  # 480 W for 75 s are 10 Wh
    assert sun.surplus.cap_ma == 0
    free = Sun("eco")
    free.run(3000, 600)
    assert free.run(900, 100) > 0, "the same dip without a budget"


def test_a_car_that_takes_no_more_stops_is_held_at_its_minimum_in_eco_and_left_alone_in_solar():
    eco = Sun("eco")
    eco.run(3000, 600)
    eco.car.may_stop = False
    assert eco.run(-3000, 7200) == 6000
    assert eco.surplus.why == SUN_HOLDING
    solar = Sun("solar")
    solar.run(3000, 600)
    solar.car.may_stop = False
    assert solar.run(-3000, 7200) == 0
    assert solar.run(5000, 7200) == 0
    assert solar.surplus.why == SUN_SPENT and solar.surplus.waiting_ms() == 0


def test_what_a_stop_costs_in_patience_is_bridged_for_longer():
    times_s = []
    for stop_wh in (0, 300):
        sun = Sun()
        sun.car.stop_wh = stop_wh
        sun.run(3000, 900)
        times_s.append(seconds_until(sun, 0, lambda cap_ma: cap_ma == 0))
    assert times_s[1] > times_s[0]


def test_reasons_and_countdown_tell_the_truth():
    sun = Sun()
    sun.run(0, 10)
    assert sun.surplus.why == SUN_SHORT and sun.surplus.waiting_ms() == 0
    sun.run(1400, 2)
    assert sun.surplus.why == SUN_COMING
    waiting_s = sun.surplus.waiting_ms() // 1000
    took_s = seconds_until(sun, 1400, lambda cap_ma: cap_ma > 0)
    assert 0 < took_s <= waiting_s + 1, "the gleam itself shortens the wait"
    sun.run(3000, 900)
    assert sun.surplus.why == SUN_GOOD and sun.surplus.waiting_ms() == 0
    sun.run(0, 2)
    assert sun.surplus.why == SUN_BRIDGING
    waiting_s = sun.surplus.waiting_ms() // 1000
    took_s = seconds_until(sun, 0, lambda cap_ma: cap_ma == 0)
    assert 0 < took_s <= waiting_s + 1
    sun.run(9000, 90)
    assert sun.surplus.why == SUN_RESTING
    left_s = sun.surplus.waiting_ms() // 1000
    assert abs(seconds_until(sun, 9000, lambda cap_ma: cap_ma > 0) - left_s) <= 2


def test_off_forgets_the_charge():
    sun = Sun()
    assert sun.run(3000, 60) > 0
    sun.surplus.off()
    assert sun.surplus.cap_ma == 0 and not sun.surplus.switch.is_on
