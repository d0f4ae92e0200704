"""How true the meter is: ten random chargers, calibrated as a person does it, on every case, at every pace of the chip.

Each with every phase reference; then loads that switch by whole mains cycles. Writes meter.json, .html and pictures to
build/bench; prints tables and exits with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import statistics
from concurrent.futures import ProcessPoolExecutor

from rouse import ROOT
from rouse.bench.meter import cases as meter_cases
from rouse.bench.meter import page as meter_page
from rouse.bench.meter import parts as meter_parts
from rouse.bench.meter import switched
from rouse.bench.meter.cases import Case, Truth
from rouse.bench.meter.outcome import Found, Job, is_within, judged, outcome, row
from rouse.bench.meter.rig import PACES, Rig
from rouse.build.firmware import firmware_module
from rouse.report import files
from rouse.report.plot import png
from rouse.report.progress import Progress

OUT = ROOT / "build" / "bench"
WORKERS = 2
REFERENCES = ("transformer", "opto", "inverter", "car")
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
    for _ in range(SETTLE_ROUNDS if case.hz == 50 else TUNE_ROUNDS):
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


def run_job(job: Job, each: int) -> Found:
    """Build the part, calibrate it, try every case, or one of so many."""
    part = meter_parts.draw(job.part)
    meter_parts.wire(part, job.reference)
    meter_cases.apply(Case("idle", 300, 50), part)
    rig = Rig(part, job.reference, PACES[job.pace])
    found = Found([], [], [], *rig.count_opcodes())
    calibrate(rig)
    for case in meter_cases.cases(job.reference)[::each]:
        truth, seconds = readings(rig, case)
        found.rows.append(row(job, case, truth, seconds))
        found.counted.extend(judged(job, case, truth, seconds))
    for case in meter_cases.drifts(job.reference)[::each]:
        found.drifted.extend(judged(job, case, *readings(rig, case)))
    return found


Results = dict[tuple[str, str], list[Found]]  # by pace and reference


def run(paces: list[str], parts: int, each: int) -> tuple[Results, list[switched.Played]]:
    """Every charger with every reference at those paces, and switched loads through the meter."""
    jobs = [Job(pace, reference, part) for pace in paces for reference in REFERENCES for part in range(parts)]
    results: Results = {}
    with ProcessPoolExecutor(WORKERS) as pool, Progress(len(jobs), parts) as progress:
        running = [pool.submit(run_job, job, each) for job in jobs]
        playing = [pool.submit(switched.play, *pattern) for pattern in switched.PLAYED[::each]]
        for job, future in zip(jobs, running, strict=True):
            results.setdefault((job.pace, job.reference), []).append(future.result())
            progress.step(f"{job.pace}, {job.reference}, part {job.part + 1}")
        return results, [future.result() for future in playing]


def main(arguments: list[str]) -> int:
    """Run the bench; exit status. Raises OSError."""
    parser = argparse.ArgumentParser(prog="rouse bench-meter", description="How true the meter is.")
    parser.add_argument("--parts", type=int, choices=range(1, 101), default=PARTS, metavar="1..100", help="chargers")
    parser.add_argument("--pace", choices=PACES, help="one chip alone, by what an ADC read takes")
    parser.add_argument("--quick", action="store_true", help="one case of eight")
    options = parser.parse_args(arguments)
    paces = [options.pace] if options.pace else list(PACES)
    results, played = run(paces, options.parts, QUICK_EACH if options.quick else 1)
    outcomes = [outcome(*key, found) for key, found in results.items()]
    summaries = list(switched.summaries())
    points = {
        key: [(reading.va, reading.error_w) for each in found for reading in each.counted]
        for key, found in results.items()
    }
    pictures = [meter_page.errors(points), meter_page.paces(outcomes), meter_page.patterns()]
    files.write({
        OUT / "meter.png": png(pictures[0]),
        OUT / "meter_paces.png": png(pictures[1]),
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
