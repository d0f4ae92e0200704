"""The report of `make verdict`, as a page and as plain text.

Knows how a charger's report is built, whatever its version: names, causes, parties and clauses are told by the
report itself. Knows nothing of serial ports.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile, zip_longest
from typing import Any, NamedTuple

from matplotlib.figure import Figure

from rouse.report.page import Cell, Section, render
from rouse.report.plot import GREY, WIDTH_INCHES, svg

TITLE = "Why the car did not charge: the charger's evidence"
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)  # the charger's; its clock shows the time on the wall
DAYS = ("today", "the day before")  # the first rows; the others are a ring of sessions
CHARGED = "charged"  # in words, the cause that stands for energy
NOT_LOST = ("nobody", "sun")  # parties whose time nobody is asked about
COLOURS = {
    CHARGED: "#34d399", "sun": "#e5e7eb", "house": "#a78bfa", "setting": "#93c5fd", "charger": "#f59e0b",
    "cable": "#a8a29e", "car": "#ef4444",
}  # fmt: skip


class Cause(NamedTuple):
    """Whose a second without energy is, why, and what the standard allows in that case."""

    party: str
    words: str
    allowed: str


@dataclass(frozen=True)
class Span:
    """A day or a session: its energy, and the seconds of each cause that had any."""

    title: str
    wh: int
    spent: Sequence[tuple[Cause, int]]

    def by_party(self) -> dict[str, int]:
        """Seconds charged, of the sun's, and lost to each party; parties without any left out."""
        sums: dict[str, int] = {}
        for cause, spent_s in self.spent:
            party = CHARGED if cause.words == CHARGED else cause.party
            if party != "nobody":
                sums[party] = sums.get(party, 0) + spent_s
        return sums

    def parties(self) -> str:
        """The same in words."""
        return ", ".join(f"{party} {length(spent_s)}" for party, spent_s in self.by_party().items())

    def reasons(self) -> list[str]:
        """What was lost, the weightiest first."""
        lost = sorted(self.spent, key=lambda each: -each[1])
        return [f"{c.party}: {c.words}, {length(spent_s)}" for c, spent_s in lost if c.party not in NOT_LOST]


@dataclass(frozen=True)
class Found:
    """What was fetched: figures, the charger's own sentences, every line of its journal, and when (Unix seconds)."""

    figures: dict[str, Any]
    said: list[str]
    journal: list[str]
    at_s: int

    @staticmethod
    def of(report: Sequence[str], said: list[str], at_s: int) -> "Found":
        """Read a report: lines of JSON, then the journal. Raises LookupError, TypeError or ValueError for bad ones."""
        lines = list(takewhile(lambda line: line.startswith("{"), report))
        figures: dict[str, Any] = {}
        for line in lines:
            figures |= json.loads(line)
        found = Found(figures, said, list(report[len(lines) :]), at_s)
        if CHARGED not in [cause.words for cause in found.causes]:
            raise KeyError(CHARGED)
        as_text(found)  # looks at all there is
        return found

    @property
    def causes(self) -> list[Cause]:
        """Every cause that the charger knows."""
        pairs = zip(self.figures["causes"], self.figures["allowed"], strict=True)
        return [Cause(party, words, allowed) for (party, words), allowed in pairs]

    def spans(self) -> Iterator[Span]:
        """Today, the day before and the sessions, newest first; empty ones left out."""
        names: list[str] = self.figures["row_names"]
        rows: list[list[int]] = self.figures["rows"]
        days, ring = rows[: len(DAYS)], rows[len(DAYS) :]
        begun: int = self.figures["sessions"]
        sessions = [ring[(begun - 1 - age) % len(ring)] for age in range(min(begun, len(ring)))]
        for title, row in zip_longest(DAYS, days + sessions):
            told = dict(zip(names, row, strict=False))
            spent = zip(self.causes, row[len(names) :], strict=True)
            if told["length_s"]:
                plugged = "plugged in " + self.when(told["began_s"], told["base_s"])
                yield Span(title or plugged, told["wh"], [pair for pair in spent if pair[1]])

    def cases(self) -> Iterator[dict[str, str]]:
        """Each case as what, who, offered, pilot, pulses, outcome and allowed, in words."""
        for cells in self.figures["cases"]:
            case: dict[str, int] = dict(zip(self.figures["case_names"], cells, strict=True))
            cause, offer_ma = self.causes[case["cause"]], case["offer_ma"]
            yield {
                "from": self.when(case["at_s"], case["base_s"]),
                "for": length(case["lost_s"]),
                "who": f"{cause.party}: {cause.words}",
                "offered": f"{offer_ma / 1000:.1f} A, duty {_duty_percent(offer_ma):.2f} %" if offer_ma else "none",
                "pilot": f"{case['high_mv'] / 1000:.2f} V / {case['low_mv'] / 1000:.2f} V",
                "what happened": self._story(case),
                "what the standard allows": cause.allowed,
            }

    def _story(self, case: Mapping[str, int]) -> str:
        parts = []
        if case["pulses"]:
            kind = "-12 V" if case["pulse_ms"] < 0 else "open pilot"
            parts.append(f"{case['pulses']} wake pulse(s), the last {abs(case['pulse_ms']) / 1000:.0f} s of {kind}")
        if case["answer_ms"]:
            parts.append(f"S2 closed {case['answer_ms'] / 1000:.1f} s after the offer")
        if case["ended_by"] < 0:
            parts.append("still so when last recorded")
        else:
            after = self.causes[case["ended_by"]].words
            parts.append("the pulse woke it" if after == CHARGED and case["pulses"] else "then: " + after)
        return "; ".join(parts)

    def when(self, at_s: int, base_s: int) -> str:
        """A time of the charger's as date and time of day, or what is known of it."""
        if base_s < 0:
            return "before a power cut"
        base_s = base_s or self.figures["base_s"]
        return f"{EPOCH + timedelta(seconds=base_s + at_s):%Y-%m-%d %H:%M:%S}" if base_s else f"{at_s} s after boot"

    def gaps(self) -> list[str]:
        """What nobody recorded, in sentences."""
        figures = self.figures
        said = [figures["gap"]] if figures["gap"] else []
        if figures["events_dropped"]:
            said.append(f"{figures['events_dropped']} events were lost before they could be saved")
        if figures["cases_dropped"]:
            said.append(f"{figures['cases_dropped']} earlier cases were forgotten: the charger keeps the last few")
        said += [line for line in self.journal if "no record" in line or "events lost" in line]
        return said or ["none"]

    def heading(self) -> list[str]:
        """What the report is about."""
        told = self.figures
        at = datetime.fromtimestamp(self.at_s, tz=UTC).astimezone()
        settings = ", ".join(f"{name} {value}" for name, value in told["settings"].items())
        return [
            f"Charger: Rouse {told['version']} on board {told['board']}, running for {length(told['uptime_s'])}",
            f"Fetched: {at:%Y-%m-%d %H:%M:%S}; the charger's clock was set then, and its earlier times follow from it",
            f"Settings: {settings}",
        ]


