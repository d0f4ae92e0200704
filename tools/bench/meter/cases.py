"""What the meter is tried on: powers, power factors, harmonics, frequencies and voltages, as waves of the plant.

Knows electricity; does not know the firmware or the parts' errors.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from rouse.bench.meter.parts import CAR, GRID, PHASE, Part
from rouse.virtual.loads import PhaseCut
from rouse.virtual.mains import RECTIFIER, Wave, power_mw, squares

NOMINAL_V = 230
THD = ((3, 8, 2000), (5, 22, 21000), (7, 12, 9000))  # order, permille, angle in 0.01 degrees: flat-topped mains, 2.6 %
ORDER = {3: 1, 5: 2, 7: 3}
CUT_CDEG = 9000  # a dimmer at half: the most reactive power, and the most harmonics


class Case(NamedTuple):
    """Active power at the grid clamp is grid_w; lag_var, bent_w and cut_w are the house's.

    bent: rectifiers; cut: a heater behind a dimmer, half of which gets through; swing_hz: how far the mains wander.
    """

    name: str
    grid_w: int
    lag_var: int = 0
    bent_w: int = 0
    sun_w: int = 0
    car_w: int = 0
    hz: float = 50.0
    volts: int = 230
    is_bent_mains: bool = False
    cut_w: int = 0
    swing_hz: float = 0.0


class Truth(NamedTuple):
    """What a perfect meter shows at the grid clamp."""

    w: float
    va: float

    @property
    def power_factor(self) -> float:
        """Active by apparent power, without sign."""
        return abs(self.w) / self.va


def cases(reference: str) -> list[Case]:
    """Every case for that reference: it must be alive in them (a sun for the inverter, a charge for the car)."""
    sun_w = 1500 if reference == "inverter" else 0
    car_w = 3680 if reference == "car" else 0
    found = []
    for grid_w in (-10000, -5000, -2000, -700, -250, 150, 400, 1200, 3000, 7000, 15000):
        for power_factor in (1.0, 0.9, 0.7, 0.5):
            if power_factor < 1 and abs(grid_w) > 7000:
                continue  # past what the clamps can show: that is reported, not measured
            lag_var = round(abs(grid_w) * math.tan(math.acos(power_factor)))
            name = f"{grid_w} W, pf {power_factor}"
            found.append(Case(name, grid_w, lag_var, 0, max(sun_w, 300 - grid_w), car_w))
    for grid_w in (-3000, -400, 300, 1500, 6000):
        more_sun_w = max(sun_w, 1300 - grid_w)
        plain = Case(f"{grid_w} W", grid_w, sun_w=more_sun_w, car_w=car_w)
        found += [
            plain._replace(name=f"{grid_w} W with 800 W of rectifiers", bent_w=800),
            plain._replace(name=f"{grid_w} W, capacitive", lag_var=-abs(grid_w) // 3),
            plain._replace(name=f"{grid_w} W, bent mains", lag_var=100, bent_w=600, is_bent_mains=True),
            plain._replace(name=f"{grid_w} W with a dimmer", cut_w=2000),
        ]
    for grid_w in (-3000, -400, 300, 1500, 6000):  # in a row, or each begins with a jump
        lag_var, more_sun_w = abs(grid_w) // 2, max(sun_w, 400 - grid_w)
        found.append(Case(f"{grid_w} W, drifting mains", grid_w, lag_var, 0, more_sun_w, car_w, swing_hz=0.2))
    for hz in (49.5, 50.5, 59.5, 60.0, 60.5):
        for grid_w in (-2500, 500, 4000):
            lag_var = abs(grid_w) // 2
            found.append(Case(f"{grid_w} W at {hz} Hz", grid_w, lag_var, 0, max(sun_w, 400 - grid_w), car_w, hz))
    return found + _own(reference)


def _own(reference: str) -> list[Case]:
    """What is tried with that reference alone."""
    if reference == "transformer":  # the others know no voltage
        return [Case(f"{w} W at {volts} V", w, volts=volts) for volts in (220, 253) for w in (1000, 5000)]
    if reference == "inverter":
        return [Case(f"{w} W under a weak sun", w, abs(w) // 2, 0, 400) for w in (-150, 200, 2000)]
    if reference == "car":
        return [
            Case(f"{w} W beside 6 A of car", w, abs(w) // 2, 0, max(0, 1500 - w), 1380) for w in (-2000, 300, 3000)
        ]
    return []


def apply(case: Case, part: Part) -> Truth:
    """Put the case on the part's clamps and reference; what is true there."""
    volts = mains(case)
    ma = {CAR: Wave(), PHASE: Wave(), GRID: Wave()}
    ma[CAR].add(case.car_w * 1000 // case.volts, 0)
    ma[PHASE].add(case.sun_w * 1000 // case.volts, 0)
    grid = ma[GRID]
    dimmer = PhaseCut(case.cut_w, CUT_CDEG)
    straight_w = case.grid_w + case.sun_w - case.car_w - case.bent_w - dimmer.mean_w
    grid.add(straight_w * 1000 // case.volts, 0)
    grid.add(case.bent_w * 1000 // case.volts, 0, RECTIFIER)
    dimmer.put(grid, case.volts)
    grid.add(case.lag_var * 1000 // case.volts, 9000)
    grid.mix(ma[CAR], 1000000)
    grid.mix(ma[PHASE], -1000000)
    for index, clamp in enumerate(part.clamps):
        clamp.look(ma[index])
    part.transformer.look(volts)
    part.opto.look(volts)
    for channel in part.channels:
        channel.renew()
    apparent_va = math.sqrt(squares(volts)) / 100 * math.sqrt(squares(grid)) / 1000
    return Truth(power_mw(volts, grid) / 1000, apparent_va)


def mains(case: Case) -> Wave:
    """The voltage's wave, peaks in V * 100; its rms is the case's volts."""
    volts = Wave()
    volts.add(case.volts * 100, 0)
    if case.is_bent_mains:
        for order, permille, cdeg in THD:
            peak = volts.a[0] * permille / 1000
            volts.a[ORDER[order]] = round(peak * math.cos(math.radians(cdeg / 100)))
            volts.b[ORDER[order]] = round(peak * math.sin(math.radians(cdeg / 100)))
    return volts
