"""The page of the meter's bench: errors over apparent power, every pace of the chip, and switched loads.

Knows outcomes and limits; does not know how they were measured.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from matplotlib.figure import Figure

from rouse.bench.meter import switched
from rouse.bench.meter.outcome import LIMITS, Outcome, is_within
from rouse.bench.meter.switched import MOST_CYCLES, Played, Summary
from rouse.report.page import Cell, Cells, Section, numbers, render
from rouse.report.plot import BAD, CAR, WIDTH_INCHES, svg

LINE_VA = [100 * 1.05**step for step in range(106)]
MAP_SPANS_S = (1, 4, 12)
MAP_TOP = 0.5  # of the mean: darkest from here on
Points = dict[tuple[str, str], list[tuple[float, float]]]  # by pace and reference: apparent power in VA, error in W
HEADS = ("pace", "steps", "reference", "p95 / limit", "noise W", "bias of VA", "wrong signs", "worst case")
SWITCHED_HEADS = ("rounds", "car", "Hz", "over s", "worst", "up to 8 cycles", "90 of 100", "median", "worst pattern")


def errors(points: Points) -> Figure:
    """Every reading at every pace, between the limits that hold from power factor 0.8 on."""
    figure = Figure(figsize=(WIDTH_INCHES, 8), layout="constrained")
    fields = dict(zip(LIMITS, figure.subplots(2, 2, sharex=True).flat, strict=True))
    for (_, name), pairs in points.items():
        va, error_w = zip(*pairs, strict=True)
        fields[name].plot(va, error_w, ".", markersize=2, color=CAR, alpha=0.3, rasterized=True)  # thousands of points
    for name, field in fields.items():
        permille, watts, _ = LIMITS[name]
        most_w = [max(va * permille / 1000, watts) for va in LINE_VA]
        for sign in (1, -1):
            field.plot(LINE_VA, [sign * watt for watt in most_w], color=BAD, lw=1)
        field.set_xscale("log")
        field.set_yscale("symlog", linthresh=50)
        field.xaxis.set_major_formatter("{x:g}")
        field.yaxis.set_major_formatter("{x:g}")
        field.set(title=name, xlabel="apparent power, VA", ylabel="error of a 1 s reading, W")
    return figure


def paces(outcomes: Sequence[Outcome]) -> Figure:
    """Error, noise and bias of each reference over the steps of a burst."""
    figure = Figure(figsize=(WIDTH_INCHES, 3.5), layout="constrained")
    fields = figure.subplots(1, 3)
    shown = {
        "p95 of the error, of its limit": "share_p95",
        "noise of a 1 s reading, W": "noise_w",
        "bias, permille of VA": "bias_permille",
    }
    for field, (label, key) in zip(fields, shown.items(), strict=True):
        for name in LIMITS:
            mine = [each for each in outcomes if each.reference == name]
            field.plot([each.steps for each in mine], [getattr(each, key) for each in mine], ".-", label=name)
        field.set(xlabel="steps of a burst", ylabel=label, xmargin=0.05)
    fields[0].axhline(1, color=BAD, lw=1)
    fields[0].legend()
    return figure


def patterns() -> Figure:
    """Every switched load at its worst phase: rounds of 12 above, the firmware's below."""
    figure = Figure(figsize=(WIDTH_INCHES, 8), layout="constrained")
    fields = figure.subplots(2, len(MAP_SPANS_S), sharex=True, sharey=True)
    for line, (words, slots) in zip(
        fields, (("rounds of 12 ticks", switched.ROUNDS_OF_12), ("as it is", switched.present())), strict=True
    ):
        for field, span_s in zip(line, MAP_SPANS_S, strict=True):
            worst = switched.errors(switched.schedule(slots, False), span_s)
            picture = field.imshow(
                worst.T, origin="lower", cmap="Reds", vmin=0, vmax=MAP_TOP, extent=(0.5, MOST_CYCLES + 0.5) * 2
            )
            field.set(title=f"{words}, {span_s} s", xlabel="cycles on", ylabel="cycles off")
            field.grid(False)
    figure.colorbar(picture, ax=fields, label="a reading off by, of the load's mean", extend="max")
    return figure


def page(
    pictures: Sequence[Figure], outcomes: Sequence[Outcome], summaries: Sequence[Summary], played: Sequence[Played]
) -> str:
    """One HTML document about them."""
    words = "Each reading of a second, on every random charger and case, at every pace of the chip, between its limits."
    about = (
        f"{switched.SWITCHED_W:,} W over {switched.BASE_W} W, switched by whole mains cycles: every pattern of 1 to "
        f"{MOST_CYCLES} cycles on and off at its worst phase, against what flowed meanwhile."
    )
    first, second, third = (svg(figure) for figure in pictures)
    sections = [
        Section(picture=first),
        Section("Every pace", picture=second, columns=HEADS, rows=[_outcome(each) for each in outcomes]),
        Section("Loads that switch", [about], third, SWITCHED_HEADS, [_summary(each) for each in summaries]),
        Section("Through the firmware's meter", plain="\n".join(_played(played))),
    ]
    return render("How true the meter is", [words], sections)


def _outcome(each: Outcome) -> Cells:
    figures = numbers((each.share_p95, each.noise_w), (2, 1))
    return [
        each.pace,
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
    on, off = each.worst_pattern
    return [
        "as they are" if each.is_now else "of 12",
        "charging" if each.is_charging else "",
        Cell(f"{each.hz:g}", "number"),
        Cell(str(each.span_s), "number"),
        *cells,
        f"{on} on, {off} off",
    ]


def lines(outcomes: Sequence[Outcome], summaries: Sequence[Summary], played: Sequence[Played]) -> Iterator[str]:
    """The tables for a terminal."""
    yield f"{'pace':8} {'steps':>5}  {'reference':12} p95/limit  noise W    bias  wrong signs"
    for each in outcomes:
        remark = "" if each.is_good else "  FAIL"
        yield (
            f"{each.pace:8} {each.steps:5}  {each.reference:12} {each.share_p95:9.2f} {each.noise_w:8.1f} "
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
    yield from _played(played)


def _played(played: Sequence[Played]) -> Iterator[str]:
    for each in played:
        yield (
            f"  {each.on:2} on, {each.off:2} off: {each.true_w:5.0f} W, through the meter off by "
            f"{each.off_1s:.0%} in 1 s, {each.off_4s:.1%} in 4 s"
        )