def length(seconds: int) -> str:
    """A length of time for a person."""
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min {seconds % 60} s"


def _duty_percent(offer_ma: int) -> float:
    """Tables A.7 and A.8."""
    return offer_ma / 600 if offer_ma <= 51_000 else offer_ma / 2500 + 64


def as_text(found: Found) -> str:
    """The report as plain text."""
    lines = [TITLE, *found.heading(), "", "IN SHORT", *found.said, "", "TIME BY PARTY"]
    for span in found.spans():
        lines.append(f"{span.title}: {span.parties() or 'nothing'}; {span.wh} Wh")
        lines += [f"    {reason}" for reason in span.reasons()]
    lines += ["", "CASES"]
    for case in found.cases():
        lines += [f"{key}: {value}" for key, value in case.items()] + [""]
    lines += ["NO RECORD", *found.gaps(), "", "JOURNAL", *found.journal]
    return "\n".join(lines) + "\n"


def as_html(found: Found) -> str:
    """The report as one page that loads nothing from anywhere."""
    spans, cases = list(found.spans()), list(found.cases())
    times = [(span.title, Cell(str(span.wh), "number"), span.parties(), "; ".join(span.reasons())) for span in spans]
    stories = [list(case.values()) for case in cases]
    sections = [
        Section("In short", found.said),
        Section("Time by party", picture=_bars(spans), columns=("", "Wh", "by party", "lost to"), rows=times),
        Section("Cases", () if cases else ("none",), columns=list(cases[0]) if cases else (), rows=stories),
        Section("No record", found.gaps()),
        Section("Journal", plain="\n".join(found.journal)),
    ]
    return render(TITLE, found.heading(), sections)


def _bars(spans: Sequence[Span]) -> str:
    """A bar for each span, in shares of the parties; no picture without any."""
    if not spans:
        return ""
    figure = Figure(figsize=(WIDTH_INCHES, 0.8 + 0.4 * len(spans)), layout="constrained")
    axis = figure.subplots()
    sums, places = [span.by_party() for span in spans], range(len(spans))
    left = [0.0] * len(spans)
    for party in dict.fromkeys([*COLOURS, *(party for each in sums for party in each)]):
        shares = [100 * each.get(party, 0) / (sum(each.values()) or 1) for each in sums]
        axis.barh(places, shares, left=left, height=0.7, color=COLOURS.get(party, GREY), label=party)
        left = [a + b for a, b in zip(left, shares, strict=True)]
    axis.set_yticks(places, [f"{span.title}, {span.wh} Wh" for span in spans])
    axis.invert_yaxis()
    axis.grid(False)
    axis.set_xlabel("share of the time, %")
    figure.legend(loc="outside upper right", ncols=len(COLOURS))
    return svg(figure)
