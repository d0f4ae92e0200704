"""Riding a cloud: how long eco holds the least current, and what a car without patience changes."""

from evse.core.car import Car
from evse.core.surplus import Surplus

STEP_MS = 1000
VOLTS = 230


def surplus_on(is_eco=True, now_ms=0, **record):
    """A surplus that is on, in plenty of sun."""
    car = Car()
    for name, value in record.items():
        setattr(car, name, value)
    surplus = Surplus(car)
    surplus.is_eco = is_eco
    surplus.set_delays(60, 120)
    for _ in range(70):
        feed(surplus, 4000, now_ms)
        now_ms += STEP_MS
    return surplus, now_ms


def feed(surplus, available_w, now_ms):
    surplus.step(-available_w, 0, VOLTS, 0, now_ms % (1 << 30))


def held_s(surplus, now_ms, available_w, limit_s=7200):
    """How long it stays on with so little; limit_s: for ever."""
    for second in range(limit_s):
        feed(surplus, available_w, now_ms + second * STEP_MS)
        if surplus.cap_ma == 0:
            return second
        assert surplus.cap_ma >= 6000
    return limit_s


def test_eco_rides_a_cloud_until_the_import_costs_what_a_stop_costs():
    for stop_wh in (0, 100, 400):
        for available_w in (0, 700, 1000, -500):
            surplus, now_ms = surplus_on(stop_wh=stop_wh)
            short_w = 6 * VOLTS - available_w
            expected_s = (40 + stop_wh) * 3600 / short_w
            assert abs(held_s(surplus, now_ms, available_w) - expected_s) <= 2, (stop_wh, available_w)


def test_the_sun_forgives_what_was_imported():
    surplus, now_ms = surplus_on(stop_wh=100)
    for _ in range(20):
        assert held_s(surplus, now_ms, 0, 300) == 300
        now_ms += 300 * STEP_MS
        feed(surplus, 4000, now_ms)
        now_ms += STEP_MS


def test_solar_stops_after_its_delay_whatever_a_stop_costs():
    surplus, now_ms = surplus_on(is_eco=False, stop_wh=400)
    assert held_s(surplus, now_ms, 0) == 120


def test_a_car_without_patience_is_held_in_eco_and_not_begun_with_in_solar():
    surplus, now_ms = surplus_on(stop_wh=0)
    surplus._car.may_stop = False
    assert held_s(surplus, now_ms, 0) == 7200
    assert surplus.is_holding
    surplus, now_ms = surplus_on(is_eco=False)
    surplus._car.may_stop = False
    assert held_s(surplus, now_ms, 0) == 120
    now_ms += 200 * STEP_MS
    for _ in range(600):
        feed(surplus, 9000, now_ms)
        now_ms += STEP_MS
        assert surplus.cap_ma == 0 and surplus.is_spent and surplus.waiting_ms(now_ms) == 0
    surplus._car.may_stop = True
    for _ in range(62):
        feed(surplus, 9000, now_ms)
        now_ms += STEP_MS
    assert surplus.cap_ma > 0 and not surplus.is_spent


def test_eco_begins_with_a_car_without_patience():
    surplus, _ = surplus_on(may_stop=False)
    assert surplus.cap_ma > 0


def test_the_least_is_the_car_s_own():
    surplus, now_ms = surplus_on(min_ma=9000)
    feed(surplus, 1500, now_ms)
    assert surplus.cap_ma == 9000
    surplus, now_ms = surplus_on(min_ma=20000)
    assert surplus.cap_ma == 0, "4000 W are 17 A"


def test_eco_begins_after_half_the_delay_and_solar_after_all_of_it():
    for is_eco, delay_s in ((True, 30), (False, 60)):
        surplus = Surplus(Car())
        surplus.is_eco = is_eco
        surplus.set_delays(60, 120)
        seconds = 0
        while surplus.cap_ma == 0:
            feed(surplus, 4000, seconds * STEP_MS)
            seconds += 1
        assert seconds - 1 == delay_s
