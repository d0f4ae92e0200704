"""The layer check sees each kind of offence, at its line, and leaves alone what is allowed."""

from pathlib import Path

import pytest

from tools import check_layers

CORE, DRIVERS, APP = "firmware/evse/core/a.py", "firmware/evse/drivers/a.py", "firmware/evse/app/a.py"
MAIN, VIRTUAL, JUDGE = "firmware/main.py", "tools/virtual/a.py", "tools/virtual/judge/a.py"


def offences(root: Path, name: str, text: str) -> list[tuple[int, str]]:
    path = root / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return [(offence.line, offence.rule) for offence in check_layers.check(root)]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (CORE, "from evse.core.limits import MIN_OFFER_MA"),
        (CORE, "from evse.core import limits"),
        (CORE, "from . import limits"),
        (CORE, "from .limits import MIN_OFFER_MA"),
        (CORE, "from micropython import const"),
        (CORE, "x = 7 // 2"),
        (DRIVERS, "import machine, esp32, time, micropython"),
        (DRIVERS, "from evse.core.types import Inputs"),
        (DRIVERS, "from ..core import limits"),
        (APP, "from evse.drivers.pilot import Pilot"),
        (APP, "x = 1.5 / 2"),
        (MAIN, "import evse.app.loop, gc, sys"),
        (VIRTUAL, "from virtual import clock"),
        (VIRTUAL, "import json"),
    ],
)
def test_what_a_ring_may_import_is_no_offence(tmp_path, name, line):
    assert offences(tmp_path, name, line) == []


@pytest.mark.parametrize(
    ("name", "line", "rule"),
    [
        (CORE, "import time", "core-imports time"),
        (CORE, "import machine", "core-imports machine"),
        (CORE, "import micropython", "core-imports micropython"),
        (CORE, "from evse.drivers import pilot", "core-imports evse.drivers.pilot"),
        (CORE, "from ..app import loop", "core-imports evse.app.loop"),
        (CORE, "from evse import app", "core-imports evse.app"),
        (CORE, "import evse.corelike", "core-imports evse.corelike"),
        (CORE, "def f():\n    import time", "core-imports time"),
        (CORE, "x = 0.5", "float-literal"),
        (CORE, "x = 1 / 2", "true-division"),
        (CORE, "x /= 2", "true-division"),
        (CORE, "x = float(2)", "float-type"),
        (DRIVERS, "from evse.core.session import Session", "drivers-imports evse.core.session.Session"),
        (DRIVERS, "from evse.core import *", "drivers-imports evse.core.*"),
        (DRIVERS, "from evse.drivers.led import Led", "drivers-imports evse.drivers.led.Led"),
        (APP, "import tools.flash", "app-imports tools.flash"),
        (APP, "import typing", "app-imports typing"),
        (APP, "__import__('tools')", "hidden-import"),
        (MAIN, "from tools import flash", "app-imports tools.flash"),
        (VIRTUAL, "from evse.core import limits", "virtual-imports evse.core.limits"),
        (JUDGE, "import evse", "virtual-imports evse"),
        (JUDGE, "import boot", "virtual-imports boot"),
    ],
)
def test_an_offence_is_named_with_its_line(tmp_path, name, line, rule):
    at_line = 1 + len(line.splitlines())
    assert offences(tmp_path, name, f'"""Doc."""\n{line}\n') == [(at_line, rule)]


@pytest.mark.parametrize(("lines", "is_offence"), [(250, False), (251, True)])
def test_a_firmware_file_has_250_lines_at_most(tmp_path, lines, is_offence):
    assert bool(offences(tmp_path, APP, "x = 1\n" * lines)) == is_offence


@pytest.mark.parametrize(("lines", "is_offence"), [(40, False), (41, True)])
def test_a_firmware_function_has_40_lines_at_most(tmp_path, lines, is_offence):
    found = offences(tmp_path, CORE, "\ndef f():\n" + "    x = 1\n" * (lines - 1))
    assert found == ([(2, "function-length")] if is_offence else [])


def test_a_file_that_does_not_parse_is_one_offence(tmp_path):
    assert offences(tmp_path, CORE, "x = 1\ndef (:\n") == [(2, "syntax")]


def test_offences_are_printed_as_place_rule_and_mend():
    offence = check_layers.Offence("firmware/a.py", 7, "core-imports time", "pass it in")
    assert str(offence) == "firmware/a.py:7 core-imports time: pass it in"


def test_the_project_itself_is_clean():
    root = Path(__file__).resolve().parents[2]
    assert (root / "firmware" / "evse").is_dir() and check_layers.check(root) == []
