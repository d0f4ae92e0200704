"""`make day`: a full day through the firmware's core on CPython, with the same report as `make sim`.

Knows where days, cars and results are; the loop is tools/bench/core.py.
"""

import argparse
import platform
import time
from dataclasses import asdict
from pathlib import Path

from rouse import ROOT
from rouse.bench.core import DayLong
from rouse.build.firmware import board_data
from rouse.data.car_file import read_car
from rouse.data.day_file import read_day
from rouse.report import files
from rouse.report.plot import Run
from rouse.report.results import write_results
from rouse.report.trace import figures

DAY = ROOT / "tools" / "data" / "days" / "recorded_2022-03-18.csv"
CAR = ROOT / "tools" / "data" / "cars" / "plain.toml"
OUT = ROOT / "build" / "day"


def run(day_path: Path, car_path: Path, board: str) -> None:
    """One day from files to report; raises the errors of its parts and writes nothing then."""
    day, car, data = read_day(day_path), read_car(car_path), board_data(board)
    print(f"day {day.name}, {day.span}, as recorded, nothing generated\ncar {car['name']}", flush=True)
    began = time.monotonic()
    samples = list(DayLong(day, car, data).samples())
    wall_s = time.monotonic() - began
    interpreter = f"CPython {platform.python_version()}, core only"
    results = {
        "vm": interpreter,
        "day": day.name,
        "stretch": day.span,
        "generated": day.generated,
        "car": car["name"],
        "simulated_s": len(samples),
        "wall_s": round(wall_s, 2),
        "speed": round(len(samples) / wall_s),
        **asdict(figures(samples)),
        "safety_violations": None,  # the judge sees pins, and there are none here
    }
    subtitle = f"{car['name']} · {day.name} {day.span}, as recorded · {interpreter}"
    write_results(OUT, Run("Rouse: a whole day", subtitle, day.start_s, samples), results)
    print(files.as_json(results), end="")
    print(f"see {(OUT / 'report.html').relative_to(ROOT)}, report.png and summary.json beside it")


def main(arguments: list[str]) -> int:
    """Run the day; exit status. Raises ToolError and OSError."""
    parser = argparse.ArgumentParser(prog="rouse day", description="A full day through the core on CPython.")
    parser.add_argument("--day", type=Path, default=DAY, help="day file (default: shipped)")
    parser.add_argument("--car", type=Path, default=CAR, help="car file (default: tools/data/cars/plain.toml)")
    parser.add_argument("--board", default="reference", help="a folder of boards/ (default: reference)")
    options = parser.parse_args(arguments)
    run(options.day, options.car, options.board)
    return 0
