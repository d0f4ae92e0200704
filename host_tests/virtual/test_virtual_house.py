"""House, sun and the meter's three channels: signed power as sines."""

import statistics

import pytest

from rouse.virtual import host


def make(solar_w=0, house_w=0):
    world = host.make_world()
    world.load_day([solar_w], [house_w])
    for name in ("grid_adc", "phase_adc", "car_adc"):
        world.channels[world.board["pins"][name]].caller_us = 0
    return world, host.Bench(world)


def burst(bench):
    """Mean power in W by reading voltage, current, voltage, ... over ten mains cycles, as a wattmeter would."""
    voltage, current = bench.adc("phase_adc"), bench.adc("grid_adc")
    v, i = [], []
    previous = voltage.read_u16() >> 4
    for _ in range(10 * 20000 // 116):
        i.append(current.read_u16() >> 4)
        now = voltage.read_u16() >> 4
        v.append((previous + now) / 2)
        previous = now
    mean_v, mean_i = sum(v) / len(v), sum(i) / len(i)
    uv2 = sum((a - mean_v) * (b - mean_i) for a, b in zip(v, i, strict=True)) / len(v) * 806 * 806
    volts_per_uv = 1 / 3000
    amps_per_uv = 2000 / 22000 / 1000  # turns over burden in mohm, uV to A
    return uv2 * volts_per_uv * amps_per_uv


@pytest.mark.parametrize("solar_w, house_w", [(0, 0), (0, 300), (0, 8000), (5000, 200), (9000, 0), (0, 15000)])
def test_a_wattmeter_at_the_pins_reads_the_signed_grid_power(solar_w, house_w):
    world, bench = make(solar_w, house_w)
    world.run_ms(20)
    assert world.house.grid_w == house_w - solar_w
    assert burst(bench) == pytest.approx(house_w - solar_w, abs=20 + abs(house_w - solar_w) * 0.005)


@pytest.mark.parametrize("name, rms_uv", [("phase_adc", 230 * 3000), ("grid_adc", 4600 / 230 * 22000 / 2000 * 1000)])
def test_the_sine_has_50_hz_its_rms_and_the_bias(name, rms_uv):
    world, bench = make(0, 4600)
    world.run_ms(20)
    adc = bench.adc(name)
    world.channels[world.board["pins"][name]].noise_mask = 0
    reads, times_us = [], []
    for _ in range(3448):  # ten cycles of 20 ms
        reads.append(adc.read_uv())
        times_us.append(world.ms * 1000 + world.us)
    mean = statistics.fmean(reads)
    assert mean == pytest.approx(1_300_000, abs=2000)
    assert statistics.pstdev(reads) == pytest.approx(rms_uv, rel=0.005)
    rises = [t for t, a, b in zip(times_us[1:], reads, reads[1:], strict=False) if a < mean <= b]
    assert (rises[-1] - rises[0]) / (len(rises) - 1) == pytest.approx(20000, abs=15)


def test_car_power_shows_on_its_own_clamp_and_on_the_grid():
    world, bench = make(3000, 500)
    bench.charge(16000)
    world.run_ms(10000)
    assert world.house.car_w == pytest.approx(15700 * 230 / 1000, abs=3)
    assert world.house.grid_w == 500 + world.house.car_w - 3000
    adc = bench.adc("car_adc")
    reads = [adc.read_uv() for _ in range(345)]  # one cycle: the one-shot would not outlast ten
    assert statistics.pstdev(reads) / 11 == pytest.approx(15700, rel=0.01)  # 22 ohm / 2000 turns: 11 uV a mA


def test_a_day_is_one_value_a_second_and_its_last_value_holds():
    world = host.make_world()
    world.load_day([100, 200, 300], [10, 20, 30])
    seen = []
    for _ in range(5):
        world.run_ms(500)
        seen.append((world.house.solar_w, world.house.house_w))
        world.run_ms(500)
    assert seen == [(100, 10), (200, 20), (300, 30), (300, 30), (300, 30)]


@pytest.mark.parametrize("solar_w, house_w", [([], []), ([1, 2], [1])])
def test_a_day_without_values_or_of_two_lengths_is_refused(solar_w, house_w):
    with pytest.raises(ValueError, match="day needs"):
        host.make_world().load_day(solar_w, house_w)
