"""The report of `make verdict`, as a page and as plain text.

Knows the figures of firmware/evse/app/verdict.py and what the standard allows; nothing of serial ports.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)  # the charger's; its clock shows the time on the wall
BEGAN_S, BASE_S, LENGTH_S, SUNNY_S, WH, SPENT_S = range(6)
AT_S, CAUSE, LOST_S, OFFER_MA, HIGH_MV, LOW_MV, PULSES, PULSE_MS, ANSWER_MS, DETAIL, ENDED_BY, CASE_BASE_S = range(12)
FIRST_SESSION = 2
CHARGED, NO_CAR, NO_SUN = range(3)
COLOURS = {
    "charged": "#34d399", "sun": "#e5e7eb", "house": "#a78bfa", "setting": "#93c5fd", "charger": "#f59e0b",
    "cable": "#a8a29e", "car": "#ef4444",
}  # fmt: skip
OWN = "No clause: the charger's own rule."
# By cause, in the order of core/blame.py; A.x: annex A of IEC 61851-1, its text second-hand (docs/safety.md, Sources).
ALLOWED = (
    "", "", "",
    "No clause: the house's main fuse comes first.",
    "No clause: a person's word.", "No clause: a person's word.", "No clause: a person's word.",
    "No clause: a person's word.", "No clause: a person's word.",
    "A fault opens at once and shows -12 V for at least 300 ms (table A.5); residual current: clause 8.5, IEC 62955.",
    "No clause: the charger lowers to 6 A at 3 s without a reading and withdraws at 15 s (docs/safety.md, S11).",
    "No clause: half current at 65 C, none at 70 C (docs/safety.md, Figures).",
    "The monitor is tested before each session (docs/safety.md, S26); it may take 3.5 s.",
    OWN,
    "No clause: some cars refuse after 5 to 10 interruptions, so they are not given more (docs/safety.md, S24).",
    "A.5.3: one simulated replug of 4 s for a car that does not answer; 500 to 1000 ms of +12 V after it (EV READY).",
    "3 s of steady +12 V before an offer comes back; S2 to contactor within 3 s (table A.6, sequence 4).",
    "The charger's own program must not stand still.",
    "Annex B: 80 to 2460 ohm in the plug; without it the charger must not offer.",
    "Table A.6, sequence 12: a shorted pilot is off within 3 s.",
    "Under an offer (state B2, tables A.7 and A.8) nothing keeps a car from closing S2. Our sources name no limit for "
    "it; Phoenix, EVerest, SmartEVSE and evcc call it asleep after 30 s.",
    "A car may open S2 at any time (table A.6, sequence 7); the charger opens within 100 ms (sequence 8.1).",
    "A charger must not close without the car's diode (table A.4), nor for state D without ventilation (table A.2). "
    "A car that does not answer to an offer or a pulse: as asleep.",
    "Our sources name no limit from the offer to S2. The current follows an offer within 5 s (table A.6, sequence 6).",
    "As slow: 5 s to follow an offer (table A.6, sequence 6).",
    "A car opens S2 within 3 s of steady +12 V (table A.6, sequences 9.1 and 10.1); at 6 s it is cut (10.2).",
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What was fetched: figures, the charger's own sentences, every line of its journal, and when (Unix seconds)."""

    figures: dict[str, Any]
    said: list[str]
    journal: list[str]
    at_s: int


def when(at_s: int, base_s: int, now_base_s: int) -> str:
    """A time of the charger's as date and time of day, or what is known of it."""
    if base_s < 0:
        return "before a power cut"
    base_s = base_s or now_base_s
    return f"{EPOCH + timedelta(seconds=base_s + at_s):%Y-%m-%d %H:%M:%S}" if base_s else f"{at_s} s after boot"


def span(seconds: int) -> str:
    """A length of time for a person."""
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min {seconds % 60} s"


