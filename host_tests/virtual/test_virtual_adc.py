"""The fake ADC behaves as the ESP32's at 11 dB.

Source of the figures unless said otherwise: ESP-IDF adc_cali_line_fitting.c and adc_calibration.rst, collected in
the reference notes on MicroPython's ESP32 port, section 2.
"""

import pytest

from rouse.virtual import host


def quiet(uv):
    """An ADC of a new world, and its channel at `uv` without noise, so that a read is one number."""
    world = host.make_world()
    channel = world.channels[world.board["pins"]["temperature_adc"]]
    channel.noise_mask = 0
    channel.set_steady(uv)
    return host.Bench(world).adc("temperature_adc"), channel


@pytest.mark.parametrize("mv", [-200, 0, 100, 142, 143, 500, 1000, 1300, 1800, 2450])
def test_a_count_is_0_806_mv_above_the_floor_of_142_mv_and_below_it_the_adc_reads_zero(mv):
    adc, _ = quiet(mv * 1000)
    assert adc.read_u16() >> 4 == pytest.approx((max(mv, 142) - 142) / 0.806, abs=1 if mv > 142 else 0)
    if mv <= 142:
        assert adc.read_uv() == 142000


def test_the_curve_bends_above_2450_mv_and_read_uv_corrects_it():
    adc, _ = quiet(2_800_000)
    straight = (2800 - 142) / 0.806
    assert adc.read_u16() >> 4 > straight + 100  # 20-point table of adc_cali_line_fitting.c: steeper at the top
    assert adc.read_uv() == pytest.approx(2_800_000, abs=3000)


@pytest.mark.parametrize("mv", [3200, 3300, 5000])
def test_the_adc_is_full_at_4095(mv):
    adc, _ = quiet(mv * 1000)
    assert adc.read_u16() == 65535


def test_read_u16_is_the_twelve_bits_repeated_and_read_uv_whole_millivolts():
    # machine_adc.c: u16 = raw << 4 | raw >> 8
    adc, _ = quiet(1_500_000)
    u16 = adc.read_u16()
    assert u16 & 15 == u16 >> 12
    assert adc.read_uv() % 1000 == 0


def test_noise_is_a_few_counts_either_way_and_has_no_offset():
    world = host.make_world()
    adc = host.Bench(world).adc("temperature_adc")
    world.channels[world.board["pins"]["temperature_adc"]].set_steady(1_300_000)
    counts = [adc.read_u16() >> 4 for _ in range(2000)]
    middle = (1300 - 142) / 0.806
    assert 4 <= max(counts) - middle <= 10
    assert 4 <= middle - min(counts) <= 10
    assert sum(counts) / len(counts) == pytest.approx(middle, abs=1)


def test_gain_and_offset_errors_of_the_chip_are_not_known_to_read_uv():
    # Without calibration Vref spreads over 1000..1200 mV (adc_calibration.rst): read_uv() is then wrong by as much.
    adc, channel = quiet(1_000_000)
    channel.gain_error_ppm = 20000
    channel.offset_error_uv = 5000
    channel.set_steady(1_000_000)
    assert adc.read_uv() == pytest.approx(1_025_000, abs=1000)


def test_each_read_takes_58_us():
    # Measured on ESP32_GENERIC in an instruction-accurate emulator: reference notes, section 12.
    world = host.make_world()
    adc = host.Bench(world).adc("pilot_adc")
    before_us = world.ms * 1000 + world.us
    for _ in range(1000):
        adc.read_u16()
    assert world.ms * 1000 + world.us - before_us == 58000


def test_only_adc1_pins_and_11_db():
    host.make_world()
    with pytest.raises(ValueError, match="ADC1"):
        host.machine.ADC(host.machine.Pin(25), atten=host.machine.ADC.ATTN_11DB)
    with pytest.raises(ValueError, match="11DB"):
        host.machine.ADC(host.machine.Pin(32), atten=0)
