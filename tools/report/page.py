"""The one page of every tool: title, pictures, tables and words in one file that loads nothing from anywhere.

Knows sections, and the page of a run and where it goes; how they look is page.html's, pictures are plot.py's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader

from rouse.data.day_file import clock
from rouse.report import files
from rouse.report.plot import Run, draw, run_png, svg
from rouse.report.trace import VIOLATION, events

ALARMS = ("safety_violations", "bytes_per_tick", "tick_errors")  # figures that are red unless 0
TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)


class Cell(NamedTuple):
    """A table's cell that is more than text; kind: number, small, good, late, off or bad, as in page.html."""

    text: str
    kind: str


Cells = Sequence[str | Cell]


@dataclass(frozen=True)
class Section:
    """A part of a page, in the order in which it is shown; what is empty is left out."""

    heading: str = ""
    paragraphs: Sequence[str] = ()
    picture: str = ""  # SVG
    columns: Sequence[str] = ()  # the table's heads, aligned as the first row
    rows: Sequence[Cells] = ()
    plain: str = ""  # lines that keep their spaces
    is_narrow: bool = False  # the next one may stand beside it


def numbers(values: Sequence[float], digits: Sequence[int]) -> list[Cell]:
    """A cell for each value, with so many digits behind the point."""
    return [Cell(f"{value:.{places}f}", "number") for value, places in zip(values, digits, strict=True)]


def render(title: str, subtitle: Sequence[str], sections: Sequence[Section]) -> str:
    """One HTML document; every text in it is escaped."""
    page_html = TEMPLATES.get_template("page.html")
    return page_html.render(title=title, subtitle=subtitle, sections=sections)


def page(run: Run, summary: Mapping[str, object]) -> str:
    """The page about `run` with every entry of `summary`."""
    figures = [_row(key, str(value), key in ALARMS and bool(value)) for key, value in summary.items()]
    happened = [_row(clock(run.start_s + at_s), text, VIOLATION in text) for at_s, text in events(run.samples)]
    sections = [
        Section(picture=svg(draw(run))),
        Section("Figures", rows=figures, is_narrow=True),
        Section("What happened", rows=happened, is_narrow=True),
    ]
    return render(run.title, [run.subtitle], sections)


def write_results(folder: Path, run: Run, summary: Mapping[str, object]) -> None:
    """Write report.png, report.html and summary.json, all or none; raises OSError."""
    files.write(
        {
            folder / "report.png": run_png(run),
            folder / "report.html": page(run, summary),
            folder / "summary.json": files.as_json(summary),
        }
    )


def _row(first: str, second: str, is_bad: bool) -> Cells:
    return [Cell(first, "bad"), Cell(second, "bad")] if is_bad else [first, second]
