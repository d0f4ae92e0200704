"""Mutation testing: plants each small fault of tools/check/mutations.py in the safety code; a test must fail each time.

There is no list of allowed survivors: a fault that no test sees is a missing test or superfluous code.
Works in memory: a forked process imports the changed module, and no file is written. Of tests it knows only whose they
are.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from rouse import ROOT, ToolError
from rouse.check.mutations import Mutant, mutants
from rouse.check.plain_tests import find_tests
from rouse.check.vm_tests import folders, test_names
from rouse.report.progress import Progress
from rouse.virtual import host  # noqa: F401  # makes `micropython` importable

# What may open, close or offer, and the tests that know it best: they run first, the other plain tests behind them.
TARGETS = {
    "safety/limits": ("test_ticks",),
    "safety/pilot": ("test_pilot", "test_pilot_debounce"),
    "safety/session": ("test_session",),
    "safety/guard": ("test_interlock", "test_guard"),
    "safety/offer": ("test_offer", "test_protection"),
    "safety/residual": ("test_residual",),
    "drivers/pins": ("test_pins",),
    "app/charger": ("test_tick",),
}
BOARD_TESTS = "host_tests/board"  # plain ones too, but not for the VM: they need the fake chip
# A mutant may take this many times the smoke run, and START_S on top: past that it hangs, which is a way to be found.
SLOWER = 5
START_S = 10.0
SMOKE_S = 600.0
UNCHANGED = 0  # the line of a mutant that is none


class Job(NamedTuple):
    """One mutant of a target."""

    target: str
    mutant: Mutant

    def __str__(self) -> str:
        return f"{path_of(self.target)}:{self.mutant.line}: {self.mutant.old} -> {self.mutant.new}"


class MutantFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the changed code to whoever imports the module."""

    def __init__(self, job: Job) -> None:
        self._module = f"evse.{job.target.replace('/', '.')}"
        self._code = compile(job.mutant.tree, path_of(job.target), "exec")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The changed module's spec; None leaves every other module to the usual finders."""
        return importlib.util.spec_from_loader(fullname, self) if fullname == self._module else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed code as the module's."""
        exec(self._code, module.__dict__)


def path_of(target: str) -> str:
    """The file of a target."""
    return f"firmware/evse/{target}.py"


def jobs_for(root: Path, targets: Iterable[str]) -> list[Job]:
    """Every mutant of the targets; raises FileNotFoundError."""
    return [Job(target, mutant) for target in targets for mutant in mutants(source_of(root, target))]


def source_of(root: Path, target: str) -> str:
    """The text of a target; raises FileNotFoundError."""
    return (root / path_of(target)).read_text(encoding="utf-8")


def test_modules(root: Path, jobs: Sequence[Job]) -> list[str]:
    """The test modules, those that know the jobs' targets first: they find most faults, in the least time."""
    own = [name for job in jobs for name in TARGETS.get(job.target, ())]
    return own + [name for name in test_names(root) if name not in own]


def start(root: Path, jobs: Sequence[Job], limit_s: float) -> int:
    """Fork a process that runs the tests on the mutants; its process number. Its status is 0 when all tests passed."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    try:
        signal.setitimer(signal.ITIMER_REAL, limit_s)  # the signal ends this process
        if jobs[0].mutant.line != UNCHANGED:  # what a faulty charger prints is of no use
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.dup2(nowhere, sys.stderr.fileno())
        sys.meta_path[:0] = [MutantFinder(job) for job in jobs]
        for module in test_modules(root, jobs):
            for _, test in find_tests(module):
                test()
        os._exit(0)
    except BaseException as error:
        if jobs[0].mutant.line == UNCHANGED:
            sys.excepthook(type(error), error, error.__traceback__)
    finally:
        os._exit(1)


def survivors(root: Path, jobs: list[Job], limit_s: float, workers: int) -> list[Job]:
    """Run every mutant, `workers` at a time, showing progress; those that no test noticed, in order."""
    running: dict[int, Job] = {}
    alive = []
    queue = list(reversed(jobs))
    with Progress(len(jobs), every=50) as progress:
        while queue or running:
            while queue and len(running) < workers:
                job = queue.pop()
                running[start(root, [job], limit_s)] = job
            child, status = os.wait()
            job = running.pop(child)
            if status == 0:
                alive.append(job)
                progress.say(f"survived {job}")
            progress.step(f"{len(alive)} survived")
    return sorted(alive, key=jobs.index)


def smoke_run(root: Path, jobs: Sequence[Job]) -> float:
    """Run the tests on the unchanged targets of `jobs`, put in as mutants are; the time in s, 0 when they fail."""
    unchanged = [
        Job(target, Mutant(UNCHANGED, "", "", ast.parse(source_of(root, target))))
        for target in dict.fromkeys(job.target for job in jobs)
    ]
    begin_s = time.monotonic()
    _, status = os.waitpid(start(root, unchanged, SMOKE_S), 0)
    return time.monotonic() - begin_s if status == 0 else 0.0


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Mutate the named targets, or all; exit status. Raises ToolError."""
    parser = argparse.ArgumentParser(prog="rouse mutate", description="Small faults, each to be noticed by a test.")
    parser.add_argument("targets", nargs="*", default=list(TARGETS), help="as in safety/guard (default: %(default)s)")
    options = parser.parse_args(arguments)
    sys.path[:0] = [str(root / "firmware"), *map(str, folders(root)), str(root / BOARD_TESTS)]
    try:
        jobs = jobs_for(root, options.targets)
    except FileNotFoundError as error:
        parser.error(f"no file {error.filename}; name modules below firmware/evse, as in safety/guard")
    took_s = smoke_run(root, jobs)
    if not took_s:
        raise ToolError("the tests fail on the unchanged code; make test first")
    alive = survivors(root, jobs, START_S + SLOWER * took_s, os.cpu_count() or 1)
    print(f"mutate: {len(jobs)} mutants, {len(alive)} survived")
    return 1 if alive else 0
