"""Burst sums to watts: against the same power in floating point, and no sum past a 32-bit small int."""

from evse.core.meter import Channel, least_reference, middle_counts, scale_uw
from evse.core.types import MAX_PAIRS

ADC_UV_PER_COUNT = 806  # ESP-IDF line fit at 11 dB

SMALL_INT_MAX = (1 << 30) - 1
REFERENCE = (3000, 2000, 22000)  # phase_uv_per_v, ct_turns, ct_burden_mohm


def sine_x1000(index):
    """sin(2 pi index / 48) * 1000, from a quarter written out."""
    index %= 48
    sign = -1 if index >= 24 else 1
    index %= 24
    table = (0, 131, 259, 383, 500, 609, 707, 793, 866, 924, 966, 991, 1000)
    return sign * table[index if index <= 12 else 24 - index]


def burst(scale, volt_counts, ampere_counts, lag=0, volt_offset=0, ampere_offset=0):
    """A channel filled from one cycle of 48 pairs, and the exact mean of (v - mean v)(i - mean i) in counts squared."""
    channel = Channel(scale)
    voltages = [volt_counts * sine_x1000(index) // 1000 + volt_offset for index in range(48)]
    currents = [ampere_counts * sine_x1000(index - lag) // 1000 + ampere_offset for index in range(48)]
    channel.pairs = 48
    channel.sum_v = sum(voltages)
    channel.sum_i = sum(currents)
    channel.sum_vi = sum([voltage * current for voltage, current in zip(voltages, currents)])
    exact = (channel.sum_vi * 48 - channel.sum_v * channel.sum_i) / (48 * 48)
    return channel, exact


def test_scale_is_one_count_of_volts_times_one_of_amperes():
    for phase_uv_per_v, ct_turns, ct_burden_mohm in (REFERENCE, (2000, 1000, 10000), (5000, 3000, 33000)):
        volts = ADC_UV_PER_COUNT / phase_uv_per_v
        amperes = ADC_UV_PER_COUNT / 1000 * ct_turns / ct_burden_mohm
        exact_uw = volts * amperes * 1000000
        got_uw = scale_uw(phase_uv_per_v, ct_turns, ct_burden_mohm)
        assert abs(got_uw - exact_uw) < exact_uw / 1000, (phase_uv_per_v, got_uw, exact_uw)


def test_power_is_the_mean_product_without_the_offsets():
    scale = scale_uw(*REFERENCE)
    for ampere_counts in (0, 20, 200, 1000):
        for lag in (0, 6, 12, 24, 36):
            for volt_offset, ampere_offset in ((0, 0), (30, 0), (0, 30), (-40, 25)):
                channel, exact = burst(scale, 1200, ampere_counts, lag, volt_offset, ampere_offset)
                exact_w = exact * scale / 1000000
                got_w = channel.power_w(1000000)
                case = (ampere_counts, lag, volt_offset, ampere_offset, got_w, exact_w)
                # One count of a mean that is divided first is worth the other offset's counts; and 64 counts squared.
                assert abs(got_w - exact_w) <= 4 + abs(exact_w) / 500, case


def test_import_is_positive_and_a_clamp_on_backwards_is_turned_by_its_gain():
    scale = scale_uw(*REFERENCE)
    channel, exact = burst(scale, 1200, 500)
    import_w = channel.power_w(1000000)
    assert import_w > 0 and exact > 0
    assert abs(channel.power_w(-1000000) + import_w) <= 1
    assert burst(scale, 1200, 500, lag=24)[0].power_w(1000000) < 0


def test_gain_scales_the_power():
    channel, _ = burst(scale_uw(*REFERENCE), 1200, 500)
    for gain_ppm in (500000, 900000, 1000000, 1100000, 2000000):
        expected_w = channel.power_w(1000000) * gain_ppm / 1000000
        assert abs(channel.power_w(gain_ppm) - expected_w) <= 1, gain_ppm


def test_the_middle_is_the_count_of_the_bias():
    for bias_mv in (500, 1300, 1700):
        assert abs(142 + 0.806 * middle_counts(bias_mv) - bias_mv) < 0.806, bias_mv


def test_an_empty_burst_is_no_power():
    assert Channel(scale_uw(*REFERENCE)).power_w(1000000) == 0


def test_full_scale_stays_below_a_small_int():
    largest = 4095 - middle_counts(1000)  # the lowest bias a board may have
    assert largest * largest * MAX_PAIRS <= SMALL_INT_MAX
    assert largest * MAX_PAIRS * largest <= SMALL_INT_MAX
    channel = Channel(scale_uw(*REFERENCE))
    channel.pairs = MAX_PAIRS
    channel.sum_vi = largest * largest * MAX_PAIRS
    steps = (largest * largest >> 6, channel._mw_per_64)
    assert steps[0] * steps[1] <= SMALL_INT_MAX
    assert channel.power_w(2000000) * 1000 <= 200 * SMALL_INT_MAX
    assert steps[0] * steps[1] // 1000 * 2000 <= SMALL_INT_MAX


def test_a_living_reference_has_at_least_100_v():
    for phase_uv_per_v in (1000, 3000, 5000):
        counts_at_100_v = phase_uv_per_v * 100 / ADC_UV_PER_COUNT
        least = least_reference(phase_uv_per_v)
        assert (counts_at_100_v - 1) ** 2 <= least <= counts_at_100_v**2, phase_uv_per_v
