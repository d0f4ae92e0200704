"""Simulated time: stalls, ticks, and time that passes alike however it is cut.

Figures: reference notes on the ESP32 port, sections 3.3 and 12.
"""

import itertools

import pytest
from test_virtual_scheduler import periodic, quiet_world

from rouse.virtual import host


def test_a_print_costs_87_us_a_character_after_the_fifo_of_128_and_100_bytes_a_tick_never_stall():
    # 115200 baud; uart_stdout_tx_strn() never polls.
    world = quiet_world()
    world.print_chars(128)
    assert (world.ms, world.us) == (0, 0)
    world.print_chars(100)
    assert world.ms * 1000 + world.us == 8700
    for _ in range(20):  # the FIFO empties meanwhile
        world.run_ms(20)
        before_ms = world.ms
        world.print_chars(100)
        assert world.ms == before_ms


def test_catch_up_replays_the_last_part_of_a_backlog_and_stalls_through_the_rest():
    world = quiet_world()
    ran = []
    periodic(lambda _timer: ran.append(world.ms))
    world.run_ms(100)
    ran.clear()
    world.catch_up(1100, 200)
    assert world.ms == 1100
    assert ran[:8] == [900] * 8
    assert ran[8:] == list(range(920, 1100, 20))
    world.catch_up(1000, 200)  # a host's clock that went back
    assert world.ms == 1100


def test_ticks_wrap_at_two_to_the_thirtieth():
    # py/mpconfig.h: MICROPY_PY_TIME_TICKS_PERIOD
    world = quiet_world()
    world.wrap_ms = 50
    world.run_ms(49)
    before = host.time.ticks_ms()
    assert before == 2**30 - 1
    world.run_ms(3)
    assert host.time.ticks_ms() == 2
    assert host.time.ticks_diff(host.time.ticks_ms(), before) == 3
    assert host.time.ticks_add(before, 1) == 0


@pytest.mark.parametrize("ms", [0, 1, 999, 1023, 1024, 1073741, 1073742, 5000001, 900000007])
@pytest.mark.parametrize("us", [0, 7, 500, 999])
def test_ticks_us_is_the_time_modulo_two_to_the_thirtieth(ms, us):
    world = quiet_world()
    world.clock.ms, world.clock.us = ms, us
    assert host.time.ticks_us() == (ms * 1000 + us) % 2**30


def test_time_passes_alike_in_one_go_and_in_pieces():
    ends = []
    for piece_ms in (1, 7, 500):
        world = quiet_world()
        bench = host.Bench(world)
        world.plug()
        bench.offer(16000)
        for _ in itertools.repeat(None, 3500 // piece_ms):
            world.run_ms(piece_ms)
        ends.append(world.state())
    assert ends[0] == ends[1] == ends[2]
