"""The car: when it closes S2, what it draws, when it stops, sleeps and wakes.

Sources: IEC 61851-1 tables A.6 and A.8 and the field reports in evse_facts, sections 2 to 4. What a car of the zoo does
otherwise than the plain one, and a full or choosy battery, are test_zoo.py's.
"""

import pytest

from rouse.virtual import host

GRID_MS = 13  # the car lives on a grid of this width


def plugged(offer_ma=16000, **car):
    world = host.make_world(**car)
    bench = host.Bench(world)
    world.plug()
    if offer_ma:
        bench.offer(offer_ma)
    return world, bench


def begin(bench, pulse):
    if pulse == "open":
        bench.pilot_open.value(1)
    else:
        bench.pilot.duty_u16(0)


def wait_for(world, condition, limit_ms=60000):
    start_ms = world.ms
    while not condition():
        world.run_ms(1)
        assert world.ms - start_ms < limit_ms
    return world.ms - start_ms


def test_it_closes_s2_start_delay_after_an_offer():
    world, _bench = plugged(start_delay_ms=9000)
    world.run_ms(8990)
    assert world.car.state == "B"
    world.run_ms(30)
    assert world.car.state == "C"


def test_it_draws_nothing_before_the_contactor_closes():
    world, _bench = plugged()
    world.run_ms(10000)
    assert (world.car.state, world.car.ma) == ("C", 0)


@pytest.mark.parametrize(
    "offer_ma, max_ma, step_ma, drawn_ma",
    [(6000, 32000, 1, 5700), (16000, 32000, 1, 15700), (32000, 10000, 1, 10000), (16000, 32000, 2000, 14000)],
)
def test_it_draws_the_offer_less_its_margin_in_whole_steps_and_no_more_than_it_can(offer_ma, max_ma, step_ma, drawn_ma):
    world, bench = plugged(max_ma=max_ma, below_offer_ma=300)
    world.car.step_ma = step_ma
    bench.charge(offer_ma)
    world.run_ms(20000)
    assert world.car.ma == pytest.approx(drawn_ma, abs=2)
    assert world.house.car_w == world.car.ma * 230 // 1000


def test_it_follows_a_new_offer_after_its_lag_and_along_its_ramp():
    world, bench = plugged(lag_ms=2000, ramp_up_ma_s=1000, below_offer_ma=0)
    bench.charge(6000)
    world.run_ms(20000)
    bench.offer(16000)
    world.run_ms(1900)
    assert world.car.ma == pytest.approx(6000, abs=2)
    world.run_ms(100 + 5000)
    assert world.car.ma == pytest.approx(6000 + 5000, abs=100)
    world.run_ms(6000)
    assert world.car.ma == pytest.approx(16000, abs=2)


def test_after_steady_12_v_it_ramps_down_and_opens_s2_after_stop_ms():
    world, bench = plugged(stop_ms=800, ramp_down_ma_s=6000)
    bench.charge(16000)
    bench.offer(0)
    start_ma = world.car.ma
    world.run_ms(500)
    assert world.car.ma == pytest.approx(start_ma - 3000, abs=200)
    took_ms = 500 + wait_for(world, lambda: world.car.state == "B")
    assert 800 <= took_ms <= 800 + 2 * GRID_MS
    assert world.car.ma == 0


def test_one_that_ignores_the_stop_draws_until_its_mains_is_gone():
    world, bench = plugged(ignores_stop=1)
    bench.charge(16000)
    drawn_ma = world.car.ma
    bench.offer(0)
    world.run_ms(5900)
    assert world.car.ma == drawn_ma
    bench.open()
    world.run_ms(2000)
    assert (world.car.state, world.car.ma) == ("B", 0)


@pytest.mark.parametrize("pulse", ["open", "minus12"])
def test_when_the_pilot_is_gone_it_stops_within_a_tenth_of_a_second(pulse):
    world, bench = plugged(ignores_stop=1)
    bench.charge(16000)
    begin(bench, pulse)
    world.run_ms(100 + 2 * GRID_MS)
    assert world.car.ma == 0
    assert not world.pilot.s2


def test_pulling_the_plug_stops_the_current_at_once():
    world, bench = plugged()
    bench.charge(16000)
    world.unplug()
    assert (world.car.state, world.car.ma, world.pilot.s2) == ("A", 0, False)


def test_energy_is_power_times_time():
    world, bench = plugged(below_offer_ma=0)
    bench.charge(16000)
    world.run_ms(10000)
    before_wh = world.car.room_wh
    world.run_ms(300 * 1000)
    assert before_wh - world.car.room_wh == pytest.approx(16 * 230 / 12, abs=2)


def test_it_names_the_states_as_it_sees_them():
    world, bench = plugged(0)
    states = []
    for duty_u16, is_open in ((65535, 0), (0, 0), (65535, 1), (17476, 0)):
        bench.pilot.duty_u16(duty_u16)
        bench.pilot_open.value(is_open)
        world.run_ms(30)
        states.append(world.car.state)
    world.run_ms(2000)
    states.append(world.car.state)
    world.unplug()
    assert [*states, world.car.state] == ["B", "F", "E", "B", "C", "A"]


def test_one_that_wants_a_fan_shows_D():
    world, _bench = plugged(wants_fan=1)
    world.run_ms(3000)
    assert world.car.state == "D"


def test_an_offer_in_time_keeps_it_awake():
    world, bench = plugged(0, sleep_after_s=60)
    for _ in range(3):
        world.run_ms(50000)
        bench.offer(6000)
        world.run_ms(500)
        bench.offer(0)
    assert not world.mood.asleep


@pytest.mark.parametrize("wakes_on", ["", "open", "minus12", "either"])
@pytest.mark.parametrize("pulse", ["open", "minus12"])
@pytest.mark.parametrize("length_ms", [2900, 3000, 4000])
def test_a_pulse_wakes_it_if_it_is_of_its_kind_and_long_enough(wakes_on, pulse, length_ms):
    world, bench = plugged(0, sleep_after_s=10, wakes_on=wakes_on, wake_pulse_ms=3000)
    world.run_ms(11000)
    begin(bench, pulse)
    world.run_ms(length_ms)
    bench.pilot_open.value(0)
    bench.pilot.duty_u16(65535)
    world.run_ms(2)
    wakes = wakes_on in (pulse, "either") and length_ms >= 3000
    assert (world.mood.asleep, world.mood.woken) == (not wakes, int(wakes))
    bench.offer(16000)
    world.run_ms(3000)
    assert world.car.state == ("C" if wakes else "B")


def test_plugging_in_wakes_it():
    world, _bench = plugged(0, sleep_after_s=10)
    world.run_ms(11000)
    assert world.mood.asleep
    world.unplug()
    world.plug()
    assert not world.mood.asleep
