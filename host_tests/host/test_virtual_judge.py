"""The judge counts what it is there for, each breach once and with its time, and nothing in a lawful session.

Pins are driven by hand: no firmware is involved. Limits: IEC 61851-1 table A.6 as in evse_facts, section 3.
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


def stop(world, bench):
    """Steady +12 V, and the coil off as soon as the car has opened S2."""
    bench.offer(0)
    while world.pilot.s2:
        world.run_ms(5)
    bench.open()


def assert_counted(world, *texts):
    assert world.judge.violations == len(texts), world.judge.last
    for line, text in zip(world.judge.last, texts, strict=True):
        assert text in line


def test_a_lawful_session_counts_nothing():
    world, bench = charging()
    for ma in (6000, 32000, 10000):
        bench.offer(ma)
        world.run_ms(20000)
    stop(world, bench)
    world.run_ms(100)
    world.flash_write(100)
    world.run_ms(5000)
    bench.pilot.duty_u16(0)
    world.run_ms(4000)
    bench.offer(0)
    bench.pilot_open.value(1)
    world.run_ms(4000)
    bench.pilot_open.value(0)
    bench.charge(16000)
    world.unplug()
    bench.open()
    bench.offer(0)
    world.run_ms(5000)
    assert_counted(world)
    assert world.contactor.starts == 2


def leave_c(world, how):
    if how == "unplug":
        world.unplug()
    elif how == "s2":
        world.pilot.s2 = False
        world.car.room_wh = 0
        world.refresh()
    else:
        world.pilot.short = 1
        world.refresh()


@pytest.mark.parametrize("how", ["unplug", "s2", "short"])
@pytest.mark.parametrize("wait_ms, late", [(40, False), (85, False), (105, True), (500, True)])
def test_a_late_opening_counts_and_one_in_time_does_not(how, wait_ms, late):
    world, bench = charging()
    leave_c(world, how)
    world.run_ms(wait_ms)
    bench.open()
    world.run_ms(2000)
    assert_counted(world, *["closed 100 ms after the car left C"] * late)


def test_a_violation_carries_its_time():
    world, _bench = charging()
    world.unplug()
    left_ms = world.ms
    world.run_ms(1000)
    seconds = float(world.judge.last[0].split(" s: ")[0])
    assert 100 < seconds * 1000 - left_ms <= 100 + 13


def test_a_coil_still_commanded_counts_even_if_the_contacts_have_not_closed_yet():
    world, bench = make()
    world.plug()
    bench.offer(16000)
    world.run_ms(2000)
    world.contactor.close_ms = world.ms + 10000  # a contactor that does not pull in
    bench.close()
    world.run_ms(30)
    world.contactor.close_ms = world.ms + 10000
    world.unplug()
    world.run_ms(300)
    assert_counted(world, "closed 100 ms after the car left C")


def test_a_welded_contactor_is_not_blamed_on_the_charger():
    world, bench = charging()
    world.contactor.welded = True
    stop(world, bench)
    world.unplug()
    world.run_ms(10000)
    assert_counted(world)


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


@pytest.mark.parametrize("wait_ms, late", [(6000, False), (6120, False), (6200, True)])
def test_closed_6_15_s_after_steady_12_v_counts(wait_ms, late):
    world, bench = charging(ignores_stop=1)
    bench.offer(0)
    world.run_ms(wait_ms)
    bench.open()
    world.run_ms(3000)
    assert_counted(world, *["6.15 s after steady"] * late)


@pytest.mark.parametrize(
    "ma, cable_ohm, over", [(32000, 220, False), (32010, 220, True), (20000, 680, False), (21000, 680, True)]
)
def test_an_offer_above_board_or_cable_counts(ma, cable_ohm, over):
    world, bench = make()
    world.cable_ohm = cable_ohm
    world.plug()
    bench.offer(ma)
    world.run_ms(150)
    assert_counted(world, *["limit is"] * over)


def test_an_offer_that_outlasts_a_change_of_cable_counts():
    world, bench = make()
    world.plug()
    bench.offer(32000)
    world.run_ms(100)
    world.cable_ohm = 680
    world.refresh()
    world.run_ms(190)
    assert_counted(world)
    world.run_ms(50)
    assert_counted(world, "above what board and cable carry")


def test_closed_with_residual_current_counts_if_the_hardware_does_not_cut():
    world, _bench = charging()
    world.leak(True)
    world.run_ms(1000)
    assert_counted(world)  # the monitor cuts the coil itself
    world, _bench = charging()
    world.leak(True)
    world.run_ms(50)
    world.contactor.cut = False  # a cut wire between monitor and coil
    world.contactor.update(world.ms)
    world.run_ms(99)
    assert_counted(world)
    world.run_ms(20)
    assert_counted(world, "after residual current tripped")


@pytest.mark.parametrize("how, text", [("open", "pilot opened while closed"), ("minus12", "-12 V while closed")])
def test_opening_the_pilot_or_minus_12_v_while_closed_counts(how, text):
    world, bench = charging()
    if how == "open":
        bench.pilot_open.value(1)
    else:
        bench.pilot.duty_u16(0)
    world.run_ms(50)
    bench.open()
    world.run_ms(1000)
    assert_counted(world, text)


def test_a_flash_write_while_closed_counts_and_the_owner_s_is_counted_apart():
    world, bench = charging()
    world.judge.owner_writing = True
    world.flash_seen()
    world.judge.owner_writing = False
    assert_counted(world)
    assert world.judge.owner_writes == 1
    world.flash_seen()
    assert_counted(world, "flash written")
    bench.offer(0)
    bench.open()
    world.run_ms(100)
    world.flash_seen()
    assert_counted(world, "flash written")


@pytest.mark.parametrize("percent", [0, 10, 33.3, 85, 96, 100])
def test_a_lawful_duty_counts_nothing(percent):
    world, bench = make({"max_ma": 80000, "proximity_adc": None, "cable_ma": 80000})
    bench.pilot.duty_u16(min(int(percent * 65536 / 100), 65535))
    world.run_ms(10)
    assert_counted(world)


@pytest.mark.parametrize("percent", [1, 5, 8, 9.9, 96.1, 97, 99.9])
def test_a_duty_outside_the_lawful_range_counts(percent):
    world, bench = make({"max_ma": 80000, "proximity_adc": None, "cable_ma": 80000})
    bench.pilot.duty_u16(int(percent * 65536 / 100))
    world.run_ms(10)
    assert_counted(world, "duty outside")


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


def test_it_keeps_the_first_twenty_lines_and_counts_all():
    world, bench = make()
    for duty_u16 in range(1000, 1050):
        bench.pilot.duty_u16(duty_u16)
        world.run_ms(2)
    assert world.judge.violations == 50
    assert len(world.judge.last) == 20
