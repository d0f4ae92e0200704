"""The layer check sees each kind of offence, at its line, and leaves alone what is allowed."""

from pathlib import Path

import pytest

from rouse import ROOT
from rouse.check import layers

SAFETY, SUN, CORE = "firmware/evse/safety/a.py", "firmware/evse/sun/a.py", "firmware/evse/core/a.py"
DRIVERS, APP = "firmware/evse/drivers/a.py", "firmware/evse/app/a.py"
MAIN, VIRTUAL, JUDGE = "firmware/main.py", "tools/virtual/a.py", "tools/virtual/judge/a.py"


def offences(root: Path, name: str, text: str) -> list[tuple[int, str]]:
    path = root / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return [(offence.line, offence.rule) for offence in layers.check(root)]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (SAFETY, "from evse.safety.limits import MIN_OFFER_MA"),
        (SAFETY, "from . import limits"),
        (SAFETY, "from .limits import MIN_OFFER_MA"),
        (SUN, "from evse.safety import limits"),
        (SUN, "from evse.settings import Settings"),
        (CORE, "from evse.record.facts import Facts"),
        (CORE, "from evse.sun.car import Learn"),
        (CORE, "from micropython import const"),
        (CORE, "x = 7 // 2"),
        (DRIVERS, "import machine, esp32, time, micropython"),
        (DRIVERS, "from evse.safety.limits import Inputs"),
        (DRIVERS, "from ..meter.burst import Sums"),
        (APP, "from evse.drivers.pins import Contactor"),
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
        (CORE, "from evse.drivers import pins", "core-imports evse.drivers.pins"),
        (SAFETY, "from evse.meter.power import Power", "safety-imports evse.meter.power.Power"),
        (SAFETY, "from evse.settings import Settings", "safety-imports evse.settings.Settings"),
        (SAFETY, "from ..sun import car", "safety-imports evse.sun.car"),
        (SAFETY, "from evse.record.facts import Facts", "safety-imports evse.record.facts.Facts"),
        (SUN, "from evse.meter.metering import Metering", "sun-imports evse.meter.metering.Metering"),
        (SUN, "from evse.core import controller", "sun-imports evse.core.controller"),
        (CORE, "from ..app import loop", "core-imports evse.app.loop"),
        (CORE, "from evse import app", "core-imports evse.app"),
        (CORE, "import evse.corelike", "core-imports evse.corelike"),
        (CORE, "def f():\n    import time", "core-imports time"),
        (CORE, "x = 0.5", "float-literal"),
        (CORE, "x = 1 / 2", "true-division"),
        (CORE, "x /= 2", "true-division"),
        (CORE, "x = float(2)", "float-type"),
        (DRIVERS, "from evse.safety.session import Session", "drivers-imports evse.safety.session.Session"),
        (DRIVERS, "from evse.safety import *", "drivers-imports evse.safety.*"),
        (DRIVERS, "from evse.drivers.led import Led", "drivers-imports evse.drivers.led.Led"),
        (APP, "import tools.flash", "app-imports tools.flash"),
        (APP, "import typing", "app-imports typing"),
        (APP, "__import__('tools')", "hidden-import"),
        (MAIN, "from rouse import flash", "app-imports rouse.flash"),
        (VIRTUAL, "from evse.safety import limits", "virtual-imports evse.safety.limits"),
        (JUDGE, "import evse", "virtual-imports evse"),
        (JUDGE, "import boot", "virtual-imports boot"),
    ],
)
def test_an_offence_is_named_with_its_line(tmp_path, name, line, rule):
    at_line = 1 + len(line.splitlines())
    assert offences(tmp_path, name, f'"""Doc."""\n{line}\n') == [(at_line, rule)]


@pytest.mark.parametrize(("lines", "is_offence"), [(500, False), (501, True)])
def test_a_firmware_file_has_500_lines_at_most(tmp_path, lines, is_offence):
    assert bool(offences(tmp_path, APP, "x = 1\n" * lines)) == is_offence


@pytest.mark.parametrize(("lines", "is_offence"), [(40, False), (41, True)])
def test_a_firmware_function_has_40_lines_at_most(tmp_path, lines, is_offence):
    found = offences(tmp_path, CORE, "\ndef f():\n" + "    x = 1\n" * (lines - 1))
    assert found == ([(2, "function-length")] if is_offence else [])


def test_a_file_that_does_not_parse_is_one_offence(tmp_path):
    assert offences(tmp_path, CORE, "x = 1\ndef (:\n") == [(2, "syntax")]


def test_offences_are_printed_as_place_rule_and_mend():
    offence = layers.Offence("firmware/a.py", 7, "core-imports time", "pass it in")
    assert str(offence) == "firmware/a.py:7 core-imports time: pass it in"


def circles(root: Path, files: dict[str, str]) -> list[list[str]]:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return layers.circles(layers.import_lines(root))


@pytest.mark.parametrize(
    "to_b",
    [
        "from tools.box import b",
        "import tools.box.b",
        "from tools.box.b import THING",
        "from . import b",
        "from .b import THING",
        "def f():\n    from rouse.box import b",
        "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    from .b import Thing",
    ],
)
def test_two_files_that_import_each_other_are_a_circle(tmp_path, to_b):
    files = {"tools/box/a.py": to_b, "tools/box/b.py": "from . import c", "tools/box/c.py": "import json"}
    assert circles(tmp_path, files) == []
    assert circles(tmp_path, files | {"tools/box/b.py": "from . import a, c"}) == [["tools/box/a.py", "tools/box/b.py"]]


def test_each_circle_is_told_once_with_all_its_members_whatever_leads_to_it(tmp_path):
    files = {
        "firmware/evse/core/a.py": "from evse.core import b",
        "firmware/evse/core/b.py": "from evse.core.c import X",
        "firmware/evse/core/c.py": "from . import a\nfrom evse import VERSION",
        "firmware/evse/__init__.py": "VERSION = 1",
        "firmware/main.py": "import evse.core.a",
        "tools/vm/live.py": "import person\nfrom virtual import world\nimport board",
        "tools/vm/person.py": "import live",
        "tools/virtual/world.py": "from virtual import world",
        "tools/board.py": "import vm.live",
    }
    assert circles(tmp_path, files) == [
        ["firmware/evse/core/a.py", "firmware/evse/core/b.py", "firmware/evse/core/c.py"],
        ["tools/virtual/world.py"],
        ["tools/vm/live.py", "tools/vm/person.py"],
    ]


def test_a_circle_is_an_offence_at_the_line_that_enters_it(tmp_path, monkeypatch):
    files = {"firmware/evse/core/a.py": "x = 1\nfrom . import b", "firmware/evse/core/b.py": "from . import a"}
    circles(tmp_path, files)
    monkeypatch.setattr(layers, "NO_CIRCLES_IN", ("tools/",))
    assert layers.check(tmp_path) == []
    monkeypatch.setattr(layers, "NO_CIRCLES_IN", ("tools/", "firmware/"))
    (offence,) = layers.check(tmp_path)
    rule = "import-circle firmware/evse/core/a.py firmware/evse/core/b.py"
    assert offence[:3] == ("firmware/evse/core/a.py", 2, rule)


def test_the_project_itself_is_clean():
    assert (ROOT / "firmware" / "evse").is_dir() and layers.check(ROOT) == []
