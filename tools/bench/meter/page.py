"""The page of the meter's bench: errors over apparent power, every chip, and switched loads.

Knows outcomes and limits; does not know how they were measured.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from rouse.bench.meter import switched
from rouse.bench.meter.outcome import LIMITS, Outcome, is_within
from rouse.bench.meter.switched import MOST_CYCLES, Played, Summary
from rouse.report.page import Cell, Cells, Section, numbers, render
from rouse.report.plot import BAD, CAR, WIDTH_INCHES, svg

MAP_SPANS_S = (1, 4, 12)
MAP_TOP = 0.5  # of the mean: darkest from here on
Points = dict[tuple[str, str], list[tuple[float, float]]]  # by chip and reference: VA, and the error by its limit
HEADS = ("chip", "steps", "reference", "p95 / limit", "noise W", "bias of VA", "wrong signs", "worst case")
PLAYED_HEADS = ("pattern", "car", "mean W", "in 1 s", "in 4 s")
SWITCHED_HEADS = ("rounds", "car", "Hz", "over s", "worst", "up to 8 cycles", "90 of 100", "median", "worst pattern")


def errors(points: Points) -> Figure:
    """Every reading on every chip, by its limit."""
    figure = Figure(figsize=(WIDTH_INCHES, 6), layout="constrained")
    fields = dict(zip(LIMITS, figure.subplots(2, 2, sharex=True, sharey=True).flat, strict=True))
    for (_, name), pairs in points.items():
        va, shares = zip(*pairs, strict=True)
        fields[name].plot(va, shares, ".", markersize=2, color=CAR, alpha=0.3, rasterized=True)  # thousands of points
    for name, field in fields.items():
        for limit in (-1, 1):
            field.axhline(limit, color=BAD, lw=1)
        field.set(title=name, xlabel="apparent power, VA", ylabel="error of a 1 s reading, by its limit")
        field.set(xscale="log", xmargin=0.02)
        field.xaxis.set_major_formatter("{x:,g}")
        field.label_outer()
    return figure


def chips(outcomes: Sequence[Outcome]) -> Figure:
    """Error, noise and bias of each reference over the steps of a burst."""
    figure = Figure(figsize=(WIDTH_INCHES, 3.5), layout="constrained")
    fields = figure.subplots(1, 3)
    shown = {
        "95 of 100 readings, by their limit": "share_p95",
        "noise of a 1 s reading, W": "noise_w",
        "bias, permille of VA": "bias_permille",
    }
    for field, (label, key) in zip(fields, shown.items(), strict=True):
        for name in LIMITS:
            mine = [each for each in outcomes if each.reference == name]
            field.plot([each.steps for each in mine], [getattr(each, key) for each in mine], ".-", label=name)
        field.set(xlabel="steps of a burst", title=label, xmargin=0.05)
    fields[0].axhline(1, color=BAD, lw=1)
    fields[0].set_ylim(0, 1.1)
    fields[1].set_ylim(bottom=0)
    fields[1].legend()
    return figure


def patterns() -> Figure:
    """Every switched load at its worst phase, without a charge: rounds of 12 above, the firmware's below."""
    figure = Figure(figsize=(WIDTH_INCHES, 8), layout="constrained")
    fields = figure.subplots(2, len(MAP_SPANS_S), sharex=True, sharey=True)
    for line, (words, slots) in zip(
        fields, (("rounds of 12 ticks", switched.ROUNDS_OF_12), ("as they are", switched.present())), strict=True
    ):
        for field, span_s in zip(line, MAP_SPANS_S, strict=True):
            worst = switched.errors(switched.schedule(slots, False), span_s)
            picture = field.imshow(
                worst.T, origin="lower", cmap="Reds", vmin=0, vmax=MAP_TOP, extent=(0.5, MOST_CYCLES + 0.5) * 2
            )
            field.set(title=f"{words}, {span_s} s", xlabel="cycles on", ylabel="cycles off")
            field.grid(False)
    label = "a reading at the worst phase is off by, of the load's mean"
    figure.colorbar(picture, ax=fields, label=label, extend="max", format=PercentFormatter(1), aspect=40)
    return figure