def rows(figures: dict[str, Any]) -> Iterator[tuple[str, list[int]]]:
    """Title and figures of today, the day before and the sessions, newest first; empty ones left out."""
    cells: list[list[int]] = figures["rows"]
    ring = len(cells) - FIRST_SESSION
    ages = range(min(figures["sessions"], ring))
    sessions = [cells[FIRST_SESSION + (figures["sessions"] - 1 - age) % ring] for age in ages]
    titles = ["today", "the day before"] + ["plugged in " + _began(row, figures) for row in sessions]
    for title, row in zip(titles, cells[:FIRST_SESSION] + sessions, strict=True):
        if row[LENGTH_S]:
            yield title, row


def _began(row: list[int], figures: dict[str, Any]) -> str:
    return when(row[BEGAN_S], row[BASE_S], figures["base_s"])


def by_party(row: list[int], figures: dict[str, Any]) -> dict[str, int]:
    """Seconds charged, of the sun's, and lost to each party; parties without any left out."""
    seconds = {"charged": row[SPENT_S + CHARGED], "sun": row[SPENT_S + NO_SUN]}
    for cause, (party, _) in enumerate(figures["causes"]):
        if cause > NO_SUN:
            seconds[party] = seconds.get(party, 0) + row[SPENT_S + cause]
    return {party: spent_s for party, spent_s in seconds.items() if spent_s}


def reasons(row: list[int], figures: dict[str, Any]) -> list[tuple[str, str, int]]:
    """(party, cause in words, seconds) of what was lost, the weightiest first."""
    lost = [
        (party, words, row[SPENT_S + cause])
        for cause, (party, words) in enumerate(figures["causes"])
        if cause > NO_SUN and row[SPENT_S + cause]
    ]
    return sorted(lost, key=lambda each: -each[2])


