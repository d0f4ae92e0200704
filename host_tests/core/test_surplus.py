"""Following the sun: the current the surplus allows, and slow decisions to be on at all."""

from evse.core.car import Car
from evse.core.surplus import Surplus

WHEEL_MS = 1 << 30
STARTS_MS = (0, WHEEL_MS - 30000)


def surplus_with(start_s=60, stop_s=120):
    surplus = Surplus(Car())
    surplus.set_delays(start_s, stop_s)
    return surplus


def feed(surplus, available_w, now_ms, car_w=0, import_w=0):
    """A meter reading that leaves `available_w` for the car."""
    surplus.step(car_w + import_w - available_w, car_w, 230, import_w, now_ms % WHEEL_MS)


def on(now_ms, available_w=2300):
    """A surplus that has been on since `now_ms`."""
    surplus = surplus_with(start_s=0)
    feed(surplus, available_w, now_ms)
    assert surplus.cap_ma > 0
    return surplus


def test_available_power_is_what_the_car_has_less_the_import_plus_what_may_be_imported():
    for grid_w in (-5000, -1, 0, 1, 4000):
        for car_w in (0, 1380, 7000):
            for import_w in (-500, 0, 1000):
                surplus = surplus_with()
                surplus.step(grid_w, car_w, 230, import_w, 0)
                assert surplus.available_w == car_w - grid_w + import_w, (grid_w, car_w, import_w)


def test_it_starts_when_six_ampere_have_been_there_for_the_start_time():
    for start_ms in STARTS_MS:
        for available_w in (0, 1379, 1380, 2300):
            for held_ms in (0, 59999, 60000, 60001):
                surplus = surplus_with()
                feed(surplus, available_w, start_ms)
                feed(surplus, available_w, start_ms + held_ms)
                is_on = available_w >= 6 * 230 and held_ms >= 60000
                expected_ma = available_w * 1000 // 230 if is_on else 0
                assert surplus.cap_ma == expected_ma, (start_ms, available_w, held_ms)


def test_it_stops_when_six_ampere_have_been_missing_for_the_stop_time():
    for start_ms in STARTS_MS:
        for available_w in (-3000, 0, 1379, 1380, 2300):
            for held_ms in (0, 119999, 120000, 120001):
                surplus = on(start_ms)
                surplus.set_delays(60, 120)
                feed(surplus, available_w, start_ms + 20)
                feed(surplus, available_w, start_ms + 20 + held_ms)
                is_off = available_w < 6 * 230 and held_ms >= 120000
                expected_ma = 0 if is_off else max(6000, available_w * 1000 // 230)
                assert surplus.cap_ma == expected_ma, (start_ms, available_w, held_ms)


def test_while_on_it_follows_each_reading():
    surplus = on(0)
    for available_w in (1400, 3000, 7360, 1500, 0, 5000):
        feed(surplus, available_w, 1000)
        assert surplus.cap_ma == max(6000, available_w * 1000 // 230), available_w


def test_a_break_restarts_both_counts():
    surplus = surplus_with()
    feed(surplus, 2300, 0)
    feed(surplus, 0, 59000)
    feed(surplus, 2300, 60000)
    feed(surplus, 2300, 119999)
    assert surplus.cap_ma == 0
    feed(surplus, 2300, 120000)
    assert surplus.cap_ma == 10000
    feed(surplus, 0, 121000)
    feed(surplus, 2300, 200000)
    feed(surplus, 0, 201000)
    feed(surplus, 0, 320999)
    assert surplus.cap_ma == 6000
    feed(surplus, 0, 321000)
    assert surplus.cap_ma == 0
    feed(surplus, 2300, 322000)
    feed(surplus, 2300, 381999)
    assert surplus.cap_ma == 0


def test_waiting_time_counts_down_to_the_next_switch():
    for start_ms in STARTS_MS:
        surplus = surplus_with()
        assert surplus.waiting_ms(start_ms) == 0
        feed(surplus, 2300, start_ms)
        for waited_ms in (0, 1000, 59999, 60000, 70000):
            assert surplus.waiting_ms((start_ms + waited_ms) % WHEEL_MS) == max(0, 60000 - waited_ms)
        surplus = on(start_ms)
        surplus.set_delays(60, 120)
        assert surplus.waiting_ms(start_ms) == 0
        feed(surplus, 0, start_ms + 500)
        assert surplus.waiting_ms((start_ms + 1500) % WHEEL_MS) == 119000


def test_off_forgets_the_cap_and_both_counts():
    surplus = on(0)
    surplus.set_delays(60, 120)
    feed(surplus, 0, 20)
    surplus.off(40)
    assert (surplus.cap_ma, surplus.waiting_ms(40)) == (0, 0)
    surplus = surplus_with()
    feed(surplus, 2300, 0)
    surplus.off(30000)
    feed(surplus, 2300, 60000)
    assert surplus.cap_ma == 0
