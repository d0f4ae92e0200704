"""Rouse's tools on the host, imported as the package `rouse`; pyproject.toml maps the name onto this folder.

Its root holds what a person runs.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class ToolError(Exception):
    """A tool cannot do what it was asked for; the text is one line for the person."""

    status = 1  # of the tool then
