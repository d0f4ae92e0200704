"""What the meter's bench demands, and what its readings come to against that.

Knows readings and limits; does not know how they were made or where they are shown.
"""

from __future__ import annotations

import statistics
from typing import Any, NamedTuple

from rouse.bench.meter.cases import Case, Truth
from rouse.bench.meter.switched import Summary

LEAST_W = 100  # the limits hold from here on
# Of a 1 s reading, 95th percentile over parts and cases: permille of VA, or W; permille below power factor 0.8.
LIMITS = {"transformer": (15, 10, 30), "opto": (30, 25, 50), "inverter": (30, 25, 50), "car": (30, 25, 50)}
# Of every switched load at 50 Hz, by seconds: the most that a reading is off, by the load's mean; without a charge and
# beside one, when the car has a third of the bursts.
SWITCHED_LIMITS = {False: {4: 0.45, 12: 0.25, 53: 0.05}, True: {4: 0.65, 12: 0.3, 53: 0.06}}


class Job(NamedTuple):
    """One charger with one reference on one chip, as pace.parse() takes it."""

    chip: str
    reference: str
    part: int


class Reading(NamedTuple):
    """One reading of a second that the limits hold for."""

    case: str
    va: float
    error_w: float
    share: float  # of its limit, with the error's sign


class Found(NamedTuple):
    """What a job came to: rows, the readings judged, and a burst's steps at 50 Hz."""

    rows: list[dict[str, Any]]
    counted: list[Reading]
    steps: int


def limit_w(reference: str, truth: Truth) -> float:
    """The most that a reading may be wrong."""
    permille, watts, low_permille = LIMITS[reference]
    return max(truth.va * (permille if truth.power_factor >= 0.8 else low_permille) / 1000, watts)


def judged(job: Job, case: Case, truth: Truth, seconds: list[float]) -> list[Reading]:
    """The readings of a case above LEAST_W."""
    if abs(truth.w) < LEAST_W:
        return []
    most_w = limit_w(job.reference, truth)
    errors_w = [shown_w - truth.w for shown_w in seconds]
    return [Reading(case.name, truth.va, error_w, error_w / most_w) for error_w in errors_w]


def row(job: Job, case: Case, truth: Truth, seconds: list[float]) -> dict[str, Any]:
    """One line of the result."""
    worst_w = max(seconds, key=lambda shown_w: abs(shown_w - truth.w))
    is_counted = abs(truth.w) >= LEAST_W and truth.power_factor >= 0.5
    return {
        "chip": job.chip,
        "case": case.name,
        "part": job.part,
        "reference": job.reference,
        "va": round(truth.va, 1),
        "true_w": round(truth.w, 1),
        "mean_w": round(statistics.fmean(seconds), 1),
        "worst_1s_w": round(worst_w, 1),
        "sd_w": round(statistics.pstdev(seconds), 2),
        "sign_ok": not is_counted or all(shown_w * truth.w > 0 for shown_w in seconds),
    }


def percentile(values: list[float], percent: int) -> float:
    """The value that `percent` of them do not exceed."""
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


class Outcome(NamedTuple):
    """What a reference came to on one chip, over all parts and cases."""

    chip: str
    reference: str
    steps: int  # of three reads, in a burst at 50 Hz
    readings: int
    share_p95: float  # of the limit
    noise_w: float  # what a reading of a second scatters by, root mean square over the cases
    bias_permille: float  # of VA: the mean of all errors
    worst_case: str
    wrong_signs: int

    @property
    def is_good(self) -> bool:
        """Whether the limit holds and every sign is right."""
        return self.share_p95 <= 1 and self.wrong_signs == 0


def outcome(chip: str, reference: str, found: list[Found]) -> Outcome:
    """Sum up one reference on one chip."""
    rows = [line for each in found for line in each.rows]
    counted = [reading for each in found for reading in each.counted]
    by_case: dict[str, list[float]] = {}
    for reading in counted:
        by_case.setdefault(reading.case, []).append(abs(reading.share))
    worst_case = max(by_case, key=lambda case: percentile(by_case[case], 95))
    return Outcome(
        chip,
        reference,
        found[0].steps,
        len(counted),
        percentile([abs(reading.share) for reading in counted], 95),
        statistics.fmean(line["sd_w"] ** 2 for line in rows) ** 0.5,
        statistics.fmean(reading.error_w * 1000 / reading.va for reading in counted),
        f"{worst_case} ({percentile(by_case[worst_case], 95):.2f})",
        sum(not line["sign_ok"] for line in rows),
    )


def is_within(summary: Summary) -> bool:
    """Whether switched loads are read as well as the present rounds can."""
    limits = SWITCHED_LIMITS[summary.is_charging]
    return not summary.is_now or summary.hz != 50 or summary.worst <= limits.get(summary.span_s, summary.worst)
