"""The solar bench's page: sun against import for every controller, and any day on a click; loads nothing from anywhere.

Knows rows and curves; the drawing is done by the few lines of script in the page itself.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rouse.bench.solar.contest import Row
from rouse.bench.solar.loop import Run
from rouse.bench.solar.match import Match

MEAN_S = 60
SCRIPT = (Path(__file__).parent / "page.js").read_text(encoding="utf-8")
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1f2937; max-width: 1150px; margin: 2rem auto; padding: 0 1rem; }
svg { width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: #374151; }
table { border-collapse: collapse; } td, th { padding: 0.15rem 1rem 0.15rem 0; text-align: left;
  border-bottom: 1px solid #e5e7eb; font-variant-numeric: tabular-nums; } td.n, th.n { text-align: right; }
button { font: inherit; margin: 0 0.4rem 0.4rem 0; padding: 0.2rem 0.7rem; border: 1px solid #9ca3af;
  border-radius: 0.4rem; background: #fff; cursor: pointer; } button.on { background: #1d4ed8; color: #fff; }
"""


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
    surplus = {curve.day: curve.surplus_w for curve in curves}
    days = {
        day: {"surplus": surplus_w, "ev": {curve.name: curve.ev_w for curve in curves if curve.day == day}}
        for day, surplus_w in surplus.items()
    }
    data = {"rows": [asdict(row) for row in rows], "days": days, "matches": matches, "remarks": remarks}
    text = json.dumps(data).replace("<", "\\u003c")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Rouse: following the sun</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>Following the sun</h1>\n"
        "<p>Sun taken against import, sums over the days below; the larger the circle, the more starts. Up and left is "
        "better. Hollow: a baseline that is not known to agree with the peer's own code.</p>\n"
        '<div id="cars"></div><svg id="scatter" viewBox="0 0 1100 430"></svg>\n<h2>Sums</h2><table id="sums"></table>\n'
        '<h2>At each peer\'s import and starts, on fast days</h2><table id="matches"></table>\n'
        '<h2>A day</h2><div id="days"></div><div id="names"></div><svg id="day" viewBox="0 0 1100 380"></svg>\n'
        f'<script id="data" type="application/json">{text}</script>\n'
        f"<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )
