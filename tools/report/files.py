"""Where a run's results go: report.png, report.html and summary.json in one folder, all of them or none.

Knows files; the picture is tools/report/plot.py's, the page is tools/report/page.py's.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from rouse.report.page import page
from rouse.report.plot import Run, write_png


def write_results(folder: Path, run: Run, summary: Mapping[str, object]) -> None:
    """Writes the three files under other names first and renames them when all are whole; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    finals = [folder / name for name in ("report.png", "report.html", "summary.json")]
    drafts = [final.with_name(f".{os.getpid()}.{final.name}") for final in finals]
    png, html, figures = drafts
    try:
        write_png(png, run)
        html.write_text(page(run, summary), encoding="utf-8")
        figures.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
        for draft, final in zip(drafts, finals, strict=True):
            draft.replace(final)
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)
