"""How true the meter is: ten random chargers, calibrated as a person does it, on every case with each reference.

Writes build/bench/meter.json, .html and .png; prints a summary against the limits and exits with 1 when one is missed.
"""

from __future__ import annotations

import argparse
import statistics
from typing import Any, NamedTuple

from rouse import ROOT
from rouse.bench.meter import cases as meter_cases
from rouse.bench.meter import page as meter_page
from rouse.bench.meter import parts as meter_parts
from rouse.bench.meter.cases import Case, Truth
from rouse.bench.meter.rig import Rig
from rouse.build.firmware import firmware_module
from rouse.report import files
from rouse.report.plot import png
from rouse.report.progress import Progress

OUT = ROOT / "build" / "bench"
REFERENCES = ("transformer", "opto", "inverter", "car")
PARTS = 10
ROUNDS_A_SECOND = 4  # 0.96 s
SECONDS = 6
SETTLE_ROUNDS = 3
PATIENCE_ROUNDS = 20
TUNE_ROUNDS = 12  # after a jump in frequency that no mains makes
LEAST_W = 100  # the limits hold from here on
# Of a 1 s reading, 95th percentile over parts and cases: permille of VA, or W; permille below power factor 0.8.
LIMITS = {"transformer": (15, 10, 30), "opto": (30, 25, 50), "inverter": (30, 25, 50), "car": (30, 25, 50)}


def limit_w(reference: str, truth: Truth) -> float:
    """The most that a reading may be wrong."""
    permille, watts, low_permille = LIMITS[reference]
    return max(truth.va * (permille if truth.power_factor >= 0.8 else low_permille) / 1000, watts)


def calibrate(rig: Rig) -> None:
    """Five minutes of a person: clamp open, then a base load, a kettle, and the car as a second load."""
    calibrate_module = firmware_module("evse.app.calibrate")
    calibrator = calibrate_module.Calibrator(rig.metering, rig.round, _nothing)
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
    """Build part `number`, calibrate it, try every case: rows, the readings judged, and those at other voltages."""
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


class Outcome(NamedTuple):
    """What a reference came to over all parts and cases."""

    reference: str
    readings: int
    share_p95: float  # of the limit
    worst_case: str
    wrong_signs: int
    drift_permille: float  # of VA at 220 and 253 V, 95th percentile

    @property
    def is_good(self) -> bool:
        """Whether the limit holds and every sign is right."""
        return self.share_p95 <= 1 and self.wrong_signs == 0

    def line(self) -> str:
        """One line for a person."""
        permille, watts, low_permille = LIMITS[self.reference]
        return (
            f"{self.reference:12} p95 of the error is {self.share_p95:.2f} of its limit ({permille / 10} % of VA or "
            f"{watts} W; {low_permille / 10} % below pf 0.8), {self.wrong_signs} wrong signs of {self.readings}: "
            f"{'pass' if self.is_good else 'FAIL'}; worst case {self.worst_case}; "
            f"at 220 and 253 V {self.drift_permille / 10:.1f} % of VA"
        )


def outcome(reference: str, rows: list[dict[str, Any]], counted: list[Reading], drifted: list[Reading]) -> Outcome:
    """Sum up one reference."""
    by_case: dict[str, list[float]] = {}
    for reading in counted:
        by_case.setdefault(reading.case, []).append(reading.share)
    worst_case = max(by_case, key=lambda case: percentile(by_case[case], 95))
    return Outcome(
        reference,
        len(counted),
        percentile([reading.share for reading in counted], 95),
        f"{worst_case} ({percentile(by_case[worst_case], 95):.2f})",
        sum(not each["sign_ok"] for each in rows),
        percentile([abs(reading.error_w) * 1000 / reading.va for reading in drifted], 95),
    )


def main(arguments: list[str]) -> int:
    """Run the bench; exit status. Raises OSError."""
    parser = argparse.ArgumentParser(prog="rouse bench-meter", description="How true the meter is.")
    parser.add_argument("--parts", type=int, choices=range(1, 101), default=PARTS, metavar="1..100", help="chargers")
    parts = parser.parse_args(arguments).parts
    rows: list[dict[str, Any]] = []
    outcomes: list[Outcome] = []
    points: meter_page.Points = {}
    with Progress(len(REFERENCES) * parts) as progress:
        for reference in REFERENCES:
            reference_rows: list[dict[str, Any]] = []
            counted: list[Reading] = []
            drifted: list[Reading] = []
            for number in range(parts):
                for total, found in zip((reference_rows, counted, drifted), run_part(reference, number), strict=True):
                    total += found  # type: ignore[operator]  # each list with its like
                progress.step(f"{reference}, part {number + 1}")
            rows += reference_rows
            points[reference] = [(reading.va, reading.error_w) for reading in counted]
            outcomes.append(outcome(reference, reference_rows, counted, drifted))
    opcodes, pairs = burst_cost()
    lines = [each.line() for each in outcomes]
    picture = meter_page.picture(points, LIMITS)
    files.write({
        OUT / "meter.png": png(picture),
        OUT / "meter.html": meter_page.page(picture, lines),
        OUT / "meter.json": files.as_json(rows),
    })
    print("\n".join(lines))
    print(f"one burst: {opcodes} opcodes, {pairs} steps of three reads in 20 ms (58 us a read, 1.8 us an opcode)")
    print(f"wrote {OUT / 'meter.json'}, meter.html and meter.png")
    return 0 if all(each.is_good for each in outcomes) else 1


def burst_cost() -> tuple[int, int]:
    """Opcodes and pairs of one burst."""
    part = meter_parts.draw(0)
    meter_parts.wire(part, "transformer")
    meter_cases.apply(Case("idle", 300, 50), part)
    return Rig(part, "transformer").count_opcodes()


def _nothing(*_: object) -> None:
    """Nobody listens."""
