"""How true the meter is: ten random chargers, calibrated as a person does it, on every case and chip.

Each with every phase reference; then loads that switch by whole mains cycles. Writes meter.json, .html and pictures to
build/bench; prints tables and exits with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from rouse import ROOT
from rouse.bench.meter import cases as meter_cases
from rouse.bench.meter import page as meter_page
from rouse.bench.meter import parts as meter_parts
from rouse.bench.meter import switched
from rouse.bench.meter.cases import Case, Truth
from rouse.bench.meter.outcome import LIMITS, Found, Job, is_within, judged, outcome, row
from rouse.bench.meter.rig import Rig
from rouse.build.firmware import firmware_module
from rouse.report import files
from rouse.report.plot import png
from rouse.report.progress import Progress
from rouse.virtual import pace
from rouse.vm import chips

OUT = ROOT / "build" / "bench"
CHIPS = ("fast", "20us,0.8", "40us,1.3", "58us", "slow")
WORKERS = 2
PARTS = 10
QUICK_EACH = 8  # of the cases
ROUNDS_A_SECOND = 4  # 1.06 s
SECONDS = 6
SETTLE_ROUNDS = 3
PATIENCE_ROUNDS = 20
TUNE_ROUNDS = 12  # after a jump in frequency that no mains makes


def calibrate(rig: Rig) -> None:
    """Five minutes of a person: clamp open, then a base load, a kettle, and the car as a second load."""
    calibrate_module = firmware_module("evse.app.calibrate")
    calibrator = calibrate_module.Calibrator(rig.metering, rig.round, _nothing)
    part = rig.chip.part
    sun_w, car_w = (1500, 0) if rig.kind == "inverter" else (0, 3680) if rig.kind == "car" else (0, 0)

    def load(watts: int, more_car_w: int = 0) -> None:
        rig.put(Case("calibration", 200 + watts + car_w + more_car_w - sun_w, 80, 60, sun_w, car_w + more_car_w))

    load(0)
    grid, part.clamps[0].is_lost = part.clamps[0], True
    meter_cases.apply(Case("open", 0, 0, 0, sun_w, car_w), part)
    calibrator.zero("grid")
    grid.is_lost = False
    for watts in (700, 2000):
        load(0)
        calibrator.mark("grid")
        load(watts)
        calibrator.phase("grid")
    calibrator.gain("grid", 2000)
    load(0)
    calibrator.mark("grid")
    load(0, 5060)
    calibrator.phase("grid")


def readings(rig: Rig, case: Case) -> tuple[Truth, list[float]]:
    """The truth of a case and SECONDS readings of a second each."""
    truth = rig.put(case)
    inputs = rig.inputs
    for _ in range(PATIENCE_ROUNDS):
        seen_ms = inputs.meter_at_ms
        rig.round()
        if inputs.meter_at_ms != seen_ms and rig.metering.lock.is_good:
            break
    for _ in range(TUNE_ROUNDS if rig.has_jumped else SETTLE_ROUNDS):
        rig.round()
    seconds = []
    for _ in range(SECONDS):
        shown = []
        for _ in range(ROUNDS_A_SECOND):
            seen_ms = inputs.meter_at_ms
            rig.round()
            if inputs.meter_at_ms != seen_ms:
                shown.append(inputs.grid_w)
        if shown:
            seconds.append(statistics.fmean(shown))
    return truth, seconds


def run_job(job: Job, cases: list[Case]) -> Found:
    """Build the part, calibrate it and try those cases."""
    part = meter_parts.draw(job.part)
    meter_parts.wire(part, job.reference)
    meter_cases.apply(Case("idle", 300, 50), part)
    rig = Rig(part, job.reference, pace.parse(job.chip))
    calibrate(rig)
    found = Found([], [], rig.steps)
    for case in cases:
        truth, seconds = readings(rig, case)
        found.rows.append(row(job, case, truth, seconds))
        found.counted.extend(judged(job, case, truth, seconds))
    return found


Results = dict[tuple[str, str], list[Found]]  # by chip and reference


def run(names: Sequence[str], parts: int, each: int) -> tuple[Results, list[switched.Played]]:
    """Every charger with every reference on those chips, and switched loads through the meter."""
    jobs = [Job(chip, reference, part) for chip in names for reference in LIMITS for part in range(parts)]
    results: Results = {}
    with ProcessPoolExecutor(WORKERS) as pool, Progress(len(jobs), parts) as progress:
        running = [pool.submit(run_job, job, meter_cases.cases(job.reference)[::each]) for job in jobs]
        patterns = switched.PLAYED[::each]
        playing = [pool.submit(switched.play, *pattern, charging) for pattern in patterns for charging in (False, True)]
        for job, future in zip(jobs, running, strict=True):
            results.setdefault((job.chip, job.reference), []).append(future.result())
            progress.step(f"{job.chip}, {job.reference}, part {job.part + 1}")
        return results, [future.result() for future in playing]


def main(arguments: list[str]) -> int:
    """Run the bench; exit status. Raises OSError and PaceError."""
    parser = argparse.ArgumentParser(prog="rouse bench-meter", description="How true the meter is.")
    parser.add_argument("--parts", type=int, choices=range(1, 101), default=PARTS, metavar="1..100", help="chargers")
    chips.add_option(parser)
    parser.set_defaults(chip=None)  # five of them
    parser.add_argument("--quick", action="store_true", help="one case of eight")
    options = parser.parse_args(arguments)
    names = CHIPS if options.chip is None else [chips.checked(options.chip)]
    results, played = run(names, options.parts, QUICK_EACH if options.quick else 1)
    outcomes = [outcome(*key, found) for key, found in results.items()]
    summaries = list(switched.summaries())
    points = {
        key: [(reading.va, reading.share) for each in found for reading in each.counted]
        for key, found in results.items()
    }
    pictures = [meter_page.errors(points), meter_page.chips(outcomes), meter_page.patterns()]
    files.write({
        OUT / "meter.png": png(pictures[0]),
        OUT / "meter_chips.png": png(pictures[1]),
        OUT / "meter_switched.png": png(pictures[2]),
        OUT / "meter.html": meter_page.page(pictures, outcomes, summaries, played),
        OUT / "meter.json": files.as_json({
            "outcomes": [each._asdict() for each in outcomes],
            "switched": [each._asdict() for each in summaries],
            "played": [each._asdict() for each in played],
            "rows": [line for found in results.values() for each in found for line in each.rows],
        }),
    })
    print("\n".join(meter_page.lines(outcomes, summaries, played)))
    print(f"wrote {OUT / 'meter.json'}, meter.html and three pictures")
    return 0 if all(each.is_good for each in outcomes) and all(map(is_within, summaries)) else 1


def _nothing(*_: object) -> None:
    """Nobody listens."""
