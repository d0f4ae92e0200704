"""The solar bench's page: sun against import for every controller and car, and every day as each controller used it.

Knows rows and curves; nothing of how they come about.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from rouse.bench.solar.contest import BOUND, OURS, Row, sums
from rouse.bench.solar.loop import Run
from rouse.bench.solar.match import Match
from rouse.report.page import Cells, Section, numbers, render
from rouse.report.plot import WIDTH_INCHES, draw_shares, svg

MEAN_S = 60
PANELS_ACROSS = 3
LABEL_WIDTH, LABEL_GAP = 0.16, 0.055  # of the picture, so that no name covers another
WORDS = (
    "Sun taken against import, sums over the days below; the larger the circle, the more starts. Up and left is "
    "better. Hollow: a baseline that is not known to agree with the peer's own code."
)
REMARKS = {
    True: "within 3 % of the measured peer",
    False: "not the measured peer",
    None: "not checked against a measurement",
}
SUMS = ("controller", "sun kWh", "import kWh", "starts", "offer changes", "grid rms W", "")
MATCHES = (
    *("peer", "sun kWh", "import kWh", "starts", "rms W", "rouse: sun", "import", "starts", "rms W"),
    *("start_wh", "import_percent", "gain %"),
)


@dataclass(frozen=True)
class Curve:
    """A day's surplus and one controller's power, means of a minute, in W."""

    day: str
    name: str
    surplus_w: list[int]
    ev_w: list[int]

    @staticmethod
    def of(row: Row, record: Run) -> "Curve":
        """The curve of a run."""
        return Curve(row.day, f"{row.controller}, {row.mode}", _means(record.surplus_w), _means(record.ev_w))


def _means(values: Sequence[int]) -> list[int]:
    return [sum(values[at : at + MEAN_S]) // len(values[at : at + MEAN_S]) for at in range(0, len(values), MEAN_S)]


def page(
    rows: Sequence[Row], curves: Sequence[Curve], matches: Sequence[Match], remarks: Mapping[str, bool | None]
) -> str:
    """One HTML document."""
    words = {name: REMARKS[is_true] for name, is_true in remarks.items()} | {OURS: "", BOUND: "knows the future"}
    sections = [Section(paragraphs=[WORDS])]
    for car in dict.fromkeys(row.car for row in rows):
        found = sums(rows, car)
        cells: list[Cells] = [_sum(row, words[row.controller]) for row in found]
        drawn = svg(_scatter(found, {name for name in words if words[name] not in (REMARKS[False], REMARKS[None])}))
        sections.append(Section(f"Sums, {car} car", picture=drawn, columns=SUMS, rows=cells))
    cells = [_match(each) for each in matches]
    sections.append(Section("At each peer's import and starts, on fast days", columns=MATCHES, rows=cells))
    for day in dict.fromkeys(curve.day for curve in curves):
        drawn = svg(_day([curve for curve in curves if curve.day == day]))
        sections.append(Section(day, [f"The {rows[0].car} car, means of a minute."], drawn))
    return render("Following the sun", [], sections)


def _sum(row: Row, remark: str) -> Cells:
    figures = (row.solar_kwh, row.import_kwh, row.starts, row.offer_changes, row.grid_rms_w)
    return (f"{row.controller}, {row.mode}", *numbers(figures, (2, 2, 0, 0, 0)), remark)


def _match(each: Match) -> Cells:
    """The peer's figures, then Rouse's, in the order of Match."""
    figures = [value for value in each.values() if isinstance(value, int | float)]
    if each["start_wh"] is None:
        return (each["peer"], *numbers(figures[:4], (2, 2, 0, 0)), "none", *[""] * 6)
    return (each["peer"], *numbers(figures, (2, 2, 0, 0, 2, 2, 0, 0, 0, 0, 1)))


def _scatter(found: Sequence[Row], known: Container[str]) -> Figure:
    figure = Figure(figsize=(WIDTH_INCHES, 4.8), layout="constrained")
    axis = figure.subplots()
    most = 1.15 * max(each.import_kwh for each in found)
    least, best = min(each.solar_kwh for each in found), max(each.solar_kwh for each in found)
    gap = LABEL_GAP * (best - least)
    labels: list[tuple[float, float]] = []
    for number, each in sorted(enumerate(found), key=lambda pair: pair[1].solar_kwh):
        colour, right, size = f"C{number}", each.import_kwh, 6 + 1.5 * each.starts**0.5
        face = (colour, 0.5) if each.controller in known else "none"
        axis.plot(right, each.solar_kwh, "o", ms=size, mec=colour, mfc=face)
        up = max([each.solar_kwh, *(y + gap for x, y in labels if abs(x - right) < LABEL_WIDTH * most)])
        name, aside = f"{each.controller}, {each.mode}", (size / 2 + 3, 0)
        axis.annotate(name, (right, up), aside, textcoords="offset points", va="center", color=colour)
        labels.append((right, up))
    axis.set(xlabel="import, kWh", ylabel="sun, kWh", xlim=(0, most), ylim=(least - 2 * gap, best + 2 * gap))
    return figure


def _day(curves: Sequence[Curve]) -> Figure:
    """A panel for each controller, all in one scale."""
    down = -(-len(curves) // PANELS_ACROSS)
    figure = Figure(figsize=(WIDTH_INCHES, 1.6 * down), layout="constrained")
    axes = figure.subplots(down, PANELS_ACROSS, sharex=True, sharey=True, squeeze=False)
    for axis, curve in zip(axes.flat, curves, strict=False):
        hours = [at * MEAN_S / 3600 for at in range(len(curve.surplus_w))]
        draw_shares(axis, hours, [watts / 1000 for watts in curve.surplus_w], [watts / 1000 for watts in curve.ev_w])
        for area in axis.collections:
            area.set_rasterized(True)  # 140 panels of a page would be as many megabytes of outlines
        axis.set_title(curve.name)
        axis.xaxis.set_major_locator(MultipleLocator(2))
    for axis in axes.flat[len(curves) :]:
        axis.set_visible(False)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper right", ncols=3)
    figure.supylabel("power, kW")
    figure.supxlabel("hours from the file's first second")
    return figure
