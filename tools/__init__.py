"""Rouse's tools on the host, imported as the package `rouse`; pyproject.toml maps the name onto this folder.

Its root holds what a person runs.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
