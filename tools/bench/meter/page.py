"""The page of the meter's bench: each reading's error over its apparent power, one field a reference.

Knows points and limits; does not know how they were measured.
"""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from rouse.report.page import Section, render
from rouse.report.plot import BAD, CAR, WIDTH_INCHES, svg

LINE_VA = [100 * 1.05**step for step in range(106)]
Points = dict[str, list[tuple[float, float]]]  # by reference: apparent power in VA, error in W
Limits = Mapping[str, tuple[int, int, int]]  # permille of VA or W, the larger; permille at a low power factor


def picture(points: Points, limits: Limits) -> Figure:
    """Every reading, between the limits that hold from power factor 0.8 on."""
    figure = Figure(figsize=(WIDTH_INCHES, 8), layout="constrained")
    for field, (name, pairs) in zip(figure.subplots(2, 2, sharex=True).flat, points.items(), strict=False):
        permille, watts, _ = limits[name]
        most_w = [max(va * permille / 1000, watts) for va in LINE_VA]
        va, error_w = zip(*pairs, strict=True)
        field.plot(va, error_w, ".", markersize=2, color=CAR, alpha=0.4, rasterized=True)  # thousands of points
        for sign in (1, -1):
            field.plot(LINE_VA, [sign * watt for watt in most_w], color=BAD, lw=1)
        field.set_xscale("log")
        field.set_yscale("symlog", linthresh=50)
        field.xaxis.set_major_formatter("{x:g}")
        field.yaxis.set_major_formatter("{x:g}")
        field.set(title=name, xlabel="apparent power, VA", ylabel="error of a 1 s reading, W")
    return figure


def page(figure: Figure, lines: Sequence[str]) -> str:
    """One HTML document about `figure`; `lines` of the summary stand below."""
    words = "Each reading of a second, on every random charger and case, between the limits of its reference."
    return render("How true the meter is", [words], [Section(picture=svg(figure), plain="\n".join(lines))])
