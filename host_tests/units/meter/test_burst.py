"""A burst is one mains cycle at any pace of the chip, its sums stay small whatever it reads, half of one is none."""

import math

from fake_chip import BIAS_MV, Chip, measure, sine_wave

from evse.app.boards import least_reference, middle_counts, scale_uw, ua_per_count
from evse.meter.burst import MAX_STEPS, Sums
from evse.meter.metering import TRANSFORMER, Metering
from evse.meter.power import Lock, Power
from evse.safety.limits import Inputs

SMALL_INT_MAX = (1 << 30) - 1
# Of a step, in us: the bench's four corners with some 125 opcodes a step, an emulated chip at its fastest, and beyond.
STEPS_US = (60, 75, 160, 282, 400, 515)
FASTEST_US = 1000000 / 45 / (MAX_STEPS - 1)  # still a whole cycle, the longest
HERTZ = (45, 50, 60, 65)


def burst_on(chip, hz, bias_mv=BIAS_MV):
    """One burst of the driver itself on that chip, beside mains of `hz`."""
    lock = Lock()
    lock.frequency_mhz = hz * 1000
    return measure(chip, lock.rate, Sums(), bias_mv)


def test_the_power_is_that_of_the_wave_at_any_pace_from_45_to_65_hz():
    scale = scale_uw(3000, 2000, 22000)
    for step_us in STEPS_US:
        for hz in HERTZ:
            for lag in (0, 1 / 6, 1 / 2):
                chip = Chip(step_us, sine_wave(1210, hz, 0, 20), sine_wave(300, hz, lag, -15))
                chip.us = 12345
                sums = burst_on(chip, hz)
                power = Power(ua_per_count(2000, 22000), scale, 230)
                power.add_product(sums)
                power.work_out()
                apparent_dw = 1210 * 300 / 2 * scale / 100000
                case = (step_us, hz, lag, power.active_dw, power.reactive_dw, apparent_dw)
                # A slow chip's two voltages lie 12 degrees apart at 65 Hz: 0.6 % in calibration's gain.
                assert abs(power.active_dw - apparent_dw * math.cos(2 * math.pi * lag)) <= apparent_dw / 125, case
                assert abs(power.reactive_dw - apparent_dw * math.sin(2 * math.pi * lag)) <= apparent_dw / 100, case


def test_a_burst_lasts_a_mains_cycle_and_counts_just_that():
    for step_us in STEPS_US:
        for hz in HERTZ:
            chip = Chip(step_us, sine_wave(1210, hz), sine_wave(300, hz))
            sums = burst_on(chip, hz)
            assert 1000000 / hz <= chip.us <= 1000000 / hz + 3 * step_us, (step_us, hz, chip.us)
            assert abs(sums.weight / 16 * step_us * hz - 1000000) <= 1000000 / 500 + step_us * hz / 16, (step_us, hz)


def test_no_sum_leaves_the_small_ints_on_the_fastest_chip_whatever_stands_at_the_pins():
    hz = 45
    for bias_mv in (1000, 1600):
        for full in (0, 4095):
            for turn in (0, 0.25, 0.5, 0.75):
                for cut in (0.25, 0.5, 0.75, 1.1):
                    for is_steady in (False, True):
                        wave = worst_wave(hz, bias_mv, full, turn, cut, is_steady)
                        chip = Chip(FASTEST_US, wave, wave)
                        sums = burst_on(chip, hz, bias_mv)
                        assert sums.weight > (MAX_STEPS - 5) * 16
                        for name in ("sum_v", "sum_i", "sum_ii", "sum_vi", "v_sin", "v_cos", "i_sin", "i_cos"):
                            case = (name, bias_mv, full, turn, cut, is_steady, getattr(sums, name))
                            assert abs(getattr(sums, name)) <= SMALL_INT_MAX, case


def worst_wave(hz, bias_mv, full, turn, cut, is_steady):
    """`full`, changing to the other end with the half cycle unless it is steady; the middle after `cut` of a cycle."""

    def wave(us):
        turns = us * hz / 1000000
        if turns > cut:
            return middle_counts(bias_mv)
        return full if is_steady or (turns + turn) % 1 < 0.5 else 4095 - full

    return wave


def test_a_burst_that_ends_before_its_cycle_is_no_reading_and_never_a_wrong_one():
    for step_us in (20, 40, 50):
        chip = Chip(step_us, sine_wave(1210, 45), sine_wave(300, 45))
        assert burst_on(chip, 45).weight == 0, step_us
        scales = (ua_per_count(2000, 22000), scale_uw(3000, 2000, 22000), 230)
        metering, inputs = Metering(TRANSFORMER, False, least_reference(3000), scales, 1000000, 1000000), Inputs()
        for tick in range(12 * 20):
            chip.us = tick * 20000
            if metering.work(tick % 12, True, False, inputs, tick * 20):
                measure(chip, 12000, metering.sums)
            assert inputs.grid_w is None and not metering.lock.is_good
