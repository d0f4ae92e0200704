"""The judge counts every hot or unlawful closing, and no lawful one.

Pins are driven by hand: no firmware is involved.
"""

import json

import pytest
from test_virtual_judge import IN_B, alter, assert_counted, charging, offered

from rouse.virtual import host


def s2_closes_anew(world, _bench):
    alter(world, {"pilot.s2": False})
    world.run_ms(1)
    alter(world, {"pilot.s2": True})
    world.run_ms(250)


@pytest.mark.parametrize(
    "prepare, wait_ms, text",
    [
        (lambda _world, bench: bench.offer(0), 100, "not 1 kHz PWM"),
        (lambda _world, bench: bench.pilot.duty_u16(0), 20, "not 1 kHz PWM"),
        (lambda world, _bench: world.unplug(), 0, "not 1 kHz PWM"),
        (lambda world, _bench: alter(world, {"pilot.short": 1}), 0, "not 1 kHz PWM"),
        (lambda world, _bench: alter(world, {"pilot.freq_hz": 5000}), 0, "not 1 kHz PWM"),
        (lambda world, _bench: alter(world, IN_B), 0, "while the car is in B"),
        (s2_closes_anew, 0, "after the car went to C"),
        (lambda world, _bench: alter(world, {"pilot.has_diode": False}), 0, "without a diode"),
        (lambda world, _bench: alter(world, {"cable_ohm": 0}), 0, "without the proximity contact"),
    ],
)
def test_a_hot_or_unlawful_closing_counts(prepare, wait_ms, text):
    world, bench = offered()
    assert world.car.state == "C"
    prepare(world, bench)
    world.run_ms(wait_ms)
    bench.close()
    world.run_ms(25)
    assert world.contactor.held
    assert text in world.judge.last[0]
    assert world.contactor.starts == 1


@pytest.mark.parametrize("late_ms, counts", [(-2, True), (2, False), (14, False)])
@pytest.mark.parametrize("is_unplugged, text", [(False, "while the car is in B"), (True, "not 1 kHz PWM")])
def test_a_car_that_leaves_while_the_contacts_are_on_their_way_is_nobody_s_fault(late_ms, counts, is_unplugged, text):
    """They close 15 ms after the coil began to pull; opening within 100 ms is another rule."""
    world, bench = offered()
    world.at(world.ms + 10, bench.close)
    world.at(world.ms + 10 + late_ms, world.unplug if is_unplugged else lambda: alter(world, IN_B))
    world.run_ms(10 + abs(late_ms) + 30)
    bench.open()
    world.run_ms(200)
    assert world.contactor.starts == 1
    assert_counted(world, *[text] * counts)


@pytest.mark.parametrize("fan_pin, counts", [(None, True), (5, False)])
def test_state_d_closes_lawfully_only_with_a_fan(fan_pin, counts):
    world, bench = offered({"fan": fan_pin}, wants_fan=1)
    bench.close()
    world.run_ms(25)
    assert_counted(world, *["while the car is in D"] * counts)


@pytest.mark.parametrize("pause_ms", [30, 900, 1100, 600000])
def test_closing_again_onto_a_car_that_never_left_c_counts_however_late(pause_ms):
    world, bench = charging()
    bench.open()
    world.run_ms(pause_ms)
    bench.close()
    world.run_ms(100)
    assert_counted(world, "closed again")


@pytest.mark.parametrize("restart", [lambda world: world.soft_reset(), lambda world: world.hard_reset(3)])
@pytest.mark.parametrize("opens_first", [True, False])
def test_a_chip_reset_since_the_last_closing_excuses_one_closing_onto_a_car_in_c(restart, opens_first):
    world, bench = charging()
    if opens_first:
        bench.open()
        world.run_ms(100)
    restart(world)
    state = json.dumps(world.state())  # the next VM's judge must know, too
    world = host.make_world()
    world.restore(json.loads(state))
    bench = host.Bench(world)
    bench.offer(16000)
    world.run_ms(3000)
    assert world.pilot.s2 and not world.contactor.held
    counted = world.judge.violations
    bench.close()
    world.run_ms(100)
    assert world.judge.violations == counted, world.judge.last
    bench.open()
    world.run_ms(2000)
    bench.close()
    world.run_ms(100)
    assert "closed again" in world.judge.last[-1]
    assert world.judge.violations == counted + 1


def asked_to_stop(board=None):
    """A car that ignores steady +12 V: no offer that could be too high, and 6.15 s until that alone counts."""
    world, bench = charging(board, ignores_stop=1)
    bench.offer(0)
    return world, bench


TURNS_TO_D = {"pilot.r3_ohm": 270, "pilot._is_d": True}
UNPLUGGED_PROXIMITY = {"cable_ohm": 0}
FIT_FOR_C = {"pilot.r3_ohm": 1300, "pilot._is_d": False, "cable_ohm": 220}


@pytest.mark.parametrize(
    "board, changes, span_ms, text",
    [
        ({}, TURNS_TO_D, 90, None),
        ({}, TURNS_TO_D, 130, "closed 100 ms in D without a fan"),
        ({"fan": 5}, TURNS_TO_D, 2000, None),
        ({}, UNPLUGGED_PROXIMITY, 290, None),
        ({}, UNPLUGGED_PROXIMITY, 330, "closed 300 ms without the proximity contact"),
        ({"proximity_adc": None, "cable_ma": 32000}, UNPLUGGED_PROXIMITY, 2000, None),
    ],
)
def test_staying_closed_when_a_condition_of_closing_is_gone_counts_after_its_time(board, changes, span_ms, text):
    world, _bench = asked_to_stop(board)
    alter(world, changes)
    world.run_ms(span_ms)
    alter(world, FIT_FOR_C)
    world.run_ms(2000)
    assert world.contactor.held
    assert_counted(world, *[text] if text else [])


@pytest.mark.parametrize("changes", [TURNS_TO_D, UNPLUGGED_PROXIMITY])
def test_a_breach_counts_nothing_when_opened_in_time_and_else_once_for_as_long_as_it_lasts(changes):
    for opens in (True, False):
        world, bench = asked_to_stop()
        alter(world, changes)
        world.run_ms(50)
        if opens:
            bench.open()
        world.run_ms(5000)
        assert world.judge.violations == (not opens), world.judge.last


def test_closing_again_onto_a_car_that_left_c_meanwhile_is_another_session():
    world, bench = charging()
    bench.open()
    world.run_ms(50)
    world.unplug()
    world.run_ms(50)
    world.plug()
    world.run_ms(2000)
    assert world.car.state == "C"
    bench.close()
    world.run_ms(100)
    assert world.contactor.starts == 2
    assert_counted(world)


def test_a_gap_between_ticks_that_drops_the_one_shot_and_closes_again_counts():
    world, _bench = charging()
    world.stall_ms(90)  # a print too long: the coil drops, and the next edge pulls it in again
    world.run_ms(200)
    assert_counted(world, "closed again")
