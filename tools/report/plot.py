"""How every picture looks, and the picture of a run.

Knows a trace; nothing of how it came about. Other tools draw with these colours and save with `svg` or `png`.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import matplotlib
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MultipleLocator

from rouse.data.day_file import clock
from rouse.report.trace import Sample, wake_times_s

matplotlib.rcParams.update(
    {
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 10,
        "axes.xmargin": 0,
        "axes.prop_cycle": cycler(color=["brown", "navy", "green", "purple", "teal", "olive", "crimson", "black"]),
        "axes.grid": True,
        "axes.grid.axis": "y",
        "grid.alpha": 0.25,
        "legend.fontsize": 8,
        "legend.frameon": False,
        "text.parse_math": False,  # a name with $ in it is no formula
        "svg.hashsalt": "rouse",  # equal pictures are equal files
    }
)

WIDTH_INCHES = 12
SUN, CAR, OFFER, WAKE, GREY, BAD = "#ca8a04", "#2563eb", "#0f766e", "#7c3aed", "#6b7280", "#b91c1c"
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


@dataclass(frozen=True)
class Run:
    """What the page is about: samples one a second, the clock time of the first, and the words around them."""

    title: str
    subtitle: str
    start_s: int
    samples: list[Sample]


def svg(figure: Figure) -> str:
    """`figure` as an SVG element."""
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return text.getvalue()[text.getvalue().index("<svg") :]


def png(figure: Figure) -> bytes:
    """`figure` as a PNG file."""
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=130, metadata={"Software": None})
    return data.getvalue()


def draw(run: Run) -> Figure:
    """The picture of `run`, without its title."""
    figure = Figure(figsize=(WIDTH_INCHES, 8), layout="constrained")
    axes = figure.subplots(3, 1, sharex=True, height_ratios=(5, 2.6, 1.4))
    points = _thinned(run.samples)
    times = [run.start_s + sample.at_s for sample in points]
    _draw_power(axes[0], times, points)
    _draw_offer(axes[1], times, points)
    _draw_bands(axes[2], run)
    for axis in axes[:2]:
        axis.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=6)
    _mark_wakes(axes, run)
    span_s = len(run.samples)
    axes[2].xaxis.set_major_locator(MultipleLocator(300 if span_s <= 4000 else 3600))
    axes[2].xaxis.set_major_formatter(FuncFormatter(lambda at_s, _: clock(int(at_s))[:-3]))
    axes[2].set_xlabel("time of day")
    return figure


def run_png(run: Run) -> bytes:
    """The picture of `run` as PNG, with its title."""
    figure = draw(run)
    figure.suptitle(f"{run.title}\n{run.subtitle}", x=0.01, ha="left", fontsize=11)
    return png(figure)


def _thinned(samples: Sequence[Sample]) -> list[Sample]:
    """At most about MOST_POINTS samples, without those that change nothing in a step line; the last one stays."""
    few = samples[:: -(-len(samples) // MOST_POINTS)]
    new = [b for a, b in pairwise(few) if (a.surplus_w, a.car_w, a.offer_ma) != (b.surplus_w, b.car_w, b.offer_ma)]
    return [few[0], *new, samples[-1]]


def draw_shares(axis: Axes, times: Sequence[float], surplus: Sequence[float], car: Sequence[float]) -> None:
    """Areas of the sun that was not used, the sun and the grid that went into the car; units are the caller's."""
    sun = [max(value, 0) for value in surplus]
    used = [min(a, b) for a, b in zip(car, sun, strict=True)]
    for low, high, colour, label in (
        (used, sun, "#fbdf85", "sun not used"),
        ([0.0] * len(used), used, "#bfd4fb", "sun into the car"),
        (used, car, "#ef7f7f", "grid into the car"),
    ):
        axis.fill_between(times, low, high, step="post", color=colour, lw=0, label=label)


def _draw_power(axis: Axes, times: list[int], points: Sequence[Sample]) -> None:
    surplus = [sample.surplus_w / 1000 for sample in points]
    car = [sample.car_w / 1000 for sample in points]
    draw_shares(axis, times, surplus, car)
    axis.step(times, surplus, where="post", color=SUN, lw=1.3, label="surplus: solar − house")
    axis.step(times, car, where="post", color=CAR, lw=1.5, label="car")
    axis.axhline(MIN_W / 1000, color=GREY, lw=0.8, ls="--", label="least charge: 6 A, 1.38 kW")
    axis.axhline(0, color=GREY, lw=0.6)
    axis.set_ylabel("power [kW]")


def _draw_offer(axis: Axes, times: list[int], points: Sequence[Sample]) -> None:
    axis.step(times, [s.offer_ma / 1000 for s in points], where="post", color=OFFER, lw=1.5, label="offer on the pilot")
    axis.step(times, [s.car_w / 230 for s in points], where="post", color=CAR, lw=1.2, label="car draws")
    axis.axhline(6, color=GREY, lw=0.8, ls="--", label="least offer: 6 A")
    axis.set(ylabel="current [A]", ylim=(0, max(10, axis.get_ylim()[1])))


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
    axis.grid(False)
    seen = {sample.state for sample in run.samples}
    patches = [Patch(color=colour, label=label) for state, (colour, label) in STATE_COLOURS.items() if state in seen]
    axis.legend(handles=patches, loc="upper center", bbox_to_anchor=(0.5, -0.42), ncols=8)


def _spans(run: Run, key: Callable[[Sample], str]) -> list[tuple[int, int, str]]:
    """Stretches of equal `key` as (clock time, seconds, value)."""
    spans = []
    for value, group in groupby(run.samples, key):
        members = list(group)
        spans.append((run.start_s + members[0].at_s, len(members), value))
    return spans


def _mark_wakes(axes: Sequence[Axes], run: Run) -> None:
    """A dotted line through all panels for every wake attempt; numbered in the first."""
    for number, wake_s in enumerate(wake_times_s(run.samples), start=1):
        at_s = run.start_s + wake_s
        for axis in axes:
            axis.axvline(at_s, color=WAKE, lw=1.2, ls=":")
        axes[0].text(at_s, 0.95, f" wake {number}", transform=axes[0].get_xaxis_transform(), fontsize=8, color=WAKE)
