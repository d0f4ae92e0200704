"""Mains waveforms as Fourier coefficients, and the true power they carry.

Integers only, because it runs in the VM too. Knows electricity; does not know pins or who draws the current.
"""

import math
from array import array

STEPS = 500  # a wave's table: 40 us a step at 50 Hz, less than a read
SPARE = 40  # of a second cycle, so that a read need not wrap
HARMONICS = (1, 3, 5, 7, 9, 11)
ORDERS = len(HARMONICS)
RECTIFIER = (1000, -620, 340, -160, 90, -60)  # permille of the fundamental: a capacitor charged at the peak, 100 W PSU
TURN_CDEG = 36000

SINE = array("h", [round(4096 * math.sin(2 * math.pi * i / STEPS)) for i in range(STEPS)])


def sine(cdeg: int) -> int:
    """sin() * 4096 of an angle in 0.01 degrees."""
    place = cdeg % TURN_CDEG * STEPS
    step = place // TURN_CDEG
    low = SINE[step]
    return low + (SINE[(step + 1) % STEPS] - low) * (place % TURN_CDEG) // TURN_CDEG


class Wave:
    """Peaks, below 130,000, of the harmonics in phase (`a`) with the mains' fundamental and a quarter ahead (`b`).

    is_square: only the sign of the fundamental counts, at the height of a[0] and b[0] together.
    """

    def __init__(self) -> None:
        self.a = [0] * ORDERS
        self.b = [0] * ORDERS
        self.is_square = False

    def clear(self) -> None:
        """Nothing flows."""
        self.is_square = False
        for k in range(ORDERS):
            self.a[k] = self.b[k] = 0

    def add(self, rms: int, lag_cdeg: int, shape: "tuple[int, ...]" = (1000,)) -> None:
        """Add a current whose fundamental is `rms` and lags by `lag_cdeg`; shape: permille of each harmonic."""
        peak = rms * 181 // 128
        for k in range(len(shape)):
            part = peak * shape[k] // 1000
            turn_cdeg = lag_cdeg * HARMONICS[k]
            self.a[k] += part * sine(turn_cdeg + 9000) // 4096
            self.b[k] -= part * sine(turn_cdeg) // 4096

    def take(self, other: "Wave", ppm: int, lead_cdeg: int) -> None:
        """Become `other` times `ppm`, leading by `lead_cdeg` (harmonics by as many times less, as a clamp does it)."""
        for k in range(ORDERS):
            a = _scaled(other.a[k], ppm)
            b = _scaled(other.b[k], ppm)
            lead = lead_cdeg // HARMONICS[k]
            c, s = sine(lead + 9000), sine(lead)
            self.a[k] = (a * c - b * s) // 4096
            self.b[k] = (b * c + a * s) // 4096

    def mix(self, other: "Wave", ppm: int) -> None:
        """Add `other` times `ppm`."""
        for k in range(ORDERS):
            self.a[k] += _scaled(other.a[k], ppm)
            self.b[k] += _scaled(other.b[k], ppm)

    def fill(self, table: "array[int]", bias: int) -> None:
        """Write a cycle and a bit of the wave around `bias` into `table`."""
        for i in range(STEPS):
            table[i] = bias
        for k in range(ORDERS):
            a = self.a[k]
            b = self.b[k]
            if a or b:
                order = HARMONICS[k]
                for i in range(STEPS):
                    at = order * i % STEPS
                    table[i] += (a * SINE[at] + b * SINE[at - STEPS + STEPS // 4]) >> 12
        if self.is_square:
            height = abs(self.a[0]) + abs(self.b[0])
            for i in range(STEPS):
                table[i] = bias + height if table[i] >= bias else bias - height
        for i in range(SPARE):
            table[STEPS + i] = table[i]


def power_mw(volts: Wave, ma: Wave) -> int:
    """True power of a voltage wave (peaks in V * 100) and a current wave (peaks in mA)."""
    total = 0
    for k in range(ORDERS):
        total += volts.a[k] * ma.a[k] // 200 + volts.b[k] * ma.b[k] // 200
    return total


def squares(wave: Wave) -> int:
    """The square of the wave's rms value."""
    total = 0
    for k in range(ORDERS):
        total += (wave.a[k] * wave.a[k] + wave.b[k] * wave.b[k]) // 2
    return total


def _scaled(value: int, ppm: int) -> int:
    return value // 100 * (ppm // 10) // 1000 + value % 100 * (ppm // 100) // 10000
