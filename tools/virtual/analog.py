"""The ESP32's ADC at 11 dB: curve, floor, noise, and what stands at each input.

Voltages are kept as sixteenths of a count ("c16") so that a read costs one table look-up; knows no pins' meaning.
Source: ESP-IDF line-fitting constants for 11 dB at Vref 1100 mV: 0.806 mV a count above 142 mV, bent above raw 2880.
"""

from array import array

from .mains import SPARE, STEPS, Wave

FLOOR_UV = 142000  # at or below this the ADC reads 0
UV_PER_COUNT = 806
KNEE_COUNTS = 2880  # 2.463 V: above, the curve bends
KNEE_UV = FLOOR_UV + KNEE_COUNTS * UV_PER_COUNT
FULL_UV = 3134000  # 4095 counts
MOST_COUNTS = 4095
NOISE_MASK = 15  # noise of -8..+7 counts at a constant input

CURVE_STEP_C16 = 4096  # a chip's own error of the curve is given each 256 counts, and straight between


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


# Millivolts: as microvolts they look like addresses to the VM's garbage collector, which keeps what lies there.
MV_FROM_COUNTS = array("H", [uv_from_counts(counts) // 1000 for counts in range(MOST_COUNTS + 1)])


class Channel:
    """What one ADC pin sees: two levels of the pilot (`high_us` of each PWM period), a constant, or mains waves.

    Errors to set, then renew(): gain_error_ppm, offset_error_uv and curve_c16 (17 values) of this chip, which read_uv()
    does not know of; stray (pick-up, in sixteenths of a count); neighbours, (wave, ppm), what the mux carries over.
    """

    def __init__(self, is_pilot: bool = False) -> None:
        self.is_pilot = is_pilot
        self.high_us = 0
        self.high_c16 = 0
        self.low_c16 = 0
        self.bias_c16 = 0
        self.table: array[int] | None = None
        self.is_stale = False
        self.caller_us = 0  # what the caller's bytecode takes beside each read
        self.noise = 1
        self.noise_mask = NOISE_MASK
        self.gain_error_ppm = 0
        self.offset_error_uv = 0
        self.curve_c16: list[int] | None = None
        self.stray: Wave | None = None
        self.neighbours: list[tuple[Wave, int]] = []
        self._bias_uv = 0
        self.wave = Wave()
        self._sum = Wave()

    def set_levels(self, high_uv: int, low_uv: int, high_us: int) -> None:
        """The pilot: `high_uv` during the first `high_us` of each PWM period, else `low_uv`."""
        self.high_c16 = c16_from_uv(self._as_seen(high_uv))
        self.low_c16 = c16_from_uv(self._as_seen(low_uv))
        self.high_us = high_us

    def set_steady(self, uv: int) -> None:
        """A constant voltage."""
        self.bias_c16 = c16_from_uv(self._as_seen(uv))

    def set_wave(self, bias_uv: int, wave: Wave) -> None:
        """`wave`, in sixteenths of a count, on a bias; call renew() whenever it has changed."""
        self._bias_uv = bias_uv
        self.wave = wave
        self.table = array("i", [0] * (STEPS + SPARE))
        self.renew()

    def renew(self) -> None:
        """Something changed: the table is made anew when it is next read."""
        self.is_stale = self.table is not None

    def rebuild(self) -> None:
        """Make the table of one cycle; in place, because it happens within a tick."""
        self.is_stale = False
        table = self.table
        if table is None:
            return
        total = self._sum
        total.clear()
        total.mix(self.wave, 1000000 + self.gain_error_ppm)
        total.is_square = self.wave.is_square
        for wave, ppm in self.neighbours:
            total.mix(wave, ppm)
        if self.stray is not None:
            total.mix(self.stray, 1000000)
        self.bias_c16 = c16_from_uv(self._as_seen(self._bias_uv))
        total.fill(table, self.bias_c16)
        if self.curve_c16 is not None:
            self._bend(table, self.curve_c16)

    def _bend(self, table: "array[int]", curve_c16: "list[int]") -> None:
        for i in range(len(table)):
            c16 = min(max(table[i], 0), MOST_COUNTS * 16)
            step = c16 // CURVE_STEP_C16
            rise = curve_c16[step + 1] - curve_c16[step]
            table[i] += curve_c16[step] + rise * (c16 % CURVE_STEP_C16) // CURVE_STEP_C16

    def _as_seen(self, uv: int) -> int:
        return uv + uv // 1000 * (self.gain_error_ppm // 100) // 10 + self.offset_error_uv