def cases(figures: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Each case as what, who, offered, pilot, pulses, outcome and allowed, in words."""
    for case in figures["cases"]:
        party, words = figures["causes"][case[CAUSE]]
        offer_ma = case[OFFER_MA]
        offer = f"{offer_ma / 1000:.1f} A, duty {_duty_percent(offer_ma):.2f} %" if offer_ma else "none"
        yield {
            "from": when(case[AT_S], case[CASE_BASE_S], figures["base_s"]),
            "for": span(case[LOST_S]),
            "who": f"{party}: {words}",
            "offered": offer,
            "pilot": f"{case[HIGH_MV] / 1000:.2f} V / {case[LOW_MV] / 1000:.2f} V",
            "what happened": _story(case, figures),
            "what the standard allows": ALLOWED[case[CAUSE]],
        }


def _duty_percent(offer_ma: int) -> float:
    """Tables A.7 and A.8."""
    return offer_ma / 600 if offer_ma <= 51_000 else offer_ma / 2500 + 64


def _story(case: list[int], figures: dict[str, Any]) -> str:
    parts = []
    if case[PULSES]:
        kind = "-12 V" if case[PULSE_MS] < 0 else "open pilot"
        parts.append(f"{case[PULSES]} wake pulse(s), the last {abs(case[PULSE_MS]) / 1000:.0f} s of {kind}")
    if case[ANSWER_MS]:
        parts.append(f"S2 closed {case[ANSWER_MS] / 1000:.1f} s after the offer")
    if case[ENDED_BY] < 0:
        parts.append("still so when last recorded")
    elif case[ENDED_BY] == CHARGED and case[PULSES]:
        parts.append("the pulse woke it")
    else:
        parts.append("then: " + figures["causes"][case[ENDED_BY]][1])
    return "; ".join(parts)


def gaps(found: Found) -> list[str]:
    """What nobody recorded, in sentences."""
    figures = found.figures
    said = [figures["gap"]] if figures["gap"] else []
    if figures["events_dropped"]:
        said.append(f"{figures['events_dropped']} events were lost before they could be saved")
    if figures["cases_dropped"]:
        said.append(f"{figures['cases_dropped']} earlier cases were forgotten: the charger keeps the last few")
    said += [line for line in found.journal if "no record" in line or "events lost" in line]
    return said or ["none"]


def heading(found: Found) -> list[str]:
    """What the report is about."""
    figures = found.figures
    made = datetime.fromtimestamp(found.at_s, tz=UTC).astimezone()
    settings = ", ".join(f"{name} {value}" for name, value in figures["settings"].items())
    return [
        f"Charger: Rouse {figures['version']} on board {figures['board']}, running for {span(figures['uptime_s'])}",
        f"Fetched: {made:%Y-%m-%d %H:%M:%S}; the charger's clock was set then, and its earlier times follow from it",
        f"Settings: {settings}",
    ]


def as_text(found: Found) -> str:
    """The report as plain text."""
    lines = ["Why the car did not charge: the charger's evidence", *heading(found), "", "IN SHORT", *found.said, ""]
    lines += ["TIME BY PARTY"]
    for title, row in rows(found.figures):
        parts = ", ".join(f"{party} {span(spent_s)}" for party, spent_s in by_party(row, found.figures).items())
        lines.append(f"{title}: {parts or 'nothing'}; {row[WH]} Wh")
        lines += [f"    {party}: {words}, {span(spent_s)}" for party, words, spent_s in reasons(row, found.figures)]
    lines += ["", "CASES"]
    for case in cases(found.figures):
        lines += [f"{key}: {value}" for key, value in case.items()] + [""]
    lines += ["NO RECORD", *gaps(found), "", "JOURNAL", *found.journal]
    return "\n".join(lines) + "\n"


STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1f2937; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0.2rem; } h2 { margin-top: 2rem; }
.small { color: #6b7280; font-size: 13px; }
.bar { display: flex; height: 22px; width: 100%; border-radius: 3px; overflow: hidden; margin: 4px 0; }
.key span { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin: 0 5px 0 16px; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 600; }
th, td { padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #e5e7eb; vertical-align: top; }
pre { white-space: pre-wrap; font-size: 12.5px; columns: 2; }
"""


def as_html(found: Found) -> str:
    """The report as one page that loads nothing from anywhere."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Why the car did not charge</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>Why the car did not charge: the charger's evidence</h1>\n"
        + "".join(f'<div class="small">{escape(line)}</div>\n' for line in heading(found))
        + "<h2>In short</h2>\n"
        + "".join(f"<p>{escape(line)}</p>\n" for line in found.said)
        + f"<h2>Time by party</h2>\n{_key()}{_bars(found.figures)}"
        + f"<h2>Cases</h2>\n{_case_table(found.figures)}"
        + "<h2>No record</h2>\n"
        + "".join(f"<p>{escape(line)}</p>\n" for line in gaps(found))
        + f"<h2>Journal</h2>\n<pre>{escape(chr(10).join(found.journal))}</pre>\n</body>\n</html>\n"
    )


def _key() -> str:
    names = "".join(f'<span style="background:{colour}"></span>{name}' for name, colour in COLOURS.items())
    return f'<p class="key small">{names}</p>\n'


def _bars(figures: dict[str, Any]) -> str:
    parts = []
    for title, row in rows(figures):
        seconds = by_party(row, figures)
        bar = "".join(
            f'<div style="flex:{spent_s};background:{COLOURS[party]}" title="{party} {span(spent_s)}"></div>'
            for party, spent_s in seconds.items()
        )
        sums = ", ".join(f"{party} {span(spent_s)}" for party, spent_s in seconds.items())
        lost = "; ".join(f"{party}: {words} {span(spent_s)}" for party, words, spent_s in reasons(row, figures))
        parts.append(
            f'<h3>{escape(title)}, {row[WH]} Wh</h3>\n<div class="bar">{bar}</div>\n'
            f'<div>{escape(sums)}</div><div class="small">{escape(lost)}</div>\n'
        )
    return "".join(parts)


def _case_table(figures: dict[str, Any]) -> str:
    found = list(cases(figures))
    if not found:
        return "<p>none</p>\n"
    head = "".join(f"<th>{escape(name)}</th>" for name in found[0])
    lines = ["".join(f"<td>{escape(value)}</td>" for value in case.values()) for case in found]
    body = "".join(f"<tr>{line}</tr>\n" for line in lines)
    return f"<table>\n<tr>{head}</tr>\n{body}</table>\n"
