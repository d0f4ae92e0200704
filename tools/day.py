"""`make day`: a full day through the firmware's core on CPython, with the same report as `make sim`.

Knows where days, cars and results are; what a tick is stands in bench/core.py.
"""

import argparse
import platform
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rouse import ROOT
from rouse.bench.core import Rig
from rouse.build.firmware import board_data
from rouse.data.car_file import CARS, Car, read_car
from rouse.data.day_file import DAYS, Day, read_day
from rouse.report import files
from rouse.report.page import write_results
from rouse.report.plot import Run
from rouse.report.trace import Sample, figures

DAY = DAYS / "recorded_2022-03-18.csv"
CAR = CARS / "plain.toml"
OUT = ROOT / "build" / "day"
STEP_MS = 500
PLUG_S = 3


def samples_of(day: Day, car: Car, board: dict[str, Any]) -> Iterator[Sample]:
    """A sample for every second of the day; the car is plugged in at PLUG_S."""
    rig = Rig(board, car)
    for second, (solar_w, house_w) in enumerate(zip(day.solar_w, day.house_w, strict=True)):
        if second == PLUG_S:
            rig.inlet.plug(second * 1000)
        for now_ms in range(second * 1000, (second + 1) * 1000, STEP_MS):
            rig.step(now_ms, STEP_MS, house_w - solar_w)
        inlet = rig.inlet
        yield Sample(
            at_s=second,
            solar_w=solar_w,
            house_w=house_w,
            car_w=inlet.car_w,
            offer_ma=inlet.offer_ma,
            pilot=inlet.car.state,
            is_pwm=inlet.is_offered,
            is_closed=rig.is_closed,
            is_asleep=inlet.car.mood.asleep,
            woken=inlet.car.mood.woken,
            violations=0,
        )


def run(day_path: Path, car_path: Path, board: str) -> None:
    """One day from files to report; raises the errors of its parts and writes nothing then."""
    day, car, data = read_day(day_path), read_car(car_path), board_data(board)
    print(f"day {day.name}, {day.span}, as recorded, nothing generated\ncar {car['name']}", flush=True)
    began = time.monotonic()
    samples = list(samples_of(day, car, data))
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
