"""Loads that do not draw evenly, as the grid clamp's pin shows them, and a mains that wanders."""

import math

import pytest

from rouse.virtual import host
from rouse.virtual.loads import Cycles, Drift, PhaseCut

HOUSE_W = 300


def make(*loads, house_w=HOUSE_W):
    world = host.make_world()
    world.load_day([0], [house_w])
    world.house.loads += loads
    for name in ("grid_adc", "phase_adc"):
        channel = world.channels[world.board["pins"][name]]
        channel.caller_us = channel.noise_mask = 0
    world.refresh()
    world.run_ms(100)
    return world, host.Bench(world)


def powers(world, bench, cycles):
    """Mean power of each of so many mains cycles in W, as a wattmeter at the pins reads it."""
    voltage, current = bench.adc("phase_adc"), bench.adc("grid_adc")
    first = world.clock.cycles + 1
    sums = {}
    while world.clock.cycles < first + cycles:
        v, i = (voltage.read_uv() - 1_300_000) / 3000, (current.read_uv() - 1_300_000) / 22000 * 2
        sums.setdefault(world.clock.cycles, []).append(v * i)
    return [sum(each) / len(each) for cycle, each in sorted(sums.items()) if first <= cycle < first + cycles]


@pytest.mark.parametrize(("on", "off"), [(2, 2), (1, 3), (3, 1), (1, 1), (5, 0), (1, 24)])
def test_a_load_is_switched_by_whole_cycles(on, off):
    world, bench = make(Cycles(1000, on, off))
    start = world.clock.cycles + 1
    found = powers(world, bench, 2 * (on + off))
    wanted = [HOUSE_W + (1000 if cycle % (on + off) < on else 0) for cycle in range(start, start + len(found))]
    assert found == pytest.approx(wanted, abs=25)  # the two reads are not of the same moment, and it turns within a ms
    assert world.house.grid_w == HOUSE_W + 1000 * on // (on + off)


@pytest.mark.parametrize("phase", range(4))
def test_its_phase_moves_the_pattern(phase):
    world, bench = make(Cycles(1000, 1, 3, phase))
    start = world.clock.cycles + 1
    found = powers(world, bench, 4)
    assert [w > HOUSE_W + 500 for w in found] == [(start + at + phase) % 4 == 0 for at in range(4)]


@pytest.mark.parametrize("mhz", [45000, 50000, 65000])
def test_it_turns_with_the_mains_whatever_their_frequency(mhz):
    load = Cycles(1000, 1, 1)
    world, _ = make(load)
    world.clock.set_mains(mhz)
    turned_ms = []
    for _ in range(2000):
        was = load.is_on
        world.run_ms(1)
        if load.is_on != was:
            turned_ms.append(world.ms)
            # Within a ms behind the rising zero of the voltage.
            assert world.clock.mains_place <= 1000 * world.clock.mains_rate
    assert (turned_ms[-1] - turned_ms[0]) / (len(turned_ms) - 1) == pytest.approx(1e6 / mhz, abs=0.05)


def share(cut_cdeg):
    """Of its power that a resistor gets from a sine cut so late in each half wave."""
    rad = math.radians(cut_cdeg / 100)
    return 1 - rad / math.pi + math.sin(2 * rad) / (2 * math.pi)


@pytest.mark.parametrize("cut_cdeg", [0, 4500, 9000, 13500, 18000])
def test_a_phase_cut_load_takes_the_power_of_the_rest_of_its_half_waves(cut_cdeg):
    load = PhaseCut(2000, cut_cdeg)
    world, bench = make(load)
    found = powers(world, bench, 10)
    assert sum(found) / 10 == pytest.approx(HOUSE_W + 2000 * share(cut_cdeg), abs=25)
    assert world.house.grid_w == pytest.approx(HOUSE_W + 2000 * share(cut_cdeg), abs=10)


def test_a_phase_cut_current_flows_behind_the_cut():
    world, bench = make(PhaseCut(2300, 9000), house_w=0)
    grid = bench.adc("grid_adc")
    flows = {"before": [], "behind": []}
    start = world.clock.cycles
    while world.clock.cycles < start + 10:
        ma = (grid.read_uv() - 1_300_000) / 22000 * 2000
        place = world.clock.mains_place + world.us * world.clock.mains_rate >> 18
        if 20 < place % 250 < 105:
            flows["before"].append(abs(ma))
        elif 145 < place % 250 < 200:
            flows["behind"].append(abs(ma))
    assert max(flows["before"]) < 2500 < 8000 < min(flows["behind"])  # of harmonics up to the eleventh, and of 14.1 A


def test_the_mains_wander_up_and_down():
    drift = Drift(50000, 200, 60)
    at_s = {0: 50000, 7.5: 50100, 15: 50200, 30: 50000, 45: 49800, 60: 50000}
    assert {s: drift.mhz_at(int(s * 1000)) for s in at_s} == at_s
    world, _ = make()
    world.house.drift = Drift(50000, 200, 60)
    counts = []
    for _ in range(4):
        before = world.clock.cycles
        world.run_ms(15_000)
        counts.append(world.clock.cycles - before)
    assert counts == pytest.approx([751.5, 751.5, 748.5, 748.5], abs=1.5)


def test_the_count_of_cycles_outlives_a_reset():
    world, _ = make(Cycles(1000, 2, 2))
    again = host.make_world()
    again.restore(world.state())
    assert again.clock.cycles == world.clock.cycles > 0
