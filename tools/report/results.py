"""Where a run's results go: report.png, report.html and summary.json in one folder.

Knows their names; the picture is plot.py's, the page is page.py's.
"""

from collections.abc import Mapping
from pathlib import Path

from rouse.report import files
from rouse.report.page import page
from rouse.report.plot import Run, run_png


def write_results(folder: Path, run: Run, summary: Mapping[str, object]) -> None:
    """Write the three files, or none; raises OSError."""
    files.write(
        {
            folder / "report.png": run_png(run),
            folder / "report.html": page(run, summary),
            folder / "summary.json": files.as_json(summary),
        }
    )
