"""Loads that do not draw evenly, for House.loads, and a mains frequency that wanders, for House.drift.

Integers only. Knows electricity; does not know what else the house draws.
"""

from .mains import HARMONICS, SINE, STEPS, Wave


class Cycles:
    """A heater of `w` switched by whole mains cycles: `on` of them, then `off` without, `phase` into that at first.

    An induction hob, a PV diverter, a solid-state relay.
    """

    def __init__(self, w: int, on: int, off: int, phase: int = 0) -> None:
        self.w = w
        self.on = on
        self.off = off
        self.phase = phase
        self.is_on = False

    @property
    def mean_w(self) -> int:
        """Over a whole pattern."""
        return self.w * self.on // (self.on + self.off)

    def turn(self, cycle: int) -> bool:
        """Mains cycle number `cycle` begins; True when this changes what flows."""
        is_on = (cycle + self.phase) % (self.on + self.off) < self.on
        has_turned = is_on != self.is_on
        self.is_on = is_on
        return has_turned

    def put(self, ma: Wave, mains_v: int) -> None:
        """Add what flows now."""
        if self.is_on:
            ma.add(self.w * 1000 // mains_v, 0)


class PhaseCut:
    """A heater of `w` behind a dimmer that lets each half wave through from `cut_cdeg` on, 0..18000."""

    def __init__(self, w: int, cut_cdeg: int) -> None:
        self.w = w
        first = cut_cdeg * STEPS // 36000
        # Permille of the uncut peak, in phase and a quarter ahead.
        self._a = [_part(first, order, 0) for order in HARMONICS]
        self._b = [_part(first, order, STEPS // 4) for order in HARMONICS]

    @property
    def mean_w(self) -> int:
        """What gets through."""
        return self.w * self._a[0] // 1000

    def turn(self, cycle: int) -> bool:
        """Every cycle is like the last."""
        return False

    def put(self, ma: Wave, mains_v: int) -> None:
        """Add what flows now."""
        peak_ma = self.w * 1000 // mains_v * 181 // 128
        for k in range(len(HARMONICS)):
            ma.a[k] += peak_ma * self._a[k] // 1000
            ma.b[k] += peak_ma * self._b[k] // 1000


class Drift:
    """A mains at `mhz` that wanders up by `swing_mhz`, back, down by it and back, in `period_s`."""

    def __init__(self, mhz: int = 50000, swing_mhz: int = 200, period_s: int = 60) -> None:
        self.mhz = mhz
        self.swing_mhz = swing_mhz
        self.period_s = period_s

    def mhz_at(self, ms: int) -> int:
        """Its frequency at that time."""
        quarter_ms = self.period_s * 250
        place_ms = ms % (4 * quarter_ms)
        if place_ms > 3 * quarter_ms:
            place_ms -= 4 * quarter_ms
        elif place_ms > quarter_ms:
            place_ms = 2 * quarter_ms - place_ms
        return self.mhz + self.swing_mhz * place_ms // quarter_ms


def _part(first: int, order: int, ahead: int) -> int:
    """The Fourier coefficient of a sine that is cut before step `first` of each half wave, in permille."""
    total = 0
    for i in range(first, STEPS // 2):
        total += SINE[i] * SINE[(order * i + ahead) % STEPS] >> 12
    return total * 125 // 128 // STEPS
