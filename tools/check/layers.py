"""Who may import whom, never in a circle, and how long a file and a function may be: a line an offence, status 1.

Reads the files as text and runs none of them; it must not know what they do, only where they lie.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from rouse import ROOT

FILE_LINES_HIGHEST = 500  # one subject a file
FUNCTION_LINES_HIGHEST = 40
CONSTRUCTOR_LINES_HIGHEST = 60  # a list of attributes, each with its meaning
NO_CIRCLES_IN = ("firmware/", "tools/")  # a circle through a file below one of these is an offence
# Where a module may lie: on the chip, on the host, flat in the VM, below the root.
SEARCHED = ("firmware/", "tools/", "tools/vm/", "")

# What MicroPython on the ESP32 ships and app has a use for; add to it when app needs more.
CHIP_MODULES = (
    *("array", "binascii", "builtins", "collections", "errno", "esp", "esp32", "gc", "hashlib", "io", "json"),
    *("machine", "math", "micropython", "network", "os", "platform", "random", "re", "select", "struct", "sys"),
    *("time", "uctypes"),
)


class Ring(NamedTuple):
    """Files under `folder`: what they may import, or must not, and why; a module stands for all that is in it."""

    name: str
    folder: str
    allowed: tuple[str, ...]
    refused: tuple[str, ...]
    mend: str
    is_integer: bool = False


# An array is a store of fixed size that a tick may write; Callable is for the type checker alone.
_PURE = ("micropython.const", "array.array", "collections.abc.Callable")
_DECIDES = "it decides from its arguments: pass time, readings and settings in from the ring above"


def _deciding(name: str, *below: str) -> Ring:
    """A ring of whole numbers that may see itself and those below it."""
    allowed = (*_PURE, f"evse.{name}", *(f"evse.{each}" for each in below))
    return Ring(name, f"firmware/evse/{name}", allowed, (), _DECIDES, is_integer=True)


RINGS = [  # a file belongs to the first ring whose folder holds it
    _deciding("safety"),
    Ring("settings", "firmware/evse/settings.py", _PURE, (), "the settings know nobody who uses them"),
    _deciding("meter", "safety"),
    _deciding("sun", "safety", "settings"),
    _deciding("record", "safety", "meter", "sun"),
    _deciding("core", "safety", "settings", "meter", "sun", "record"),
    Ring("drivers", "firmware/evse/drivers",
         ("array", "esp32", "machine", "micropython", "time", "evse.safety.limits", "evse.meter.burst"), (),
         "a driver touches pins and knows no decision: move the rest to app"),
    Ring("app", "firmware", ("evse", "boot", "board", "main", *CHIP_MODULES), (),
         "only evse and modules that MicroPython ships exist on the chip"),
    Ring("virtual", "tools/virtual", (), ("evse", "boot", "board", "main", "firmware"),
         "the simulated world and its judge share nothing with what they test"),
]


class Offence(NamedTuple):
    """One broken rule; printed as file:line rule: mend."""

    path: str
    line: int
    rule: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.rule}: {self.mend}"


def check(root: Path) -> list[Offence]:
    """Every offence in the project at `root`, in the order of files and lines."""
    found = []
    for top in ("firmware", "tools/virtual"):
        for path in sorted((root / top).rglob("*.py")):
            found += check_file(path, path.relative_to(root).as_posix())
    return found + check_circles(root)


def check_file(path: Path, name: str) -> list[Offence]:
    """Every offence of one file; `name` is its path from the root, with slashes."""
    ring = next(ring for ring in RINGS if (name + "/").startswith(ring.folder + "/"))
    try:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
    except (SyntaxError, UnicodeDecodeError) as error:
        line = getattr(error, "lineno", None) or 1
        return [Offence(name, line, "syntax", "write Python that parses, in UTF-8")]
    pairs = [*imports(tree, package_of(name), ring), *lengths(tree, text, name)]
    if ring.is_integer:
        pairs += floats(tree)
    return sorted(Offence(name, line, rule, mend) for line, rule, mend in pairs)


def check_circles(root: Path) -> list[Offence]:
    """One offence for each circle that touches NO_CIRCLES_IN, at the import by which its first file enters it."""
    imported = import_lines(root)
    found = []
    for members in circles(imported):
        if any(member.startswith(NO_CIRCLES_IN) for member in members):
            line = min(imported[members[0]][member] for member in members if member in imported[members[0]])
            mend = "move what they share to a file that imports none of them"
            found.append(Offence(members[0], line, "import-circle " + " ".join(members), mend))
    return found


def import_lines(root: Path) -> dict[str, dict[str, int]]:
    """For each file of firmware/ and tools/ the files it imports, for types only too, and in which line first."""
    paths = [path for top in ("firmware", "tools") for path in sorted((root / top).rglob("*.py"))]
    names = {path.relative_to(root).as_posix(): path for path in paths}
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    for name, path in names.items():
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError):
            continue  # check_file() names it
        for node in ast.walk(tree):
            for target in targets(node, package_of(name)):
                file = file_of(target, names)
                if file is not None and isinstance(node, ast.stmt):
                    found[name].setdefault(file, node.lineno)
    return found


def file_of(target: str, names: Container[str]) -> str | None:
    """The file among `names` that `target`, a module or a name in one, is or comes from."""
    parts = target.split(".")
    if parts[0] == "board":
        return None  # the chip's board file, which is data, not the tool of that name
    if parts[0] == "rouse":
        parts[0] = "tools"  # the package's name once installed
    for end in (len(parts), len(parts) - 1):
        for folder in SEARCHED:
            path = folder + "/".join(parts[:end])
            for name in (path + ".py", path + "/__init__.py"):
                if name in names:
                    return name
    return None


def circles(imported: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Groups of files of which each imports every other, by way of others or not; each group once."""
    reached = {name: reachable(name, imported) for name in imported}
    groups = {frozenset(other for other in reached[name] if name in reached[other]) for name in imported}
    return sorted(sorted(group) for group in groups if group)


