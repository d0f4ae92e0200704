"""The pilot circuit: levels at the charger's sense point for every connection, and what the car sees.

Sources: IEC 61851-1 annex A and SAE J1772 as collected in evse_facts, section 1.
"""

import pytest

from rouse.virtual import host
from virtual.pilot import NOTHING, PWM, STEADY_HIGH, STEADY_LOW, offered_ma


def plugged(**car):
    world = host.make_world(**car)
    bench = host.Bench(world)
    world.plug()
    bench.offer(16000)
    world.run_ms(3)
    return world, bench


# The windows are SAE J1772's for the highest level; the lowest is -12 V as long as the diode is there.
@pytest.mark.parametrize(
    "car, s2, window_mv",
    [
        ({}, False, (8360, 9560)),
        ({}, True, (5480, 6490)),
        ({"wants_fan": 1}, True, (2620, 3250)),
    ],
)
def test_levels_of_B_C_and_D_lie_in_the_windows_of_J1772(car, s2, window_mv):
    world, _bench = plugged(**car)
    world.pilot.s2 = s2
    world.refresh()
    assert window_mv[0] <= world.pilot.high_mv <= window_mv[1]
    assert world.pilot.low_mv == -12000


@pytest.mark.parametrize("r2, r3", [(1870, 1300), (4610, 1300), (2740, 909), (2740, 1723)])
@pytest.mark.parametrize("s2", [False, True])
def test_the_level_is_the_divider_of_1_kohm_and_the_car_s_resistors(r2, r3, s2):
    world, _bench = plugged(r2_ohm=r2, r3_ohm=r3)
    world.pilot.s2 = s2
    world.refresh()
    ohm = 1 / (1 / r2 + (1 / r3 if s2 else 0))
    assert world.pilot.high_mv == pytest.approx(700 + 11300 * ohm / (1000 + ohm), abs=10)


def test_the_adc_sees_both_halves_through_the_front_end():
    _world, bench = plugged()
    adc = bench.adc("pilot_adc")
    reads = sorted(adc.read_uv() for _ in range(200))
    low_mv, high_mv = ((sum(part) // 3 - 1363500) * 1000 // 85100 for part in (reads[:3], reads[-3:]))
    assert high_mv == pytest.approx(8979, abs=120)  # the extremes of a noisy signal lie 6 mV, 70 at the pilot, outside
    assert low_mv == pytest.approx(-12000, abs=120)


@pytest.mark.parametrize("ma", [6000, 10000, 16000, 32000])
def test_the_high_half_lasts_as_long_as_the_duty_says(ma):
    world, bench = plugged()
    bench.offer(ma)
    world.run_ms(3)
    adc = bench.adc("pilot_adc")
    high = sum(adc.read_uv() > 1363500 for _ in range(5000))
    assert high / 5000 == pytest.approx(ma / 60000, abs=0.005)


def test_with_nothing_plugged_in_the_pilot_swings_the_full_12_v():
    world = host.make_world()
    bench = host.Bench(world)
    bench.offer(16000)
    world.run_ms(3)
    assert (world.pilot.high_mv, world.pilot.low_mv) == (12000, -12000)


def test_behind_the_open_switch_the_car_is_invisible_and_sees_nothing():
    world, bench = plugged()
    bench.pilot_open.value(1)
    assert (world.pilot.high_mv, world.pilot.low_mv) == (12000, -12000)
    assert world.pilot.inlet() == NOTHING
    world.run_ms(20)
    assert world.car.state == "E"


@pytest.mark.parametrize("short, high_mv, low_mv", [(1, 0, 0), (2, 700, -12000)])
def test_a_short_to_earth_and_one_behind_the_diode(short, high_mv, low_mv):
    world, _bench = plugged()
    world.pilot.short = short
    world.refresh()
    assert (world.pilot.high_mv, world.pilot.low_mv) == (high_mv, low_mv)


def test_a_broken_diode_shows_as_a_loaded_negative_half():
    world, _bench = plugged(diode=0)
    assert world.pilot.high_mv == pytest.approx(12000 * 2740 / 3740, abs=2)
    assert world.pilot.low_mv == pytest.approx(-12000 * 2740 / 3740, abs=2)


def test_the_car_sees_pwm_steady_high_and_steady_low():
    world, bench = plugged()
    assert world.pilot.inlet() == PWM
    for duty_u16, seen in ((65535, STEADY_HIGH), (0, STEADY_LOW)):
        bench.pilot.duty_u16(duty_u16)
        world.run_ms(2)
        assert world.pilot.inlet() == seen


def expected_ma(percent):  # IEC 61851-1 table A.8, as printed
    if 8 <= percent < 10:
        return 6000
    if 10 <= percent <= 85:
        return percent * 600
    if 85 < percent <= 96:
        return (percent - 64) * 2500
    return 0


def test_a_duty_means_what_table_A_8_says():
    for duty_u16 in range(0, 65536, 13):
        percent = duty_u16 * 100 / 65536
        if min(abs(percent - edge) for edge in (8, 10, 85, 96)) > 0.01:  # at an edge one count decides
            assert offered_ma(duty_u16) == int(expected_ma(percent)), percent
