"""The judge counts every hot or unlawful closing, and no lawful one.

Pins are driven by hand: no firmware is involved.
"""

import json

import pytest
from test_virtual_judge import assert_counted, charging, make

from tools.virtual import host


def hot_without_pwm(world, bench):
    bench.offer(0)
    world.run_ms(100)


def hot_at_minus_12_v(world, bench):
    bench.pilot.duty_u16(0)
    world.run_ms(20)


def hot_in_b(world, _bench):
    world.pilot.s2 = False
    world.car.room_wh = 0
    world.refresh()


def hot_unplugged(world, _bench):
    world.unplug()


def hot_too_early(world, _bench):
    world.pilot.s2 = False
    world.refresh()
    world.run_ms(1)
    world.pilot.s2 = True
    world.refresh()
    world.run_ms(250)


def hot_without_diode(world, _bench):
    world.pilot.has_diode = False
    world.refresh()


def hot_without_proximity(world, _bench):
    world.cable_ohm = 0
    world.refresh()


def hot_short(world, _bench):
    world.pilot.short = 1
    world.refresh()


@pytest.mark.parametrize(
    "prepare, text",
    [
        (hot_without_pwm, "not 1 kHz PWM"),
        (hot_at_minus_12_v, "not 1 kHz PWM"),
        (hot_in_b, "while the car is in B"),
        (hot_unplugged, "not 1 kHz PWM"),
        (hot_too_early, "after the car went to C"),
        (hot_without_diode, "without a diode"),
        (hot_without_proximity, "without the proximity contact"),
        (hot_short, "not 1 kHz PWM"),
    ],
)
def test_a_hot_or_unlawful_closing_counts(prepare, text):
    world, bench = make()
    world.plug()
    bench.offer(16000)
    world.run_ms(3000)
    assert world.car.state == "C"
    prepare(world, bench)
    bench.close()
    world.run_ms(25)
    assert world.contactor.held
    assert text in world.judge.last[0]
    assert world.contactor.starts == 1


@pytest.mark.parametrize("late_ms, counts", [(-2, True), (2, False), (14, False)])
@pytest.mark.parametrize("leave, text", [(hot_in_b, "while the car is in B"), (hot_unplugged, "not 1 kHz PWM")])
def test_a_car_that_leaves_while_the_contacts_are_on_their_way_is_nobody_s_fault(late_ms, counts, leave, text):
    """They close 15 ms after the coil began to pull; opening within 100 ms is another rule."""
    world, bench = make()
    world.plug()
    bench.offer(16000)
    world.run_ms(3000)
    acts = [(0, lambda: leave(world, bench)), (-late_ms, bench.close)]
    if late_ms > 0:
        acts = [(0, bench.close), (late_ms, lambda: leave(world, bench))]
    for wait_ms, act in acts:
        world.run_ms(wait_ms)
        act()
    world.run_ms(30)
    bench.open()
    world.run_ms(200)
    assert world.contactor.starts == 1
    assert_counted(world, *[text] * counts)


def test_closing_at_a_wrong_frequency_counts():
    world, bench = make()
    world.pins.all[world.board["pins"]["pilot_pwm"]].freq_hz = 5000
    world.plug()
    bench.offer(16000)
    world.run_ms(3000)
    bench.close()
    world.run_ms(25)
    assert_counted(world, "not 1 kHz PWM")


@pytest.mark.parametrize("fan_pin, counts", [(None, True), (5, False)])
def test_state_d_closes_lawfully_only_with_a_fan(fan_pin, counts):
    world, bench = make({"fan": fan_pin}, wants_fan=1)
    world.plug()
    bench.offer(16000)
    world.run_ms(3000)
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


def unfit_for_d(world):
    world.pilot.r3_ohm, world.pilot._is_d = 270, True  # a car that turns to D during the charge


def unplugged_proximity(world):
    world.cable_ohm = 0


def fit_for_c(world):
    world.pilot.r3_ohm, world.pilot._is_d = 1300, False
    world.cable_ohm = 220


@pytest.mark.parametrize(
    "board, begin, span_ms, text",
    [
        ({}, unfit_for_d, 90, None),
        ({}, unfit_for_d, 130, "closed 100 ms in D without a fan"),
        ({"fan": 5}, unfit_for_d, 2000, None),
        ({}, unplugged_proximity, 290, None),
        ({}, unplugged_proximity, 330, "closed 300 ms without the proximity contact"),
        ({"proximity_adc": None, "cable_ma": 32000}, unplugged_proximity, 2000, None),
    ],
)
def test_staying_closed_when_a_condition_of_closing_is_gone_counts_after_its_time(board, begin, span_ms, text):
    world, _bench = asked_to_stop(board)
    begin(world)
    world.refresh()
    world.run_ms(span_ms)
    fit_for_c(world)
    world.refresh()
    world.run_ms(2000)
    assert world.contactor.held
    assert_counted(world, *[text] if text else [])


@pytest.mark.parametrize("begin", [unfit_for_d, unplugged_proximity])
def test_opening_in_time_when_a_condition_of_closing_is_gone_counts_nothing(begin):
    world, bench = asked_to_stop()
    begin(world)
    world.refresh()
    world.run_ms(50)
    bench.open()
    world.run_ms(2000)
    assert_counted(world)


@pytest.mark.parametrize("begin", [unfit_for_d, unplugged_proximity])
def test_a_lasting_breach_counts_once_for_as_long_as_it_lasts(begin):
    world, _bench = asked_to_stop()
    begin(world)
    world.refresh()
    world.run_ms(5000)
    assert world.judge.violations == 1, world.judge.last


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
