"""The one-page picture of a run, as PNG and as a self-contained HTML page.

Knows a trace and its figures; nothing of how the run was made.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import BinaryIO

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MultipleLocator

from rouse.data.day_file import clock
from rouse.report.trace import Sample, wake_times_s

MOST_POINTS = 1800  # more than a page can show
MIN_W = 1380
STATE_COLOURS = {
    "A": ("#9ca3af", "A no car"),
    "B1": ("#bfdbfe", "B1 waiting"),
    "B2": ("#60a5fa", "B2 offered"),
    "C1": ("#fcd34d", "C1 winding down"),
    "C2": ("#34d399", "C2 charging"),
    "D1": ("#fcd34d", "D1"),
    "D2": ("#34d399", "D2 charging, fan"),
    "E": ("#7c3aed", "pilot opened"),
    "F": ("#db2777", "pilot at −12 V"),
}
SUN, CAR, OFFER, WAKE, GREY = "#ca8a04", "#2563eb", "#0f766e", "#7c3aed", "#6b7280"


@dataclass(frozen=True)
class Run:
    """What the page is about: samples one a second, the clock time of the first, and the words around them."""

    title: str
    subtitle: str
    start_s: int
    samples: list[Sample]


def draw(run: Run) -> Figure:
    """The picture of `run`; the caller closes it."""
    figure, axes = pyplot.subplots(
        3, 1, figsize=(12, 8.6), sharex=True, height_ratios=(5, 2.6, 1.4), layout="constrained"
    )
    figure.suptitle(f"{run.title}\n", fontsize=15, fontweight="bold", x=0.012, ha="left")
    figure.text(0.012, 0.945, run.subtitle, fontsize=10, color=GREY)
    points = _thinned(run.samples)
    times = [run.start_s + sample.at_s for sample in points]
    _draw_power(axes[0], times, points)
    _draw_offer(axes[1], times, points)
    _draw_bands(axes[2], run)
    for axis in axes:
        axis.margins(x=0)
        axis.spines[["top", "right"]].set_visible(False)
    _mark_wakes(axes, run)
    span_s = len(run.samples)
    axes[2].xaxis.set_major_locator(MultipleLocator(300 if span_s <= 4000 else 3600))
    axes[2].xaxis.set_major_formatter(FuncFormatter(lambda at_s, _: clock(int(at_s))[:-3]))
    axes[2].set_xlabel("time of day")
    return figure


def write_png(out: BinaryIO, run: Run) -> None:
    """Writes the picture of `run` as PNG."""
    figure = draw(run)
    figure.savefig(out, format="png", dpi=130, metadata={"Software": None})
    pyplot.close(figure)


def svg(run: Run) -> str:
    """The picture of `run` as an SVG element, equal for equal runs."""
    with matplotlib.rc_context({"svg.hashsalt": "rouse"}):
        figure, text = draw(run), io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
        pyplot.close(figure)
    return text.getvalue()[text.getvalue().index("<svg") :]


def _thinned(samples: Sequence[Sample]) -> list[Sample]:
    """At most about MOST_POINTS samples, without those that change nothing in a step line; the last one stays."""
    few = samples[:: -(-len(samples) // MOST_POINTS)]
    new = [b for a, b in pairwise(few) if (a.surplus_w, a.car_w, a.offer_ma) != (b.surplus_w, b.car_w, b.offer_ma)]
    return [few[0], *new, samples[-1]]


def _draw_power(axis: Axes, times: list[int], points: Sequence[Sample]) -> None:
    surplus = [sample.surplus_w / 1000 for sample in points]
    car = [sample.car_w / 1000 for sample in points]
    sun = [max(value, 0) for value in surplus]
    used = [min(a, b) for a, b in zip(car, sun, strict=True)]
    for low, high, colour, label in (
        (used, sun, "#fdf0c4", "sun not used"),
        ([0.0] * len(used), used, "#bfd4fb", "sun into the car"),
        (used, car, "#f4a6a6", "grid into the car"),
    ):
        axis.fill_between(times, low, high, step="post", color=colour, lw=0, label=label)
    axis.step(times, surplus, where="post", color=SUN, lw=1.3, label="surplus: solar − house")
    axis.step(times, car, where="post", color=CAR, lw=1.5, label="car")
    axis.axhline(MIN_W / 1000, color=GREY, lw=0.8, ls="--", label="least charge: 6 A, 1.38 kW")
    axis.axhline(0, color=GREY, lw=0.6)
    _finish(axis, "power [kW]", 0.2)


def _draw_offer(axis: Axes, times: list[int], points: Sequence[Sample]) -> None:
    axis.step(times, [s.offer_ma / 1000 for s in points], where="post", color=OFFER, lw=1.5, label="offer on the pilot")
    axis.step(times, [s.car_w / 230 for s in points], where="post", color=CAR, lw=1.2, label="car draws")
    axis.axhline(6, color=GREY, lw=0.8, ls="--", label="least offer: 6 A")
    axis.set_ylim(bottom=0, top=max(10, axis.get_ylim()[1]))
    _finish(axis, "current [A]", 0.35)


def _finish(axis: Axes, label: str, headroom: float) -> None:
    """Label, grid, and a legend above the data, for which `headroom` of the height is added."""
    axis.set_ylabel(label)
    low, high = axis.get_ylim()
    axis.set_ylim(low, high + (high - low) * headroom)
    axis.legend(loc="upper right", ncols=6, fontsize=8, frameon=False)
    axis.grid(axis="y", alpha=0.25)


def _draw_bands(axis: Axes, run: Run) -> None:
    """Three rows of bands: pilot state, contactor, car asleep; the legend names only the states that occur."""
    for at_s, length_s, state in _spans(run, lambda sample: sample.state):
        axis.broken_barh([(at_s, length_s)], (2.1, 0.8), color=STATE_COLOURS[state][0], lw=0)
    closed = _spans(run, lambda sample: "closed" if sample.is_closed else "")
    asleep = _spans(run, lambda sample: "asleep" if sample.is_asleep else "")
    for spans, low, colour in ((closed, 1.1, "#047857"), (asleep, 0.1, "#475569")):
        axis.broken_barh([(at_s, length_s) for at_s, length_s, on in spans if on], (low, 0.8), color=colour, lw=0)
    axis.set_yticks([2.5, 1.5, 0.5], ["pilot", "contactor closed", "car asleep"])
    axis.set_ylim(0, 3)
    axis.tick_params(axis="y", length=0)
    seen = {sample.state for sample in run.samples}
    patches = [Patch(color=colour, label=label) for state, (colour, label) in STATE_COLOURS.items() if state in seen]
    axis.legend(handles=patches, loc="upper center", bbox_to_anchor=(0.5, -0.42), ncols=8, fontsize=8, frameon=False)


def _spans(run: Run, key: Callable[[Sample], str]) -> list[tuple[int, int, str]]:
    """Stretches of equal `key` as (clock time, seconds, value)."""
    spans = []
    for value, group in groupby(run.samples, key):
        members = list(group)
        spans.append((run.start_s + members[0].at_s, len(members), value))
    return spans


def _mark_wakes(axes: Sequence[Axes], run: Run) -> None:
    """A dotted line through all panels, below the legends, for every wake attempt; numbered in the first."""
    for number, wake_s in enumerate(wake_times_s(run.samples), start=1):
        at_s = run.start_s + wake_s
        for axis, top in zip(axes, (0.88, 0.78, 1), strict=True):
            axis.axvline(at_s, ymax=top, color=WAKE, lw=1.2, ls=":")
        axes[0].text(at_s, 0.85, f" wake {number}", transform=axes[0].get_xaxis_transform(), fontsize=8, color=WAKE)
