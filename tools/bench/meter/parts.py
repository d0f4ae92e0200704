"""Random meter parts for the bench: clamps, transformer, opto, ADC, each as wrong as the data sheets let it be.

Knows the plant's parts (tools/virtual) and their spread; does not know the firmware or a case.
"""

from __future__ import annotations

import random
from typing import Any, NamedTuple

from rouse.virtual.analog import Channel
from rouse.virtual.clamp import Clamp, Opto, Transformer
from rouse.virtual.mains import Wave

GRID, CAR, PHASE = range(3)
BIAS_UV = 1300000
CT_TURNS = 2000
CT_BURDEN_MOHM = 22000
PHASE_UV_PER_V = 3000
CURVE_KNOTS = 17
CURVE_COUNTS = 12  # integral non-linearity of the ESP32's ADC, either way (its data sheet)
PICKUP_COUNTS = 2
CROSSTALK_PPM = 2000


class Part(NamedTuple):
    """One charger's measuring parts."""

    number: int
    clamps: tuple[Clamp, ...]  # grid, car, inverter
    transformer: Transformer
    opto: Opto
    channels: tuple[Channel, ...]  # grid, car, reference
    noise_counts: float


def draw(number: int) -> Part:
    """Part `number`, the same each time."""
    dice = random.Random(f"meter part {number}")
    transformer = Transformer(PHASE_UV_PER_V * dice.randint(960, 1040) // 1000)
    transformer.lead_cdeg = dice.randint(200, 800)
    opto = Opto()
    opto.lead_cdeg = -dice.randint(0, 500)  # late: it needs some volts to light
    gain_ppm = dice.randint(-60000, 60000)
    curve = _curve(dice)
    channels = tuple(_channel(dice, gain_ppm, curve) for _ in range(3))
    clamps = tuple(_clamp(dice) for _ in range(3))
    return Part(number, clamps, transformer, opto, channels, dice.uniform(4, 8))


def _clamp(dice: random.Random) -> Clamp:
    clamp = Clamp(CT_TURNS, CT_BURDEN_MOHM)
    clamp.ratio_ppm = 1000000 + dice.randint(-30000, 30000)
    clamp.lead_cdeg = dice.randint(50, 200)
    clamp.low_lead_cdeg = dice.randint(50, 400 - clamp.lead_cdeg)
    clamp.half_ma = dice.randint(3000, 14000)
    return clamp


def _channel(dice: random.Random, gain_ppm: int, curve_c16: list[int]) -> Channel:
    channel = Channel()
    channel.gain_error_ppm = gain_ppm  # of the chip's reference: the same for all
    channel.offset_error_uv = dice.randint(-20000, 20000)  # of the bias divider
    channel.curve_c16 = curve_c16
    channel.stray = Wave()
    channel.stray.add(PICKUP_COUNTS * 16 * 128 // 181, dice.randint(0, 35999))
    return channel


def _curve(dice: random.Random) -> list[int]:
    """A bow, an S and roughness, within CURVE_COUNTS, in sixteenths of a count."""
    bow, bend = dice.uniform(-6, 6), dice.uniform(-4, 4)
    knots = []
    for index in range(CURVE_KNOTS + 1):
        x = index / (CURVE_KNOTS - 1) * 2 - 1
        counts = bow * (1 - x * x) + bend * 2.6 * x * (1 - x * x) + dice.uniform(-2, 2)
        knots.append(round(16 * max(-CURVE_COUNTS, min(CURVE_COUNTS, counts))))
    return knots


def wire(part: Part, kind: str) -> None:
    """Connect the part's channels for a reference: "transformer", "opto", "inverter" or "car" (nothing on PHASE)."""
    waves: dict[str, Any] = {"transformer": part.transformer, "opto": part.opto, "inverter": part.clamps[PHASE]}
    part.channels[GRID].set_wave(BIAS_UV, part.clamps[GRID].wave)
    part.channels[CAR].set_wave(BIAS_UV, part.clamps[CAR].wave)
    part.channels[PHASE].set_wave(BIAS_UV, waves[kind].wave if kind in waves else Wave())
    dice = random.Random(f"crosstalk {part.number}")
    for index, channel in enumerate(part.channels):
        others = [part.channels[other] for other in range(3) if other != index]
        channel.neighbours = [(other.wave, dice.choice((-1, 1)) * CROSSTALK_PPM) for other in others]


__all__ = ["CAR", "GRID", "PHASE", "Part", "draw", "wire"]
