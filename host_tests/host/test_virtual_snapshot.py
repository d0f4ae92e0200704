"""A world continues from its state, through JSON, as if nothing had happened."""

import json

import pytest

from rouse.virtual import host


def session(world, bench, until_ms):
    """One deterministic course of events, from wherever the world is."""
    world.at(9000, lambda: bench.offer(10000))
    world.at(15000, world.unplug)
    world.run_ms(until_ms - world.ms)


@pytest.mark.parametrize("split_ms", [2000, 5001, 8000])
def test_a_restored_world_equals_the_one_that_went_on(split_ms):
    ends = []
    for is_split in (False, True):
        world = host.make_world()
        bench = host.Bench(world)
        bench.timer.deinit()
        world.contactor.one_shot_ms = None  # no callback is needed to keep the coil
        world.load_day([1000], [300])
        world.plug()
        bench.offer(16000)
        world.run_ms(split_ms)
        if is_split:
            text = json.dumps(world.state())
            world = host.make_world()
            world.contactor.one_shot_ms = None
            world.load_day([1000], [300])
            world.restore(json.loads(text))
            assert json.dumps(world.state()) == text
            bench.world = world
            bench.pilot._pin = world.pins.all[world.board["pins"]["pilot_pwm"]]
            bench.pilot._clock = world.clock
        session(world, bench, 20000)
        ends.append(world.state())
    assert ends[0] == ends[1]


def test_everything_a_later_boot_needs_survives():
    world = host.make_world()
    bench = host.Bench(world)
    host.machine.WDT(timeout=60000)
    host.machine.RTC().memory(bytes(range(256)))
    bench.charge()
    world.judge.owner_writes = 3
    bench.pilot.duty_u16(7)  # unlawful
    world.run_ms(50)
    state = json.loads(json.dumps(world.state()))
    other = host.make_world()
    other.restore(state)
    assert other.rtc_memory == bytes(range(256))
    assert other.contactor.held and other.contactor.starts == 1
    assert other.judge.violations == 1 and other.judge.last == world.judge.last
    assert other.judge.owner_writes == 3
    assert (other.pilot.duty_u16, other.pilot.high_mv) == (7, world.pilot.high_mv)
    assert host.machine.Pin(other.board["pins"]["contactor_readback"]).value() == 1
    other.run_ms(60000)
    assert other.reset_request == host.machine.WDT_RESET


def test_a_state_is_only_ints_texts_lists_and_dicts():
    def check(value):
        if isinstance(value, dict):
            for part in value.values():
                check(part)
        elif isinstance(value, list):
            for part in value:
                check(part)
        else:
            assert isinstance(value, (int, str))
            assert isinstance(value, str) or -(2**30) <= value < 2**30

    world = host.make_world()
    host.Bench(world).charge()
    check(world.state())
