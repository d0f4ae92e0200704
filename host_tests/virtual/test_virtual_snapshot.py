"""A world continues from its state, through JSON, as if nothing had happened."""

import json

import pytest

from rouse.virtual import host


def continued(text):
    """A world from a state's text, or a new one; no callback is needed to keep its coil."""
    world = host.make_world()
    bench = host.Bench(world)
    bench.timer.deinit()
    world.contactor.one_shot_ms = None
    world.load_day([1000], [300])
    if text:
        world.restore(json.loads(text))
        assert json.dumps(world.state()) == text
    return world, bench


@pytest.mark.parametrize("split_ms", [2000, 5001, 8000])
def test_a_restored_world_equals_the_one_that_went_on(split_ms):
    ends = []
    for is_split in (False, True):
        world, bench = continued("")
        world.plug()
        bench.offer(16000)
        world.run_ms(split_ms)
        if is_split:
            world, bench = continued(json.dumps(world.state()))
        world.at(9000, lambda bench=bench: bench.offer(10000))
        world.at(15000, world.unplug)
        world.run_ms(20000 - world.ms)
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
        if isinstance(value, (dict, list)):
            for part in value.values() if isinstance(value, dict) else value:
                check(part)
        else:
            assert isinstance(value, str) or (isinstance(value, int) and -(2**30) <= value < 2**30)

    world = host.make_world()
    host.Bench(world).charge()
    check(world.state())
