"""Timers, callbacks, the opcode debt and ticks as on MicroPython's ESP32 port; time passes alike however it is cut.

Sources: machine_timer.c, py/scheduler.c, machine_wdt.c; reference notes, sections 3, 6 and 12.
"""

import itertools

import pytest

from rouse.virtual import host

machine = host.machine


def periodic(callback, period_ms=20, number=0):
    return machine.Timer(number, mode=machine.Timer.PERIODIC, period=period_ms, callback=callback)


def quiet_world():
    world = host.make_world()
    world.scheduler.tick_opcodes = 0
    return world


def test_a_periodic_timer_fires_every_period_and_a_one_shot_once():
    world = quiet_world()
    times_ms, once = [], []
    periodic(lambda _timer: times_ms.append(world.ms))
    machine.Timer(1, mode=machine.Timer.ONE_SHOT, period=30, callback=once.append)
    world.run_ms(101)
    assert times_ms == [20, 40, 60, 80, 100]
    assert len(once) == 1


def test_eight_callbacks_queue_up_and_the_ninth_is_dropped_silently():
    world = quiet_world()
    ran = []
    periodic(lambda _timer: ran.append(world.ms))
    world.stall_ms(1000)
    assert ran == []
    world.run_ms(10)
    assert ran == [1000] * 8
    assert world.scheduler.dropped == 1000 // 20 - 8


def test_one_callback_a_pass():
    # mp_handle_pending() runs at most one Python callback (py/scheduler.c; since 1.26 none that was queued meanwhile).
    world = quiet_world()
    ran = []
    periodic(ran.append)
    world.stall_ms(70)
    world.scheduler.run_one()
    assert len(ran) == 1
    world.scheduler.run_one()
    assert len(ran) == 2


def test_callbacks_do_not_nest_and_sleeping_in_one_lets_none_run():
    world = quiet_world()
    order = []

    def slow(_timer):
        order.append("slow in")
        host.time.sleep_ms(50)
        order.append("slow out")

    periodic(slow, 100, 0)
    periodic(lambda _timer: order.append("quick"), 20, 1)
    world.run_ms(160)
    inside = order.index("slow in")
    assert order[inside + 1] == "slow out"
    assert order[inside + 2 : inside + 5] == ["quick"] * 3  # queued at 100, 120 and 140 ms


def test_an_exception_in_a_callback_is_printed_and_the_timer_keeps_running(capsys):
    # mp_call_function_1_protected() in machine_timer.c
    world = quiet_world()
    ran = []

    def fails(_timer):
        ran.append(1)
        raise ValueError("planted")

    periodic(fails)
    world.run_ms(61)
    assert len(ran) == 3
    assert world.scheduler.callback_errors == 3
    assert "planted" in capsys.readouterr().err


def test_opcodes_are_charged_to_a_callback_at_1_8_us():
    # 55..130 instructions of 9..20 ns an opcode: reference notes, section 12.
    world = host.make_world()
    bench = host.Bench(world)
    bench.timer.deinit()
    world.scheduler.tick_opcodes = 5000
    read_uv = bench.adc("pilot_adc").read_uv
    watchdog = machine.WDT()
    for read_counts, used_us in (([1], 9000), ([1, 1], 18000), ([], 720), ([1, 0], 9000)):
        # A feed ends a tick; what comes after it, if it reads an input, is the next.

        def tick(_timer, read_counts=read_counts):
            for count in read_counts:
                for _ in range(count):
                    read_uv()
                watchdog.feed()

        timer = periodic(tick)
        world.stall_ms(20)
        at_us = world.ms * 1000 + world.us
        world.scheduler.run_one()
        assert world.ms * 1000 + world.us - at_us == used_us + 58 * sum(read_counts), read_counts
        timer.deinit()


@pytest.mark.parametrize("write", ["pin", "pwm"])
def test_the_debt_is_paid_before_the_first_output_after_the_first_read(write):
    world = host.make_world()
    bench = host.Bench(world)
    bench.timer.deinit()
    world.scheduler.tick_opcodes = 4000
    adc = bench.adc("pilot_adc")
    lamp = machine.Pin(world.board["pins"]["status_led"], machine.Pin.OUT, value=0)
    at_us = []

    def tick(_timer):
        lamp.value(1)  # no input read yet: nothing to have decided
        at_us.append(world.ms * 1000 + world.us)
        adc.read_uv()
        if write == "pin":
            lamp.value(0)
        else:
            bench.coil.duty_u16(0)
        at_us.append(world.ms * 1000 + world.us)
        lamp.value(1)
        at_us.append(world.ms * 1000 + world.us)

    periodic(tick)
    world.run_ms(20)
    world.scheduler.run_one()
    assert at_us == [20000, 20000 + 58 + 7200, 20000 + 58 + 7200]
    assert world.ms * 1000 + world.us == at_us[-1]


def test_planned_actions_happen_in_the_middle_of_a_callback():
    world = host.make_world()
    bench = host.Bench(world)
    adc = bench.adc("pilot_adc")
    seen = []
    world.at(23, lambda: seen.append((world.ms, world.scheduler.in_callback)))
    periodic(lambda _timer: [adc.read_uv() for _ in range(100)], 20, 1)
    world.run_ms(100)
    assert seen == [(23, True)]


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
    world.scheduler.in_callback = True  # elsewhere a look at the clock takes time
    assert host.time.ticks_us() == (ms * 1000 + us) % 2**30


@pytest.mark.parametrize(("chip", "look_us"), [("fast", 32), ("default", 72), ("slow", 88)])
def test_a_program_that_watches_the_clock_does_not_wait_for_ever_and_ticks_go_on(chip, look_us):
    host.make_world(chip=chip)
    ran = []
    periodic(lambda _timer: ran.append(1))
    first_us = host.time.ticks_us()
    assert host.time.ticks_us() - first_us == look_us  # 40 opcodes
    while host.time.ticks_us() < 1000000:
        pass
    assert 48 <= len(ran) <= 50


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
