"""A chip of any pace for the meter's driver, which it runs as it stands: a clock and two channels of an ADC.

Knows paces and waves; does not know what a burst is worth.
"""

import math
import sys
import time

from evse.app.boards import middle_counts, room_counts
from evse.meter.power import SINE


class Chip:
    """A clock and two channels of an ADC; a step of three reads takes step_us, code and all."""

    def __init__(self, step_us, volts, amperes):
        self.us = 0
        self.step_us = step_us
        self._waves = (volts, amperes)

    def reader(self, channel):
        def read_u16():
            self.us += self.step_us / 3
            counts = max(0, min(4095, int(self._waves[channel](self.us))))
            return counts << 4 | counts >> 8

        return read_u16

    def ticks_us(self):
        return int(self.us) & 0x3FFFFFFF


def load_driver():
    """The driver, on an interpreter that has no chip; whoever imports it after this gets one of their own."""

    class NoMachine:
        ADC = Pin = None

    has_clock = hasattr(time, "ticks_us")
    if not has_clock:
        time.ticks_us = None
    was = {name: sys.modules.pop(name, None) for name in ("machine", "evse.drivers.meter")}
    sys.modules["machine"] = NoMachine
    try:
        __import__("evse.drivers.meter")
        return sys.modules["evse.drivers.meter"]
    finally:
        if not has_clock:
            del time.ticks_us
        for name, module in was.items():
            del sys.modules[name]
            if module is not None:
                sys.modules[name] = module


DRIVER = load_driver()
VOLTS, AMPERES = 0, 1
BIAS_MV = 1300


def measure(chip, rate, sums, bias_mv=BIAS_MV):
    """One burst of the driver on that chip, into `sums`."""
    was = DRIVER.ADC, DRIVER.Pin, DRIVER.ticks_us

    class Adc:
        ATTN_11DB = 3

        def __init__(self, channel, atten):
            self.read_u16 = chip.reader(channel)

    DRIVER.ADC, DRIVER.Pin, DRIVER.ticks_us = Adc, int, chip.ticks_us
    try:
        meter = DRIVER.Meter([VOLTS, AMPERES], middle_counts(bias_mv), room_counts(bias_mv), SINE)
        meter.measure(VOLTS, AMPERES, rate, sums)
    finally:
        DRIVER.ADC, DRIVER.Pin, DRIVER.ticks_us = was
    return sums


def sine_wave(peak, hz, lag=0.0, offset=0):
    """Counts of a channel by time in us; lag in turns."""
    middle = middle_counts(BIAS_MV) + offset + 0.5  # the ADC rounds down
    return lambda us: middle + peak * math.sin(2 * math.pi * (us * hz / 1000000 - lag))
