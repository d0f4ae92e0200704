"""Clamps and phase references as parts: what each makes of a wave, with the errors that a real part has.

Integers only. Knows parts; does not know pins or whose current it is.
"""

from .analog import UV_PER_COUNT
from .mains import Wave


class Clamp:
    """A current transformer on its burden. Errors to set: ratio_ppm, lead_cdeg at much current, more at little.

    is_backwards, is_lost (pulled off the wire, or unplugged), most_ma: beyond this peak its core saturates.
    """

    def __init__(self, ct_turns: int, ct_burden_mohm: int) -> None:
        self._ppm_of_c16 = ct_burden_mohm * 16000 // ct_turns * 1000 // UV_PER_COUNT  # sixteenths of a count by mA
        self.ratio_ppm = 1000000
        self.lead_cdeg = 0
        self.low_lead_cdeg = 0  # added to it at no current, half of it at half_ma
        self.half_ma = 6000
        self.is_backwards = False
        self.is_lost = False
        self.wave = Wave()

    def look(self, ma: Wave) -> Wave:
        """The wave at the pin, in sixteenths of a count, for a current in mA (peaks)."""
        wave = self.wave
        if self.is_lost:
            wave.clear()
            return wave
        peak_ma = max(abs(ma.a[0]), abs(ma.b[0])) + min(abs(ma.a[0]), abs(ma.b[0])) * 3 // 8
        lead_cdeg = self.lead_cdeg + self.low_lead_cdeg * self.half_ma // (self.half_ma + peak_ma)
        ppm = self.ratio_ppm // 100 * (self._ppm_of_c16 // 100) // 100
        wave.take(ma, -ppm if self.is_backwards else ppm, lead_cdeg)
        return wave


class Transformer:
    """A small mains transformer and its divider: uv_per_v at the pin; lead_cdeg, and is_dead to break it."""

    def __init__(self, uv_per_v: int) -> None:
        self.uv_per_v = uv_per_v
        self.lead_cdeg = 0
        self.is_dead = False
        self.wave = Wave()

    def look(self, volts: Wave) -> Wave:
        """The wave at the pin, in sixteenths of a count, for the mains (peaks in V * 100)."""
        wave = self.wave
        if self.is_dead:
            wave.clear()
        else:
            wave.take(volts, self.uv_per_v * 160000 // UV_PER_COUNT, self.lead_cdeg)
        return wave


class Opto:
    """An optocoupler across L and N: a square wave of swing_c16 either way, late by lead_cdeg (negative)."""

    def __init__(self) -> None:
        self.swing_c16 = 16000
        self.lead_cdeg = 0
        self.is_dead = False
        self.wave = Wave()

    def look(self, volts: Wave) -> Wave:
        """The wave at the pin; the mains only set its phase."""
        wave = self.wave
        wave.clear()
        if not self.is_dead:
            wave.add(self.swing_c16 // 2, -self.lead_cdeg)
            wave.is_square = True
        return wave
