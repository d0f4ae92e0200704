"""The ESP32's ADC at 11 dB: curve, floor, noise, and what stands at each input.

Voltages are kept as sixteenths of a count ("c16") so that a read costs one table look-up; knows no pins' meaning.
Source: ESP-IDF line-fitting constants for 11 dB at Vref 1100 mV: 0.806 mV a count above 142 mV, bent above raw 2880.
"""

import math
from array import array

FLOOR_UV = 142000  # at or below this the ADC reads 0
UV_PER_COUNT = 806
KNEE_COUNTS = 2880  # 2.463 V: above, the curve bends
KNEE_UV = FLOOR_UV + KNEE_COUNTS * UV_PER_COUNT
FULL_UV = 3134000  # 4095 counts
MOST_COUNTS = 4095
NOISE_MASK = 15  # noise of -8..+7 counts at a constant input

SINE = array("h", [round(4096 * math.sin(2 * math.pi * i / 1000)) for i in range(1000)])  # one mains cycle


def c16_from_uv(uv: int) -> int:
    """Sixteenths of a count of the straight (unbent) curve for `uv` at the pin; negative below the floor."""
    return (uv - FLOOR_UV) * 16 // UV_PER_COUNT


def bend(counts: int) -> int:
    """A count of the straight curve as the converter gives it: 0..4095, steeper above the knee."""
    if counts > KNEE_COUNTS:
        # The real curve climbs from the knee to full scale within 671 mV: 1215 counts where the line has 832.
        counts = KNEE_COUNTS + (counts - KNEE_COUNTS) * 1215 // 832
        return counts if counts < MOST_COUNTS else MOST_COUNTS
    return counts if counts > 0 else 0


def uv_from_counts(counts: int) -> int:
    """What read_uv() says for a raw count: the chip's own correction, in whole millivolts."""
    if counts > KNEE_COUNTS:
        uv = KNEE_UV + (counts - KNEE_COUNTS) * (FULL_UV - KNEE_UV) // (MOST_COUNTS - KNEE_COUNTS)
    else:
        uv = FLOOR_UV + counts * UV_PER_COUNT
    return (uv + 500) // 1000 * 1000


UV_FROM_COUNTS = array("i", [uv_from_counts(counts) for counts in range(MOST_COUNTS + 1)])


class Channel:
    """What one ADC pin sees: two levels of the pilot (`high_us` of each PWM period), or a sine on a bias."""

    def __init__(self, is_pilot: bool = False) -> None:
        self.is_pilot = is_pilot
        self.high_us = 0
        self.high_c16 = 0
        self.low_c16 = 0
        self.bias_c16 = 0
        self.amplitude_c16 = 0
        self.noise = 1
        self.noise_mask = NOISE_MASK
        self.gain_error_ppm = 0  # errors of this chip that read_uv() does not know of
        self.offset_error_uv = 0

    def set_levels(self, high_uv: int, low_uv: int, high_us: int) -> None:
        """The pilot: `high_uv` during the first `high_us` of each PWM period, else `low_uv`."""
        self.high_c16 = c16_from_uv(self._as_seen(high_uv))
        self.low_c16 = c16_from_uv(self._as_seen(low_uv))
        self.high_us = high_us

    def set_steady(self, uv: int) -> None:
        """A constant voltage."""
        self.bias_c16 = c16_from_uv(self._as_seen(uv))
        self.amplitude_c16 = 0

    def set_sine(self, bias_uv: int, peak_uv: int) -> None:
        """A mains sine of `peak_uv` (negative: opposite phase) on a bias."""
        self.bias_c16 = c16_from_uv(self._as_seen(bias_uv))
        self.amplitude_c16 = (peak_uv + self._gain_error_uv(peak_uv)) * 16 // UV_PER_COUNT

    def _gain_error_uv(self, uv: int) -> int:
        return uv // 1000 * (self.gain_error_ppm // 100) // 10

    def _as_seen(self, uv: int) -> int:
        return uv + self._gain_error_uv(uv) + self.offset_error_uv
