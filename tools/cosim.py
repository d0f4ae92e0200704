"""`rouse cosim --mode solar`: the firmware's core against any simulator, a line in and a line out a second.

in:   t_s solar_w grid_w vehicle ev_a volts      vehicle 1 = A, 2 = B, 3 = C; ev_a on each phase
out:  pwm offer_a cp_open minus12v contactor     0 or 1, offer_a with one decimal; flushed
It sees grid power and the car only, as on the board; solar_w is for boards with a clamp on the inverter. docs/cosim.md.
"""

import argparse
import math
import sys
from collections.abc import Iterable

from rouse import ToolError
from rouse.bench.solar.ours import CARS, Core

VEHICLES = {"1": "A", "2": "B", "3": "C"}
FIELDS = ("t_s", "solar_w", "grid_w", "vehicle", "ev_a", "volts")
MODES = ("solar", "eco", "min", "fast")
NOMINAL_V = 230
LEAST_V = 80.0
MOST = {"t_s": 1e12, "solar_w": 1e6, "grid_w": 1e6, "ev_a": 200.0, "volts": 300.0}


class LineError(ToolError):
    """A line that is none; the message is one line for the person."""

    status = 2


def parsed(text: str, number: int, phases: int) -> tuple[int, int, int, str]:
    """The line's t_s, grid_w, car_w and vehicle's letter; raises LineError naming the line."""
    fields = text.split()
    if len(fields) != len(FIELDS):
        raise LineError(f"line {number}: {len(fields)} fields; a line is {' '.join(FIELDS)}")
    if fields[3] not in VEHICLES:
        raise LineError(f"line {number}: vehicle is {fields[3][:20]!r}; write 1 (A), 2 (B) or 3 (C)")
    figures = {name: _figure(name, field, number) for name, field in zip(FIELDS, fields, strict=True) if name in MOST}
    # The core counts in amperes at its nominal voltage: powers are brought to it, as a board does that measures volts.
    scale = NOMINAL_V / figures["volts"] if figures["volts"] >= LEAST_V else 1.0
    car_w = round(figures["ev_a"] * NOMINAL_V * phases)
    return int(figures["t_s"]), round(figures["grid_w"] * scale), car_w, VEHICLES[fields[3]]


def _figure(name: str, text: str, number: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= MOST[name]:
        raise LineError(f"line {number}: {name} is {text[:20]!r}; write a number up to {MOST[name]:.0f}")
    return value


def serve(lines: Iterable[str], mode: str, phases: int, car: str) -> None:
    """Answer each line with one; raises LineError at the first that is none, with nothing further written."""
    core = Core(mode, phases, car=car)
    for number, text in enumerate(lines, start=1):
        core.second(*parsed(text, number, phases))
        sys.stdout.write(core.line() + "\n")
        sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Answer until the end of input; exit status. Raises LineError, and OSError when a pipe breaks."""
    parser = argparse.ArgumentParser(prog="rouse cosim", description="The core, a line a second.")
    parser.add_argument("--mode", choices=MODES, default="solar", help="charging mode (default: solar)")
    parser.add_argument("--phases", type=int, choices=(1, 3), default=1, help="phases, all alike (default: 1)")
    parser.add_argument("--car", choices=CARS, default=CARS[0], help="the record of the car (default: minds nothing)")
    options = parser.parse_args(arguments)
    try:
        serve(sys.stdin, options.mode, options.phases, options.car)
    except UnicodeDecodeError as error:
        raise LineError(error) from None
    return 0
