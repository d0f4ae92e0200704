"""`make bench-wake`: every car of a folder through three sulking scenes, by Rouse's core and by others' ways to wake.

Knows cars, scenes and rows; the runs are ours.py and peers.py, the page is page.py.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rouse import ROOT
from rouse.bench.wake.ours import Run, booked, learned
from rouse.bench.wake.page import page
from rouse.bench.wake.peers import PEERS, PeerRun
from rouse.bench.wake.scenes import Scene, figures, scenes
from rouse.bench.wake.verdict import OURS, Row, verdict
from rouse.build.firmware import board_data
from rouse.data.car_file import CARS, Car, read_cars
from rouse.report import files
from rouse.report.progress import Progress

OUT = ROOT / "build" / "bench"
MODES = ("eco", "solar")
NOT_BOOKED = {"lost_minutes": None, "lost_minutes_right": None}  # the others keep no ledger


def rows_of(stem: str, car: Car, board: dict[str, Any]) -> Iterator[Row]:
    """Every row of one car."""
    plays = scenes(car)
    by_name = {play.name: play for play in plays}
    record = learned(car, [by_name["dawn"], by_name["cloud"]], board)
    for scene in plays:
        for mode in MODES:
            for known in (False, True):
                truth = Run(scene, car, board, mode, record if known else {}).go()
                yield _row(stem, OURS, scene, mode, known) | figures(truth) | booked(truth)
        for name in PEERS:
            found = figures(PeerRun(name, scene, car).go()) | NOT_BOOKED
            for mode in MODES:
                yield _row(stem, name, scene, mode, False) | found


def _row(stem: str, ladder: str, scene: Scene, mode: str, known: bool) -> Row:
    return {"car": stem, "ladder": ladder, "scene": scene.name, "mode": mode, "known": known}


def run(folder: Path) -> None:
    """The bench from car files to wake.json and wake.html, both or neither; raises the errors of its parts."""
    cars, board = read_cars(folder), board_data("reference")
    rows: list[Row] = []
    with Progress(len(cars)) as progress:
        for stem, car in cars.items():
            rows += rows_of(stem, car, board)
            progress.step(stem)
    lines = verdict(cars, rows)
    files.write({OUT / "wake.json": files.as_json(rows), OUT / "wake.html": page(cars, rows, lines)})
    print("\n".join(lines))
    print(f"see {(OUT / 'wake.html').relative_to(ROOT)} and wake.json beside it")


def main(arguments: list[str]) -> int:
    """Run the bench; exit status. Raises ToolError and OSError."""
    parser = argparse.ArgumentParser(prog="rouse bench-wake", description="Waking, in every car of a folder.")
    parser.add_argument("--cars", type=Path, default=CARS, help="folder of car files (default: tools/data/cars)")
    options = parser.parse_args(arguments)
    run(options.cars)
    return 0
