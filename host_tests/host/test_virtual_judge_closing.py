"""The judge counts every hot or unlawful closing, and no lawful one.

Pins are driven by hand: no firmware is involved.
"""

import pytest

from tools.virtual import host


def make(board=None, **car):
    world = host.make_world(board, **car)
    return world, host.Bench(world)


def charging(board=None, **car):
    world, bench = make(board, **car)
    bench.charge(16000)
    assert world.judge.violations == 0, world.judge.last
    return world, bench


def assert_counted(world, *texts):
    assert world.judge.violations == len(texts), world.judge.last
    for line, text in zip(world.judge.last, texts, strict=True):
        assert text in line


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


@pytest.mark.parametrize("pause_ms, counts", [(30, True), (900, True), (1100, False)])
def test_closing_again_within_a_second_onto_a_car_still_in_c_counts(pause_ms, counts):
    world, bench = charging()
    bench.open()
    world.run_ms(pause_ms)
    bench.close()
    world.run_ms(100)
    assert_counted(world, *["closed again"] * counts)


def test_closing_again_onto_a_car_that_left_c_meanwhile_is_another_session():
    world, bench = charging()
    bench.open()
    world.run_ms(50)
    world.unplug()
    world.run_ms(50)
    world.plug()
    world.pilot.s2 = True
    world.refresh()
    world.run_ms(400)
    world.pilot.s2 = True
    world.refresh()
    bench.close()
    world.run_ms(20)
    assert not any("closed again" in line for line in world.judge.last)


def test_a_gap_between_ticks_that_drops_the_one_shot_and_closes_again_counts():
    world, _bench = charging()
    world.stall_ms(90)  # a print too long: the coil drops, and the next edge pulls it in again
    world.run_ms(200)
    assert_counted(world, "closed again")
