"""One burst of raw counts becomes signed watts, integers below 2^30 all the way.

Knows sums and scales; does not know the ADC, the clamps' pins or what the power is used for.
"""

from micropython import const

from evse.core.types import Sums

_ADC_FLOOR_UV = const(142000)  # 11 dB line fit of the ESP32's ADC (ESP-IDF): 0.806 mV a count above 142 mV
_ADC_UV_PER_COUNT = const(806)
_SHIFT = const(6)


class Channel(Sums):
    """One clamp: a burst's sums, and what they are in watts."""

    def __init__(self, scale_uw: int) -> None:
        """scale_uw: microwatts that one count times one count stands for, see scale_uw()."""
        super().__init__()
        self._mw_per_64 = (scale_uw << _SHIFT) // 1000

    def power_w(self, gain_ppm: int) -> int:
        """Mean power of the burst, import positive; `gain_ppm` corrects the clamp, negative when it is on backwards."""
        pairs = self.pairs
        if pairs == 0:
            return 0
        # The product of the means is the offsets' share: sum(v)*sum(i) would pass 2^30, so divide first.
        mean_vi = self.sum_vi // pairs - self.sum_v * (self.sum_i // pairs) // pairs
        raw_w = (mean_vi >> _SHIFT) * self._mw_per_64 // 1000
        return raw_w * (gain_ppm // 100) // 10000


def scale_uw(phase_uv_per_v: int, ct_turns: int, ct_burden_mohm: int) -> int:
    """Microwatts for one count of voltage times one count of current.

    phase_uv_per_v: phase reference at the pin, uV per V of mains; burden in milliohm.
    """
    mains_10uv = _ADC_UV_PER_COUNT * 100000 // phase_uv_per_v
    primary_10ua = _ADC_UV_PER_COUNT * ct_turns * 100 // ct_burden_mohm
    return mains_10uv * primary_10ua // 10000


def middle_counts(bias_mv: int) -> int:
    """The raw count at a channel's bias."""
    return (bias_mv * 1000 - _ADC_FLOOR_UV) // _ADC_UV_PER_COUNT


def least_reference(phase_uv_per_v: int) -> int:
    """The least sum_vv a pair that is a living phase reference: half of 200 V, in counts squared."""
    counts = phase_uv_per_v * 100 // _ADC_UV_PER_COUNT
    return counts * counts