def page(
    pictures: Sequence[Figure], outcomes: Sequence[Outcome], summaries: Sequence[Summary], played: Sequence[Played]
) -> str:
    """One HTML document about them."""
    words = "Each reading of a second, on every random charger, case and chip, by its limit; 95 of 100 must be within."
    about = (
        f"{switched.SWITCHED_W:,} W over {switched.BASE_W} W, switched by whole mains cycles: every pattern of 1 to "
        f"{MOST_CYCLES} cycles on and off at its worst phase, against what flowed meanwhile. "
        "The picture is without a charge; beside one the car has its share of the bursts."
    )
    through = "Some of them through the firmware's own meter: off by, of the mean, at the worst phase."
    first, second, third = (svg(figure) for figure in pictures)
    sections = [
        Section(picture=first),
        Section("Every chip", picture=second, columns=HEADS, rows=[_outcome(each) for each in outcomes]),
        Section("Loads that switch", [about], third, SWITCHED_HEADS, [_summary(each) for each in summaries]),
        Section("", [through], columns=PLAYED_HEADS, rows=[_played(each) for each in played]),
    ]
    return render("How true the meter is", [words], sections)


def _outcome(each: Outcome) -> Cells:
    figures = numbers((each.share_p95, each.noise_w), (2, 1))
    return [
        each.chip,
        Cell(str(each.steps), "number"),
        each.reference,
        figures[0] if each.is_good else Cell(figures[0].text, "bad"),
        figures[1],
        Cell(f"{each.bias_permille / 10:+.2f} %", "number"),
        Cell(str(each.wrong_signs), "number" if each.wrong_signs == 0 else "bad"),
        Cell(each.worst_case, "small"),
    ]


def _summary(each: Summary) -> Cells:
    shares = [each.worst, each.ordinary, each.p90, each.median]
    cells = [Cell(f"{share:.1%}", "number") for share in shares]
    if not is_within(each):
        cells[0] = Cell(cells[0].text, "bad")
    return [
        "as they are" if each.is_now else "of 12",
        "charging" if each.is_charging else "",
        Cell(f"{each.hz:g}", "number"),
        Cell(str(each.span_s), "number"),
        *cells,
        _pattern(*each.worst_pattern),
    ]


def lines(outcomes: Sequence[Outcome], summaries: Sequence[Summary], played: Sequence[Played]) -> Iterator[str]:
    """The tables for a terminal."""
    yield f"{'chip':8} {'steps':>5}  {'reference':12} p95/limit  noise W    bias  wrong signs"
    for each in outcomes:
        remark = "" if each.is_good else "  FAIL"
        yield (
            f"{each.chip:8} {each.steps:5}  {each.reference:12} {each.share_p95:9.2f} {each.noise_w:8.1f} "
            f"{each.bias_permille / 10:+6.2f}% {each.wrong_signs:5} of {each.readings}{remark}; worst {each.worst_case}"
        )
    yield "switched by whole cycles at 50 Hz, every pattern at its worst phase: off by, of the mean"
    shown = [each for each in summaries if each.hz == 50]
    for (is_charging, is_now), some in groupby(shown, lambda each: (each.is_charging, each.is_now)):
        rounds = f"{'as they are' if is_now else 'rounds of 12'}{', charging' if is_charging else ''}"
        spans = [
            f"{each.worst:.0%} ({each.p90:.0%}) in {each.span_s} s{'' if is_within(each) else ' FAIL'}" for each in some
        ]
        yield f"  {rounds:22} worst (90 of 100): {', '.join(spans)}"
    yield "some of them through the firmware's own meter: off by, of the mean"
    for one in played:
        yield "  {:14} {:8} {:>5} W: {:>4} in 1 s, {:>5} in 4 s".format(*_played(one))


def _played(each: Played) -> list[str]:
    figures = [f"{each.true_w:.0f}", f"{each.off_1s:.0%}", f"{each.off_4s:.1%}"]
    return [_pattern(each.on, each.off), "charging" if each.is_charging else "", *figures]


def _pattern(on: int, off: int) -> str:
    return f"{on} on, {off} off"
