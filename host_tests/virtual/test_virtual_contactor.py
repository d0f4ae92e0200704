"""Contactor, one-shot, residual-current monitor, button, temperature and proximity of the virtual board.

Wiring and figures from boards/reference and the reference design: coil pin AND one-shot AND no residual current.
"""

import pytest
from test_virtual_judge import make

from rouse.virtual import host


def held_after(world, ms):
    world.run_ms(ms)
    return world.contactor.held


def closed():
    """The coil is on, and the contacts have closed."""
    world, bench = make()
    bench.close()
    world.run_ms(100)
    return world, bench


def mean_uv(adc):
    return sum(adc.read_uv() for _ in range(64)) / 64


def test_it_closes_15_ms_after_the_coil_and_counts_it():
    world, bench = make()
    world.run_ms(25)  # the first alive edge was at 20 ms
    bench.close()
    world.clock.pass_us(1002)  # the PWM's latch
    world.run_ms(13)
    assert world.contactor.energised
    assert not world.contactor.held
    assert held_after(world, 3)
    assert world.contactor.starts == 1
    assert bench.pin("contactor_readback").value() == 1


def test_it_releases_12_ms_after_the_coil():
    world, bench = closed()
    bench.open()
    world.clock.pass_us(1002)  # the PWM's latch
    world.run_ms(10)
    assert not world.contactor.energised
    assert world.contactor.held
    assert not held_after(world, 3)
    assert bench.pin("contactor_readback").value() == 0


def test_a_gap_shorter_than_the_release_time_does_not_open_it():
    world, bench = closed()
    bench.open()
    world.run_ms(8)
    bench.close()
    assert held_after(world, 50)
    assert world.contactor.starts == 1


def test_without_alive_edges_the_one_shot_drops_the_coil():
    world, bench = make()
    bench.close()
    world.run_ms(110)
    bench.timer.deinit()
    last_edge_ms = world.contactor.alive_ms
    world.run_ms(last_edge_ms + 65 - world.ms - 1)
    assert world.contactor.energised
    world.run_ms(1)
    assert not world.contactor.energised
    assert not held_after(world, 12)


def test_the_alive_pin_standing_still_at_either_level_is_no_edge():
    for level in (0, 1):
        world, bench = make()
        bench.timer.deinit()
        bench.alive.value(level)
        bench.close()
        world.run_ms(200)
        for _ in range(20):
            bench.alive.value(level)
            world.run_ms(20)
        assert not world.contactor.energised


def test_a_flash_write_longer_than_the_one_shot_opens_it():
    world, _bench = closed()
    world.flash_write(0)
    assert not world.contactor.held


def test_a_welded_contactor_stays_closed_and_the_read_back_shows_it():
    world, bench = closed()
    world.contactor.welded = True
    bench.open()
    world.run_ms(100)
    assert world.contactor.is_closed
    assert not world.contactor.held
    assert bench.pin("contactor_readback").value() == 1


def test_residual_current_cuts_the_coil_in_hardware_and_shows_at_the_pin():
    world, bench = closed()
    world.leak(True)
    world.run_ms(50)
    assert bench.pin("residual_trip").value() == 1
    assert not world.contactor.energised
    assert not held_after(world, 12)


@pytest.mark.parametrize("is_broken", [False, True])
def test_the_monitor_answers_its_test_pin_and_releases_afterwards_unless_it_is_broken(is_broken):
    world, bench = make()
    world.residual.broken = is_broken
    test_pin = host.machine.Pin(world.board["pins"]["residual_test"], host.machine.Pin.OUT, value=0)
    trip = bench.pin("residual_trip")
    for test, wait_ms in ((1, 50), (0, 300)):
        test_pin.value(test)
        world.run_ms(wait_ms - 1)
        assert trip.value() == (not test and not is_broken)
        world.run_ms(1)
        assert trip.value() == (test and not is_broken)


def test_a_pressed_button_is_low_for_as_long_as_it_is_held():
    world, bench = make()
    button = bench.pin("button")
    assert button.value() == 1
    world.press(200)
    world.run_ms(199)
    assert button.value() == 0
    world.run_ms(1)
    assert button.value() == 1


@pytest.mark.parametrize("cdeg", [-2000, 0, 2500, 8000])
def test_the_temperature_is_500_mv_at_0_c_and_10_mv_a_degree(cdeg):
    # MCP9700A data sheet
    world, bench = make()
    world.temperature_cdeg = cdeg
    world.refresh()
    assert mean_uv(bench.adc("temperature_adc")) == pytest.approx(500000 + 100 * cdeg, abs=2000)


@pytest.mark.parametrize("ohm, ma", [(1500, 13000), (680, 20000), (220, 32000), (100, 63000), (0, 0)])
def test_the_proximity_resistor_divides_3_3_v_with_1_kohm_and_rates_the_cable(ohm, ma):
    # evse_facts, section 5.1
    world, bench = make()
    world.cable_ohm = ohm
    world.plug()
    volts = 3.3 * ohm / (ohm + 1000) if ohm else 3.3
    assert mean_uv(bench.adc("proximity_adc")) / 1e6 == pytest.approx(min(max(volts, 0.142), 3.134), abs=0.006)
    assert world.cable_ma() == ma


@pytest.mark.parametrize(
    "ohm, ma",
    [(59, 0), (60, 63000), (140, 63000), (141, 32000), (308, 32000), (309, 20000), (936, 20000), (937, 13000)]
    + [(4500, 13000), (4501, 0)],
)
def test_between_two_windows_the_lower_rating_counts(ohm, ma):
    world, _bench = make()
    world.cable_ohm = ohm
    assert world.cable_ma() == ma


def test_a_tethered_cable_has_the_rating_of_the_board_file():
    world = host.make_world({"proximity_adc": None, "cable_ma": 20000})
    world.cable_ohm = 0
    assert world.cable_ma() == 20000
