"""The car asleep: what sends it there and what wakes it.

Source: the field reports in evse_facts, section 4.
"""

import pytest
from test_virtual_car import plugged


def test_it_falls_asleep_without_an_offer_and_then_ignores_every_offer():
    world, bench = plugged(0, sleep_after_s=60)
    world.run_ms(59000)
    assert not world.car.asleep
    world.run_ms(1500)
    assert world.car.asleep
    bench.offer(16000)
    world.run_ms(60000)
    assert world.car.state == "B"


def test_an_offer_in_time_keeps_it_awake():
    world, bench = plugged(0, sleep_after_s=60)
    for _ in range(3):
        world.run_ms(50000)
        bench.offer(6000)
        world.run_ms(500)
        bench.offer(0)
    assert not world.car.asleep


@pytest.mark.parametrize("wakes_on", ["", "open", "minus12", "either"])
@pytest.mark.parametrize("pulse", ["open", "minus12"])
@pytest.mark.parametrize("length_ms", [2900, 3000, 4000])
def test_a_pulse_wakes_it_if_it_is_of_its_kind_and_long_enough(wakes_on, pulse, length_ms):
    world, bench = plugged(0, sleep_after_s=10, wakes_on=wakes_on, wake_pulse_ms=3000)
    world.run_ms(11000)
    if pulse == "open":
        bench.pilot_open.value(1)
        world.run_ms(length_ms)
        bench.pilot_open.value(0)
    else:
        bench.pilot.duty_u16(0)
        world.run_ms(length_ms)
        bench.pilot.duty_u16(65535)
    world.run_ms(2)
    wakes = wakes_on in (pulse, "either") and length_ms >= 3000
    assert (world.car.asleep, world.car.woken) == (not wakes, int(wakes))
    bench.offer(16000)
    world.run_ms(3000)
    assert world.car.state == ("C" if wakes else "B")


def test_plugging_in_wakes_it():
    world, _bench = plugged(0, sleep_after_s=10)
    world.run_ms(11000)
    assert world.car.asleep
    world.unplug()
    world.plug()
    assert not world.car.asleep
