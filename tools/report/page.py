"""The HTML page of a run: the picture, the figures and what happened when, in one self-contained file.

Knows words and tables; the picture is drawn in tools/report/plot.py.
"""

from collections.abc import Mapping
from html import escape

from rouse.data.day_file import clock
from rouse.report.plot import Run, svg
from rouse.report.trace import VIOLATION, events

ALARMS = ("safety_violations", "bytes_per_tick", "tick_errors")  # figures that are red unless 0
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1f2937; max-width: 1150px; margin: 2rem auto; padding: 0 1rem; }
svg { width: 100%; height: auto; }
.columns { display: flex; flex-wrap: wrap; gap: 3rem; align-items: flex-start; }
table { border-collapse: collapse; }
td { font-variant-numeric: tabular-nums;
     padding: 0.2rem 1.2rem 0.2rem 0; border-bottom: 1px solid #e5e7eb; vertical-align: top; }
.bad { color: #b91c1c; font-weight: 600; }
"""


def page(run: Run, summary: Mapping[str, object]) -> str:
    """One HTML document about `run` with every entry of `summary`; loads nothing from anywhere."""
    figure_rows = "".join(_row(key, str(value), key in ALARMS and bool(value)) for key, value in summary.items())
    event_rows = "".join(_row(clock(run.start_s + at_s), text, VIOLATION in text) for at_s, text in events(run.samples))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(run.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"{svg(run)}\n"
        f'<div class="columns">\n<section>\n<h2>Figures</h2>\n<table>\n{figure_rows}</table>\n</section>\n'
        f"<section>\n<h2>What happened</h2>\n<table>\n{event_rows}</table>\n</section>\n</div>\n</body>\n</html>\n"
    )


def _row(first: str, second: str, is_bad: bool) -> str:
    kind = ' class="bad"' if is_bad else ""
    return f"<tr{kind}><td>{escape(first)}</td><td>{escape(second)}</td></tr>\n"
