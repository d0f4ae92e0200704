"""What each kind of reset leaves alive, and the watchdog.

Sources: machine_pwm.c, machine_wdt.c, main.c (soft_reset_exit), docs/reference/reset_boot.rst; reference notes,
sections 1, 5.1, 6 and 12.
"""

from array import array

import pytest
from test_virtual_judge import make

from rouse.virtual import host

machine = host.machine
POWER, RESET, WATCHDOG = machine.PWRON_RESET, machine.HARD_RESET, machine.WDT_RESET


def test_soft_reset_stops_timers_forces_pwm_low_and_leaves_plain_pins():
    world, bench = make()
    ran = []
    machine.Timer(1, period=20, callback=ran.append)
    bench.close()
    bench.pilot_open.value(1)
    world.run_ms(10)
    assert world.contactor.energised is False  # no alive edge yet
    world.soft_reset()
    world.run_ms(200)
    assert ran == []
    assert world.pins.all[world.board["pins"]["contactor"]].drive_u16() == 0
    assert world.pilot.duty_u16 == 0
    assert world.pilot.is_open
    assert machine.reset_cause() == machine.SOFT_RESET


@pytest.mark.parametrize("cause", [RESET, WATCHDOG])
def test_a_reset_by_software_floats_plain_pins_but_ledc_runs_on_until_its_pin_is_set_up(cause):
    # LEDC is not touched by a software reset or a panic; the pads' other routing is: reference notes, section 12.
    world, bench = make()
    bench.offer(16000)
    bench.pilot_open.value(1)
    world.run_ms(5)
    duty_u16 = world.pilot.duty_u16
    world.hard_reset(cause)
    assert world.pilot.duty_u16 == duty_u16
    assert not world.pilot.is_open
    machine.Pin(world.board["pins"]["pilot_pwm"], machine.Pin.OUT, value=0)
    assert world.pilot.duty_u16 == 0
    assert machine.reset_cause() == cause


def test_at_power_on_every_pin_floats():
    world, bench = make()
    bench.offer(16000)
    world.run_ms(5)
    world.hard_reset(POWER)
    assert all(pin.drive_u16() == 0 for pin in world.pins.all)


def test_the_watchdog_cannot_be_stopped_and_outlives_a_soft_reset_but_no_hard_one():
    world, _bench = make()
    watchdog = machine.WDT(timeout=3000)
    assert not hasattr(watchdog, "deinit")
    world.run_ms(2000)
    world.soft_reset()
    world.run_ms(900)
    assert world.reset_request is None
    world.run_ms(100)
    assert world.reset_request == WATCHDOG
    world.hard_reset(WATCHDOG)
    world.run_ms(5000)
    assert world.reset_request is None


def test_feeding_gives_the_whole_timeout_again_and_making_it_anew_changes_it():
    # esp_task_wdt_reconfigure() in machine_wdt.c
    world, _bench = make()
    watchdog = machine.WDT(timeout=1000)
    for _ in range(5):
        world.run_ms(900)
        watchdog.feed()
    assert world.reset_request is None
    machine.WDT(timeout=600000)
    world.run_ms(599999)
    assert world.reset_request is None
    world.run_ms(1)
    assert world.reset_request == WATCHDOG


@pytest.mark.parametrize("cause, survives", [(POWER, False), (RESET, True), (WATCHDOG, True), (None, True)])
def test_rtc_memory_survives_everything_but_power_loss(cause, survives):
    world, _bench = make()
    machine.RTC().memory(b"last words")
    if cause is None:
        world.soft_reset()
    else:
        world.hard_reset(cause)
    assert machine.RTC().memory() == (b"last words" if survives else b"")


def test_rtc_memory_keeps_the_bytes_of_an_array():
    make()
    machine.RTC().memory(array("i", [1, -1]))
    assert machine.RTC().memory() == b"\x01\0\0\0\xff\xff\xff\xff"
    with pytest.raises(ValueError, match="too long"):
        machine.RTC().memory(array("i", [0] * 513))


def test_reset_does_not_return_and_outputs_are_dead_after_it():
    world, bench = make()
    after = []

    def tick(_timer):
        try:
            machine.reset()
        except BaseException:
            bench.close()  # what a careless `except` would do; the chip never gets here
            after.append(1)

    machine.Timer(1, period=20, callback=tick)
    world.run_ms(500)
    assert after == [1]
    assert world.reset_request == RESET
    assert world.ms < 25
    assert bench.coil.duty_u16() == 0


def test_the_coil_drops_by_the_one_shot_while_the_chip_restarts_with_pwm_running():
    world, bench = make()
    bench.charge()
    world.hard_reset(RESET)
    assert world.contactor.wanted  # LEDC still holds the coil's pin high
    assert not world.contactor.held
    assert world.judge.violations == 0
