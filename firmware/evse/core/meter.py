"""Burst sums become active and reactive power by the board's figures, integers below 2^30 all the way.

Knows sums and scales; does not know the ADC's pins, a person's calibration or what the power is used for.
"""

from micropython import const

from evse.core.angle import sine
from evse.core.types import Sums

GRID = const(0)  # the channels, as the driver counts them
CAR = const(1)
PHASE = const(2)

ADC_FLOOR_UV = const(142000)  # 11 dB line fit of the ESP32's ADC (ESP-IDF): 0.806 mV a count above 142 mV
ADC_UV_PER_COUNT = const(806)
_STRAIGHT_COUNTS = const(2876)  # above 2880 the curve bends (ESP-IDF)
_LOWEST_COUNTS = const(4)

_PRODUCT = const(1)
_CURRENT = const(2)


class Power:
    """One clamp's mean over some bursts, by the board's figures alone: active_dw and reactive_dw (0.1 W and 0.1 var, a
    lagging current positive), mean_square of the whole current in counts; taken: bursts in them.
    bursts: taken since.

    ua_per_count: current of one count; uw_per_count2: power of one count of voltage times one of current;
    nominal_v: the voltage where the reference carries none.
    """

    def __init__(self, ua_per_count: int, uw_per_count2: int, nominal_v: int) -> None:
        self.bursts = 0
        self.active_dw = 0
        self.reactive_dw = 0
        self.mean_square = 0
        self.taken = 0
        self._ua_per_count = ua_per_count
        self._udw_per_product = uw_per_count2 * 32 // 100  # 0.1 mW that 32 squared counts stand for
        self._udw_per_current = nominal_v * (ua_per_count // 10) * 10 // 9051  # 1/64 count of peak, times 1.414 * 64
        self._kind = 0
        self._active = 0
        self._reactive = 0
        self._squares = 0

    def _clear(self) -> None:
        self.bursts = 0
        self._active = 0
        self._reactive = 0
        self._squares = 0

    def add_product(self, sums: Sums) -> None:
        """A burst beside a reference that carries the voltage: the product of both, harmonics and all."""
        weight = sums.weight
        means = (sums.sum_v * 256 // weight) * (sums.sum_i * 256 // weight) >> 15
        v_sin = sums.v_sin // weight >> 6
        v_cos = sums.v_cos // weight >> 6
        across = v_cos * (sums.i_sin // weight) - v_sin * (sums.i_cos // weight)
        self._add(_PRODUCT, sums, sums.sum_vi // weight - means, across >> 12)

    def add_locked(self, sums: Sums, angle_ut: int) -> None:
        """A burst beside a mere phase, at `angle_ut`: the current's fundamental, at nominal voltage."""
        unit_sin = sine(angle_ut + 250000)
        unit_cos = sine(angle_ut)
        i_sin = sums.i_sin // sums.weight
        i_cos = sums.i_cos // sums.weight
        active = i_sin * unit_sin + i_cos * unit_cos >> 10
        self._add(_CURRENT, sums, active, i_sin * unit_cos - i_cos * unit_sin >> 10)

    def add_unsigned(self, sums: Sums) -> None:
        """A burst without a reference: all of the current is taken for import."""
        self.add_peak(sums, magnitude(sums.i_sin // sums.weight, sums.i_cos // sums.weight))

    def add_peak(self, sums: Sums, peak_64: int) -> None:
        """A current of that peak, in 1/64 count, in phase with the voltage."""
        self._add(_CURRENT, sums, peak_64, 0)

    def _add(self, kind: int, sums: Sums, active: int, reactive: int) -> None:
        if kind != self._kind:
            self._clear()
            self._kind = kind
        self.bursts += 1
        self._active += active
        self._reactive += reactive
        mean_i = sums.sum_i * 8 // sums.weight
        self._squares += max(0, (sums.sum_ii // sums.weight << 6) - mean_i * mean_i)

    def work_out(self) -> None:
        """Make active_dw, reactive_dw and mean_square from the bursts since the last call, 0 without any."""
        bursts = self.bursts
        unit = self._udw_per_product if self._kind == _PRODUCT else self._udw_per_current
        self.active_dw = self._active // bursts * unit // 1000 if bursts else 0
        self.reactive_dw = self._reactive // bursts * unit // 1000 if bursts else 0
        self.mean_square = self._squares // bursts if bursts else 0
        self.taken = bursts
        self._clear()

    def rms_ma(self) -> int:
        """The whole current, harmonics and all."""
        return root(self.mean_square) * self._ua_per_count // 1000


def magnitude(x: int, y: int) -> int:
    """Length of the vector (x, y), at most 4 % wrong."""
    x = abs(x)
    y = abs(y)
    longer = max(x, y)
    return max(longer, longer * 7 // 8 + min(x, y) // 2)


def root(square: int) -> int:
    """Square root, rounded down; 0..2^24-1."""
    low = 0
    bit = 1 << 11
    while bit:
        if (low + bit) * (low + bit) <= square:
            low += bit
        bit >>= 1
    return low


def ua_per_count(ct_turns: int, ct_burden_mohm: int) -> int:
    """Current in the wire for one count of a clamp."""
    return ADC_UV_PER_COUNT * ct_turns // ct_burden_mohm * 1000 + (
        ADC_UV_PER_COUNT * ct_turns % ct_burden_mohm * 1000 // ct_burden_mohm
    )


def scale_uw(phase_uv_per_v: int, ct_turns: int, ct_burden_mohm: int) -> int:
    """Microwatts for one count of voltage times one count of current.

    phase_uv_per_v: phase reference at the pin, uV per V of mains; burden in milliohm.
    """
    mains_10uv = ADC_UV_PER_COUNT * 100000 // phase_uv_per_v
    primary_10ua = ADC_UV_PER_COUNT * ct_turns * 100 // ct_burden_mohm
    return mains_10uv * primary_10ua // 10000


def middle_counts(bias_mv: int) -> int:
    """The raw count at a channel's bias."""
    return (bias_mv * 1000 - ADC_FLOOR_UV) // ADC_UV_PER_COUNT


def room_counts(bias_mv: int) -> int:
    """How many counts from the bias the ADC still reads straight, on the nearer side."""
    middle = middle_counts(bias_mv)
    return min(middle - _LOWEST_COUNTS, _STRAIGHT_COUNTS - middle)


def least_reference(phase_uv_per_v: int) -> int:
    """The least peak, in counts, of a living transformer: that of 100 V rms."""
    return phase_uv_per_v * 100 // ADC_UV_PER_COUNT * 181 // 128
