"""Runs the core tests inside the MicroPython VM, where whole numbers are as small as on the chip.

The same files that pytest runs on CPython; knows how to bring them there and count, not what they test.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from rouse import ROOT
from rouse.build.firmware import package_files
from rouse.check import plain_tests
from rouse.vm import run as vm

INSIDE = "host_tests/vm/inside.py"


class Outcome(NamedTuple):
    """How many tests passed, and the names of those that failed."""

    passed: int
    failed: list[str]


def folders(root: Path) -> list[Path]:
    """Where the tests are that need nothing but `assert`: the safety rules, and the units of each ring."""
    units = [path for path in (root / "host_tests/units").iterdir() if path.is_dir()]
    return [root / "host_tests/safety", *sorted(units)]


def test_names(root: Path) -> list[str]:
    """Their modules."""
    return sorted(path.stem for folder in folders(root) for path in folder.glob("test_*.py"))


def files_for_vm(root: Path) -> dict[str, bytes]:
    """The firmware's package as it is flashed, and the core tests, by their paths in the VM; raises FirmwareError."""
    paths = [path for folder in folders(root) for path in folder.glob("*.py")]
    files = {f"/host_tests/{path.name}": path.read_bytes() for path in [*paths, Path(plain_tests.__file__)]}
    return package_files(root / "firmware") | files


def run_tests(root: Path, on_line: Callable[[str], None]) -> Outcome:
    """Run every core test in a fresh VM, giving what it prints to `on_line`; raises ToolError."""
    passed, failed = 0, []

    def count(line: str) -> None:
        nonlocal passed
        passed += line.startswith("passed ")
        if line.startswith("FAILED "):
            failed.append(line.removeprefix("FAILED "))
        if not line.startswith("passed "):
            on_line(line)

    source = f"{(root / INSIDE).read_text(encoding='utf-8')}\ncollect({test_names(root)!r})\n"
    if vm.run(files_for_vm(root), source, count, step="run_next") != 0:
        failed.append("the VM itself: see the lines above")
    return Outcome(passed, failed)


def main(arguments: list[str]) -> int:
    """Run the tests and print the outcome; exit status. Raises ToolError."""
    argparse.ArgumentParser(prog="rouse vm-test", description="The core tests in the VM.").parse_args(arguments)
    outcome = run_tests(ROOT, print)
    print(f"{outcome.passed} passed, {len(outcome.failed)} failed")
    return 1 if outcome.failed or not outcome.passed else 0
