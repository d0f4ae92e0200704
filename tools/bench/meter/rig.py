"""The firmware's meter on CPython in front of a fast ADC: driver and core as they are flashed, time fully charged.

A read costs 58 us and an opcode of the loop 1.8 us, counted once in the driver itself. Knows waves and the firmware's
meter; does not know cases or limits.
"""

from __future__ import annotations

import random
import sys
import time
import types
from collections.abc import Callable
from types import FrameType
from typing import Any

from rouse.bench.meter import parts as meter_parts
from rouse.bench.meter.parts import Part
from rouse.build.firmware import firmware_module
from rouse.virtual.mains import STEPS

READ_US = 58.0  # one read_u16() from bytecode (measured: reference notes of the ADC tests)
OPCODE_US = 1.8  # the slow end of what was measured
TICK_US = 20000
BURST_AT_US = 9000  # in its tick, after pilot and decisions
NOMINAL_V = 230
MOST_COUNTS = 4095


class Chip:
    """Time and the three ADC channels of a part; `us` counts from power-on."""

    def __init__(self, part: Part) -> None:
        self.us = 0.0
        self.step_per_us = 0.025
        self.part = part
        self.gap_us = 0.0  # opcodes between two reads
        dice = random.Random(f"noise {part.number}")
        self._noise = [dice.gauss(0, part.noise_counts) * 16 for _ in range(65521)]
        self._next = 0

    def set_mains(self, hz: float) -> None:
        """The mains' frequency."""
        self.step_per_us = STEPS * hz / 1e6

    def reader(self, channel: Any) -> Callable[[], int]:
        """read_u16 of one channel."""
        noise = self._noise

        def read_u16() -> int:
            self.us += READ_US + self.gap_us
            if channel.is_stale:
                channel.rebuild()
            self._next += 1
            if self._next == len(noise):
                self._next = 0
            counts = int(channel.table[int(self.us * self.step_per_us) % STEPS] + noise[self._next]) >> 4
            counts = min(max(counts, 0), MOST_COUNTS)
            return counts << 4 | counts >> 8

        return read_u16

    def ticks_us(self) -> int:
        """As time.ticks_us()."""
        return int(self.us) & 0x3FFFFFFF


current: Chip | None = None


class _Pin:
    def __init__(self, number: int) -> None:
        self.number = number


class _Adc:
    ATTN_11DB = 3

    def __init__(self, pin: _Pin, atten: int = 3) -> None:
        assert current is not None
        self.read_u16 = current.reader(current.part.channels[pin.number])


def load_driver() -> Any:
    """The firmware's drivers.meter with the fast chip as its machine."""
    machine: Any = types.ModuleType("machine")
    machine.ADC, machine.Pin = _Adc, _Pin
    was = sys.modules.get("machine")
    sys.modules["machine"] = machine
    time.ticks_us = lambda: current.ticks_us() if current else 0  # type: ignore[attr-defined]  # MicroPython's
    try:
        return firmware_module("evse.drivers.meter")
    finally:
        del time.ticks_us  # type: ignore[attr-defined]
        if was is None:
            del sys.modules["machine"]
        else:
            sys.modules["machine"] = was


class Rig:
    """A part with the firmware's driver and Metering; `kind` as in meter_parts.wire()."""

    def __init__(self, part: Part, kind: str) -> None:
        global current
        self.chip = current = Chip(part)
        self.kind = kind
        driver = load_driver()
        meter = firmware_module("evse.app.boards")
        metering = firmware_module("evse.meter.metering")
        self.inputs = firmware_module("evse.safety.limits").Inputs()
        sine = firmware_module("evse.meter.power").SINE
        self.driver = driver.Meter([0, 1, 2], meter.middle_counts(1300), meter.room_counts(1300), sine)
        scales = (meter.ua_per_count(2000, 22000), meter.scale_uw(3000, 2000, 22000), NOMINAL_V)
        index = {"transformer": 0, "opto": 1, "inverter": 2, "car": 3}[kind]
        least_v = meter.least_reference(3000)
        self.metering = metering.Metering(index, True, least_v, scales, 1000000, 1000000)
        self.is_charging = False
        self._tick = 0
        self._jitter = random.Random(f"jitter {part.number}")

    def round(self) -> None:
        """240 ms."""
        metering = self.metering
        for _ in range(12):
            self._tick += 1
            self.chip.us = max(self.chip.us, self._tick * TICK_US + BURST_AT_US + self._jitter.uniform(0, 300))
            if metering.work(self._tick % 12, self.is_charging, self.inputs, self._tick * 20):
                self.driver.measure(metering.reference, metering.current, metering.lock.rate, metering.sums)

    def count_opcodes(self) -> tuple[int, int]:
        """Opcodes of one burst as CPython counts them, and its pairs; sets the chip's gap between two reads."""
        metering = self.metering
        code = type(self.driver).measure.__code__
        count = 0

        def look(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal count
            if frame.f_code is not code:
                return None
            frame.f_trace_opcodes = True
            count += event == "opcode"
            return look

        for _ in range(3):  # the gap sets the pairs, and they the mean
            count = 0
            sys.settrace(look)
            self.driver.measure(meter_parts.PHASE, meter_parts.GRID, metering.lock.rate, metering.sums)
            sys.settrace(None)
            pairs = (metering.sums.weight + 15) // 16
            self.chip.gap_us = count * OPCODE_US / (3 * pairs + 2)
        return count, pairs
