"""`make bench-solar`: every controller through every day with every car; solar.json, solar.html and a table.

Knows where results go and how to show progress; who takes part is in tools/bench/solar/contest.py.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from rouse import ROOT
from rouse.bench.solar import contest
from rouse.bench.solar.contest import Row
from rouse.bench.solar.loop import Habit
from rouse.bench.solar.match import match_table
from rouse.bench.solar.page import Curve, page
from rouse.data.day_file import Day
from rouse.report import files
from rouse.report.progress import Progress

OUT = ROOT / "build" / "bench"
WORKERS = 2


def run_day(day: Day, cars: list[Habit]) -> tuple[list[Row], list[Curve]]:
    """All rows of one day, and a curve for each controller with the first car."""
    rows, curves = [], []
    pairs = [*contest.CONTESTANTS, *((contest.BOUND, mode) for mode in contest.BOUND_PRICES)]
    for name, mode in pairs:
        for car in cars:
            row, record = contest.compete(day, name, mode, car)
            rows.append(row)
            if car is cars[0]:
                curves.append(Curve.of(row, record))
    return rows, curves


def run(days_folder: Path | None, cars_folder: Path | None, is_matching: bool) -> None:
    """From files to results; raises the errors of its parts and writes nothing then."""
    days, cars = contest.days_of(days_folder), contest.cars_of(cars_folder)
    rows: list[Row] = []
    curves: list[Curve] = []
    with ProcessPoolExecutor(WORKERS) as pool, Progress(len(days)) as progress:
        jobs = [pool.submit(run_day, day, cars) for day in days]
        for day, job in zip(days, jobs, strict=True):
            some_rows, some_curves = job.result()
            rows += some_rows
            curves += some_curves
            progress.step(day.name)
        matches = match_table(pool) if is_matching else []
    remarks = {name: contest.is_true_to_measurement(rows, name) for name, _ in contest.CONTESTANTS}
    files.write(
        {
            OUT / "solar.json": files.as_json([asdict(row) for row in rows]),
            OUT / "solar_match.json": files.as_json(matches),
            OUT / "solar.html": page(rows, curves, matches, remarks),
        }
    )
    print(table(rows, remarks))
    for match in matches:
        print(f"  at the import and starts of {match['peer']}: sun {match['gain_percent']:+.1f} %")
    print(f"see {(OUT / 'solar.html').relative_to(ROOT)}, solar.json beside it")


def table(rows: list[Row], remarks: dict[str, bool | None]) -> str:
    """Sums over all days with the first car."""
    first = rows[0].car
    lines = [f"{'all days, ' + first + ' car':34} sun kWh  import kWh  starts  changes  grid rms W"]
    for row in contest.sums(rows, first):
        name, known = f"{row.controller}, {row.mode}", remarks.get(row.controller)
        is_checked = known or row.controller not in contest.MEASURED
        remark = "" if is_checked else "  not the measured peer" if known is False else "  unchecked"
        kwh = f"{row.solar_kwh:7.2f} {row.import_kwh:11.2f}"
        lines.append(f"{name:34} {kwh} {row.starts:7} {row.offer_changes:8} {row.grid_rms_w:11.0f}{remark}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Run the bench; exit status. Raises ToolError and OSError."""
    parser = argparse.ArgumentParser(prog="rouse bench-solar", description="Every controller, every day.")
    parser.add_argument("--days", type=Path, help="folder of day files (default: recorded, shipped and generated)")
    parser.add_argument("--cars", type=Path, help="folder of car files (default: an ordinary and a sulking car)")
    parser.add_argument("--no-match", action="store_true", help="leave out the search for prices that match each peer")
    options = parser.parse_args(arguments)
    run(options.days, options.cars, not options.no_match)
    return 0
