"""What is flashed is what is read: the virtual board runs the files of `make flash`; tracebacks tell the source."""

import ast
import hashlib
import re

import pytest

from host_tests.tools.board_process import BoardProcess
from rouse.build.firmware import FIRMWARE, firmware_files

FRAME = re.compile(r'  File "(.+)", line (\d+), in (.+)')
# The file of every module that was loaded.
LOADED = """
import sys
for name in sys.modules:
    if name.startswith("evse"):
        print(sys.modules[name].__file__)
"""


def test_the_board_holds_byte_for_byte_what_make_flash_copies_and_loads_it(board: BoardProcess) -> None:
    found = board.files()
    flashed = {path: hashlib.sha256(data).hexdigest() for path, data in firmware_files("reference").items()}
    assert {path: found.get(path) for path in flashed} == flashed
    assert {path for path in found if path.startswith("/evse/")} <= set(flashed)
    loaded = board.run(LOADED).split()
    assert len(loaded) > 20
    for path in loaded:
        assert "/" + path.lstrip("/") in flashed and path.endswith(".mpy"), path


def function_at(name: str, line: int) -> str:
    """The function that line `line` of a firmware file stands in."""
    tree = ast.parse((FIRMWARE / name).read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    inner = max((node for node in functions if node.lineno <= line <= (node.end_lineno or 0)), key=lambda n: n.lineno)
    return inner.name


@pytest.mark.parametrize(
    ("typed", "frames"),
    [
        (
            "evse.mode('bad')",
            [
                ("evse/app/console.py", "mode", 'table.put(controller.settings, "mode", name)'),
                ("evse/settings.py", "put", "setattr(settings, name, check(name, value))"),
                ("evse/settings.py", "check", 'raise ValueError("mode: one of'),
            ],
        ),
        (
            "evse.boost(kwh=101)",
            [
                ("evse/app/console.py", "boost", 'wh = check_whole("kwh", kwh, 100) * 1000'),
                ("evse/app/console.py", "check_whole", 'raise ValueError("%s: a whole number'),
            ],
        ),
    ],
)
def test_a_traceback_names_file_line_and_function_of_the_source(
    board: BoardProcess, typed: str, frames: list[tuple[str, str, str]]
) -> None:
    done = board.mpremote("resume", "exec", typed)
    assert done.returncode != 0
    told = [match.groups() for match in map(FRAME.match, (done.stdout + done.stderr).splitlines()) if match]
    ours = [(name, int(line), function) for name, line, function in told if name != "<stdin>"]
    assert [(name, function) for name, _, function in ours] == [frame[:2] for frame in frames]
    for (name, line, function), (_, _, text) in zip(ours, frames, strict=True):
        assert (FIRMWARE / name).read_text(encoding="utf-8").splitlines()[line - 1].strip().startswith(text)
        assert function_at(name, line) == function
