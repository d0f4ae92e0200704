"""The budgets: heap after boot and under each command, opcodes and allocations of a tick, each against its limit.

Knows the limits and how to print them; what a scene is stands in vm/scenes.py, how opcodes are counted in
opcodes.py, how bytes are weighed in budget_inside.py.
Prints the table and writes build/budget.json; the exit status is 1 when a limit is exceeded. Pythons that cannot count
opcodes take those that were stored.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import NamedTuple

from rouse import ROOT, ToolError
from rouse.build import firmware
from rouse.report import files
from rouse.vm import run as vm

STORED = ROOT / "tools" / "check" / "budget.json"
BOARD = "reference"
COUNTING_PYTHON = (3, 11)  # opcodes differ between versions of CPython: the limits are meant for this one's
STALE_PERCENT = 5  # by how much a stored figure may differ from a counted one before it must be stored anew

# A chip has about 178 KB of heap and reads some 7 KB more than the VM for plain modules. A collection costs 0.16 ms a
# KB: 20 ms at 122 KB, which fit behind a tick in time so that the next is 12 ms late at most. 115 KB until `help`
# (1.4 KB), the tick's own clock, Ctrl-C handed on, the self-test's words and a person's own stalls in the ledger came.
HEAP_BYTES_HIGHEST = 122 * 1024
# While a command is carried out, garbage included: then 30 KB are left on the chip for a person's own.
PEAK_BYTES_HIGHEST = 140 * 1024
# 5 ms at 1.8 us an opcode, beside 3.5 ms of reads: half of the 20 ms is left for the console and a collection.
QUIET_OPCODES_HIGHEST = 2800
WORST_OPCODES_HIGHEST = 4500  # 8 ms: an opening is decided long before the tick's end, and the next tick is in time
BURST_OPCODES_HIGHEST = 9000  # of a mains cycle of 16 ms at 1.8 us: the reads go on meanwhile
TICK_BYTES_HIGHEST = 0  # a collection comes when somebody allocates
VM_HEAP_BYTES = 512 * 1024  # to begin with; a small heap is weighed fast


class Figure(NamedTuple):
    """One measured number and the most it may be."""

    name: str
    value: int
    limit: int
    unit: str
    remark: str = ""

    @property
    def is_over(self) -> bool:
        """Whether the limit is exceeded."""
        return self.value > self.limit


def vm_figures() -> list[Figure]:
    """Heap after boot, bytes a tick allocates, and each command's peak, on the VM; raises ToolError."""
    files = firmware.firmware_files(BOARD) | firmware.virtual_files()
    files |= {f"/{name}": (ROOT / "tools/vm" / name).read_bytes() for name in ("repl.py", "scenes.py")}
    files["/board.json"] = json.dumps(firmware.board_data(BOARD)).encode()
    source = (ROOT / "tools/check/budget_inside.py").read_text(encoding="utf-8")
    lines: list[str] = []
    if vm.run(files, source, lines.append, step="step", heap_bytes=VM_HEAP_BYTES) != 0:
        raise ToolError(f"on the VM: {lines[-1] if lines else 'no word'}")
    return figures_from_vm(lines)


def figures_from_vm(lines: list[str]) -> list[Figure]:
    """The figures among the lines that tools/check/budget_inside.py printed."""
    figures = []
    for line in lines:
        word, _, rest = line.partition(" ")
        value, _, when = rest.partition(" ")
        if word == "heap":
            figures.append(Figure(f"heap {when}", int(value), HEAP_BYTES_HIGHEST, "bytes"))
        elif word == "bytes":
            figures.append(Figure(f"a tick allocates: {when}", int(value), TICK_BYTES_HIGHEST, "bytes"))
        elif word == "peak":
            figures.append(Figure(f"heap at the peak: {when}", int(value), PEAK_BYTES_HIGHEST, "bytes"))
    return figures


def count_opcodes() -> dict[str, int]:
    """The worst tick of each scene in opcodes, counted by this Python; raises ToolError."""
    command = [sys.executable, "-m", "rouse.check.opcodes", BOARD]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ToolError((done.stderr.strip().splitlines() or ["rouse.check.opcodes failed"])[-1])
    return {str(name): int(value) for name, value in json.loads(done.stdout).items()}


def stored_opcodes() -> dict[str, int]:
    """What CPython 3.11 counted last."""
    return {str(name): int(value) for name, value in json.loads(STORED.read_text(encoding="utf-8")).items()}


def opcode_figures(most: dict[str, int], remark: str) -> list[Figure]:
    """Each scene's worst tick against its limit."""
    limits = {"quiet": QUIET_OPCODES_HIGHEST, "meter burst": BURST_OPCODES_HIGHEST}
    return [
        Figure(f"a tick executes: {name}", value, limits.get(name, WORST_OPCODES_HIGHEST), "opcodes", remark)
        for name, value in most.items()
    ]


def is_stale(counted: dict[str, int], stored: dict[str, int]) -> bool:
    """Whether the stored figures no longer tell what is counted."""
    if counted.keys() != stored.keys():
        return True
    return any(abs(counted[name] - stored[name]) * 100 > STALE_PERCENT * counted[name] for name in counted)


def table(figures: list[Figure]) -> str:
    """The figures as lines of text."""
    width = max(len(figure.name) for figure in figures)
    return "\n".join(
        f"{each.name:{width}} {each.value:>7} of {each.limit:>6} {each.unit}{each.remark}{' EXCEEDED' * each.is_over}"
        for each in figures
    )


def measure(store: bool) -> tuple[list[Figure], list[str]]:
    """All figures, and what is wrong beside exceeded limits; with `store` the opcodes are kept in STORED."""
    complaints = []
    remark = ""
    if sys.version_info[:2] == COUNTING_PYTHON:
        most = count_opcodes()
        if store:
            files.write({STORED: files.as_json(most)})
        if is_stale(most, stored_opcodes()):
            complaints.append("tools/check/budget.json is out of date: rouse budget --store")
    else:
        most = stored_opcodes()
        remark = " (as stored: only CPython 3.11 counts them)"
    return [*vm_figures(), *opcode_figures(most, remark)], complaints


def main(arguments: list[str]) -> int:
    """Measure and print; exit status. Raises ToolError and OSError."""
    parser = argparse.ArgumentParser(prog="rouse budget", description="The firmware's budgets.")
    parser.add_argument("--store", action="store_true", help="also keep the opcodes, for Pythons that cannot count")
    figures, complaints = measure(parser.parse_args(arguments).store)
    print(table(figures))
    result = {figure.name: {"value": figure.value, "limit": figure.limit, "unit": figure.unit} for figure in figures}
    files.write({ROOT / "build" / "budget.json": files.as_json(result)})
    complaints += [
        f"{each.name}: {each.value} {each.unit}, {each.limit} allowed" for each in figures if each.is_over
    ]
    for complaint in complaints:
        print(f"budget: {complaint}", file=sys.stderr)
    return 1 if complaints else 0