def reachable(name: str, imported: Mapping[str, Iterable[str]]) -> set[str]:
    """The files that `name` imports, and those that they import, and so on; `name` too if that leads back to it."""
    found = set[str]()
    ahead = list(imported[name])
    while ahead:
        file = ahead.pop()
        if file not in found:
            found.add(file)
            ahead += imported[file]
    return found


def package_of(name: str) -> list[str]:
    """The package a file belongs to, for its relative imports."""
    return name.removeprefix("firmware/").split("/")[:-1]


def imports(tree: ast.Module, package: list[str], ring: Ring) -> Iterator[tuple[int, str, str]]:
    """Imports that the ring may not make, and ways round an import that this check could not follow."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt | ast.expr):
            continue  # nothing else imports, or has a line
        for target in targets(node, package):
            is_allowed = not ring.allowed or is_within(target, ring.allowed)
            if not is_allowed or is_within(target, ring.refused):
                yield node.lineno, f"{ring.name}-imports {target}", ring.mend
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "__import__":
            yield node.lineno, "hidden-import", "use an import statement"


def targets(node: ast.AST, package: list[str]) -> list[str]:
    """The dotted names an import statement asks for, relative ones made absolute; none for other nodes."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = package[: len(package) - node.level + 1] if node.level else []
        prefix = ".".join([*base, *([node.module] if node.module else [])])
        return [f"{prefix}.{alias.name}" for alias in node.names]
    return []


def is_within(target: str, modules: tuple[str, ...]) -> bool:
    """Whether `target` is one of `modules` or lies in one."""
    return any(target == module or target.startswith(module + ".") for module in modules)


def lengths(tree: ast.Module, text: str, name: str) -> Iterator[tuple[int, str, str]]:
    """Files and functions of the firmware that are too long to be read at a glance."""
    if not name.startswith("firmware/"):
        return
    count = len(text.splitlines())
    if count > FILE_LINES_HIGHEST:
        yield count, "file-length", f"{count} lines, {FILE_LINES_HIGHEST} allowed: split it by what it knows"
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            count = (node.end_lineno or node.lineno) - node.lineno + 1
            most = CONSTRUCTOR_LINES_HIGHEST if node.name == "__init__" else FUNCTION_LINES_HIGHEST
            if count > most:
                mend = f"{node.name} has {count} lines, {most} allowed: name its parts"
                yield node.lineno, "function-length", mend


def floats(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Floats in integer code: on the chip they are single precision and live on the heap."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, (float, complex)):
            yield node.lineno, "float-literal", f"{node.value}: use a whole number of a smaller unit"
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
            yield node.lineno, "true-division", "/ makes a float: use // and say which way it rounds"
        if isinstance(node, ast.Name) and node.id == "float" and not isinstance(node.ctx, ast.Store):
            yield node.lineno, "float-type", "whole numbers only: scale at the edge, in app"


def main(arguments: list[str]) -> int:
    """Check the project this file belongs to; exit status."""
    argparse.ArgumentParser(prog="rouse layers", description="Who may import whom.").parse_args(arguments)
    offences = check(ROOT)
    for offence in offences:
        print(offence, file=sys.stderr)
    if not offences:
        print("layers: clean")
    return 1 if offences else 0
