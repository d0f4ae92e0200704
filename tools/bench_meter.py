"""How true the meter is: ten random chargers, calibrated as a person does it, on every case with each reference.

Writes build/bench/meter.json and meter.html; prints a summary against the limits and exits with 1 when one is missed.

    python -m tools.bench_meter [PARTS]
"""

from __future__ import annotations

import importlib
import json
import statistics
import sys
from pathlib import Path
from typing import Any, NamedTuple

from tools import meter_cases, meter_parts
from tools.meter_cases import Case, Truth
from tools.meter_rig import Rig

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "bench"
REFERENCES = ("transformer", "opto", "inverter", "car")
PARTS = 10
ROUNDS_A_SECOND = 4  # 0.96 s
SECONDS = 8
SETTLE_ROUNDS = 3
PATIENCE_ROUNDS = 20
LEAST_W = 100  # the limits hold from here on
# Of a 1 s reading, 95th percentile over parts and cases: permille of VA, or W; permille below power factor 0.8.
LIMITS = {"transformer": (15, 10, 30), "opto": (30, 25, 50), "inverter": (30, 25, 50), "car": (30, 25, 50)}


def limit_w(reference: str, truth: Truth) -> float:
    """The most that a reading may be wrong."""
    permille, watts, low_permille = LIMITS[reference]
    return max(truth.va * (permille if truth.power_factor >= 0.8 else low_permille) / 1000, watts)


def calibrate(rig: Rig) -> None:
    """Five minutes of a person: clamp open, then a base load, a kettle, and the car as a second load."""
    calibrate_module = importlib.import_module("evse.app.calibrate")
    calibrator = calibrate_module.Calibrator(rig.metering, rig.round, _nothing, _nothing)
    part = rig.chip.part
    sun_w, car_w = (1500, 0) if rig.kind == "inverter" else (0, 3680) if rig.kind == "car" else (0, 0)

    def load(watts: int, more_car_w: int = 0) -> None:
        base = Case("calibration", 200 + watts + car_w + more_car_w - sun_w, 80, 60, sun_w, car_w + more_car_w)
        meter_cases.apply(base, part)
        rig.is_charging = base.car_w > 0

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
    truth = meter_cases.apply(case, rig.chip.part)
    rig.chip.set_mains(case.hz)
    rig.is_charging = case.car_w > 0
    inputs = rig.inputs
    for _ in range(PATIENCE_ROUNDS):
        seen_ms = inputs.meter_at_ms
        rig.round()
        if inputs.meter_at_ms != seen_ms and rig.metering.lock.is_good:
            break
    for _ in range(SETTLE_ROUNDS):
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


def row(reference: str, case: Case, part: int, truth: Truth, seconds: list[float]) -> dict[str, Any]:
    """One line of the result."""
    worst_w = max(seconds, key=lambda shown_w: abs(shown_w - truth.w))
    is_counted = abs(truth.w) >= LEAST_W and truth.power_factor >= 0.5
    return {
        "case": case.name,
        "part": part,
        "reference": reference,
        "va": round(truth.va, 1),
        "true_w": round(truth.w, 1),
        "mean_w": round(statistics.fmean(seconds), 1),
        "worst_1s_w": round(worst_w, 1),
        "sd_w": round(statistics.pstdev(seconds), 2),
        "sign_ok": not is_counted or all(shown_w * truth.w > 0 for shown_w in seconds),
    }


def run_part(reference: str, number: int) -> tuple[list[dict[str, Any]], list[Reading], list[Reading]]:
    """Build part `number`, calibrate it, try every case: rows, readings within the limits' reach, and voltage drifts."""
    part = meter_parts.draw(number)
    meter_parts.wire(part, reference)
    meter_cases.apply(Case("idle", 300, 50), part)
    rig = Rig(part, reference)
    rig.count_opcodes()
    calibrate(rig)
    rows, counted = [], []
    for case in meter_cases.cases(reference):
        truth, seconds = readings(rig, case)
        rows.append(row(reference, case, number, truth, seconds))
        counted += judged(reference, case, number, truth, seconds)
    drifted = []
    for case in meter_cases.drifts(reference):
        truth, seconds = readings(rig, case)
        drifted += judged(reference, case, number, truth, seconds)
    return rows, counted, drifted


class Reading(NamedTuple):
    """One reading of a second that the limits hold for."""

    case: str
    part: int
    va: float
    error_w: float
    share: float  # of its limit


def judged(reference: str, case: Case, part: int, truth: Truth, seconds: list[float]) -> list[Reading]:
    """The readings of a case above 100 W."""
    if abs(truth.w) < LEAST_W:
        return []
    most_w = limit_w(reference, truth)
    return [
        Reading(case.name, part, truth.va, shown_w - truth.w, abs(shown_w - truth.w) / most_w) for shown_w in seconds
    ]


def percentile(values: list[float], percent: int) -> float:
    """The value that `percent` of them do not exceed."""
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def main(arguments: list[str]) -> int:
    """Run the bench; exit status."""
    rows: list[dict[str, Any]] = []
    for reference in REFERENCES:
        counted: list[Reading] = []
        drifted: list[Reading] = []
        for number in range(PARTS):
            part_rows, part_counted, part_drifted = run_part(reference, number)
            rows += part_rows
            counted += part_counted
            drifted += part_drifted
            print(reference, number, percentile([r.share for r in part_counted], 95), file=sys.stderr, flush=True)
        print(reference, "p95", percentile([r.share for r in counted], 95), "signs", sum(not r["sign_ok"] for r in rows if r["reference"] == reference))
        print("  drift p95", percentile([abs(r.error_w)/r.va for r in drifted], 95))
        by = {}
        for r in counted: by.setdefault(r.case, []).append(r.share)
        for c, v in sorted(by.items(), key=lambda kv: -percentile(kv[1], 95))[:10]:
            print("   ", c, round(percentile(v, 95), 2))
    return 0


def _nothing(*_: object) -> None:
    """Nobody listens."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
