"""`make sim`: the whole firmware on the MicroPython VM, in front of a virtual charger, through broken cloud.

Knows where days, cars and results are; what runs inside the VM is tools/vm/insim.py.
"""

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

from rouse import ROOT, ToolError
from rouse.bench.wake.ours import stated
from rouse.build.firmware import firmware_files, virtual_files
from rouse.data.car_file import CARS, Car, read_car
from rouse.data.day_file import DAYS, Day, read_day
from rouse.data.stretch import RULE, most_broken
from rouse.data.weather import lay_over
from rouse.report import files
from rouse.report.page import write_results
from rouse.report.plot import Run
from rouse.report.progress import Progress
from rouse.report.trace import Sample, figures, parse
from rouse.vm import chips
from rouse.vm import run as vm

LENGTH_S = 1800
SEED = 2
DAY = DAYS / "recorded_2022-03-18.csv"
CAR = CARS / "sleepy.toml"
OUT = ROOT / "build" / "sim"
HEAP_BYTES = 1024 * 1024  # enough for fakes and day; weighing the heap costs time in proportion


class Listener:
    """Takes what the VM prints: samples, totals, a traceback's last line; everything else is shown to the person."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._is_traceback = False
        self.samples: list[Sample] = []
        self.vm = ""
        self.totals: list[int] = []
        self.last_words = "it said nothing"

    def __call__(self, line: str) -> None:
        """Take one line."""
        sample = parse(line)
        word, _, rest = line.partition(" ")
        if sample:
            self.samples.append(sample)
            self._progress.step(shown(sample))
        elif word == "vm":
            self.vm = rest
        elif word == "totals":
            self.totals = [int(number) for number in rest.split()]
        elif line.strip():
            self._is_traceback = self._is_traceback or word == "Traceback"
            self.last_words = line.strip()
            if not self._is_traceback:
                self._progress.say(f"  | {line}")


def shown(sample: Sample) -> str:
    """What a person sees of a second while it runs."""
    asleep = "  asleep" if sample.is_asleep else ""
    return (
        f"{sample.state:2}  offer {sample.offer_ma / 1000:4.1f} A  car {sample.car_w:5} W  "
        f"surplus {sample.surplus_w:6} W{asleep}"
    )


def simulate(day: Day, car: Car, board: str, progress: Progress, chip: str = "default") -> Listener:
    """Runs `day` on the VM to its end, on a `chip` as pace.parse() takes it; raises ToolError."""
    job = {"car": car, "record": stated(car), "chip": chip, "length_s": len(day)}
    job |= {"solar_w": day.solar_w, "house_w": day.house_w}
    files = {
        **virtual_files(),
        **firmware_files(board),
        "/job.json": json.dumps(job).encode(),
        **{f"/{name}": (ROOT / "tools" / "vm" / name).read_bytes() for name in ("insim.py", "repl.py")},
    }
    listener = Listener(progress)
    status = vm.run(files, "from insim import step", listener, step="step", heap_bytes=HEAP_BYTES)
    if status or not listener.totals:
        raise ToolError(f"stopped at {len(listener.samples)} s of {len(day)} s: {listener.last_words}")
    return listener


def choose_day(path: Path | None) -> Day:
    """The most broken stretch of the user's day, or of the shipped one under generated cloud; raises DayError."""
    return most_broken(read_day(path) if path else lay_over(read_day(DAY), SEED), LENGTH_S)


def summary(day: Day, car: Car, chip: str, heard: Listener, wall_s: float) -> dict[str, object]:
    """What goes into summary.json."""
    ticks, bytes_per_tick, tick_errors = heard.totals
    return {
        "vm": heard.vm,
        "day": day.name,
        "stretch": day.span,
        "generated": day.generated,
        "car": car["name"],
        "chip": chip,
        "simulated_s": len(heard.samples),
        "wall_s": round(wall_s, 1),
        **asdict(figures(heard.samples)),
        "ticks": ticks,
        "bytes_per_tick": bytes_per_tick,
        "tick_errors": tick_errors,
    }


def run(day_path: Path | None, car_path: Path | None, board: str, chip: str) -> None:
    """One simulation from files to report; raises the errors of its parts and writes nothing then."""
    day, car = choose_day(day_path), read_car(car_path or CAR)
    cloud = f"cloud and appliances generated, seed {SEED}" if day.generated else "as recorded, nothing generated"
    print(f"day {day.name}, {day.span}, {cloud}\n  chosen because there {RULE}")
    print(f"car {car['name']}, chip {chip}", flush=True)
    began_s = time.monotonic()
    with Progress(len(day), every=60) as progress:
        heard = simulate(day, car, board, progress, chip)
    results = summary(day, car, chip, heard, time.monotonic() - began_s)
    subtitle = f"{car['name']} · {day.name} {day.span}, {cloud} · firmware on {heard.vm}, chip {chip}"
    write_results(OUT, Run("Rouse: a charge through broken cloud", subtitle, day.start_s, heard.samples), results)
    print(files.as_json(results), end="")
    print(f"see {(OUT / 'report.html').relative_to(ROOT)}, report.png and summary.json beside it")
    if results["safety_violations"] or results["tick_errors"]:
        raise ToolError("the judge counted violations, or ticks failed: the events are on the page")


def main(arguments: list[str]) -> int:
    """Simulate; exit status. Raises ToolError and OSError."""
    parser = argparse.ArgumentParser(prog="rouse sim", description="The firmware on the MicroPython VM.")
    parser.add_argument("--day", type=Path, help="day file; its most broken half hour is simulated (default: shipped)")
    parser.add_argument("--car", type=Path, help="car file (default: tools/data/cars/sleepy.toml)")
    parser.add_argument("--board", default="reference", help="a folder of boards/ (default: reference)")
    chips.add_option(parser)
    options = parser.parse_args(arguments)
    run(options.day, options.car, options.board, chips.checked(options.chip))
    return 0
