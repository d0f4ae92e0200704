"""tools/once.py: what only a boot calls is forgotten when it is over, and nothing else."""

import sys
from pathlib import Path
from types import FrameType

import pytest
from rig import Rig

from tools import firmware
from tools.once import called_once, with_letting_go

# A program, and what of it only `start` leads to. `start` returns its state, for `use` to go on with.
CASES = {
    "a constructor, and what it calls": (
        "class Pilot:\n    def __init__(self):\n        self.mv = scaled(9)\n"
        "    def read(self):\n        return self.mv\n"
        "def scaled(x):\n    return x * 1000\ndef start():\n    made = Pilot()\n    end()\n    return made\n"
        "def use(made):\n    return made.read()\n",
        {"start", "end", "Pilot.__init__", "scaled"},
    ),
    "a class of which more are made later": (
        "class Hold:\n    def __init__(self, ms):\n        self.ms = double(ms)\ndef double(x):\n    return 2 * x\n"
        "def start():\n    made = Hold(1)\n    end()\n    return made\n"
        "def use(made):\n    return made.ms, Hold(2).ms\n",
        {"start", "end"},
    ),
    "a constructor that is called by its own name": (
        "class Hold:\n    def __init__(self):\n        self.ms = 3\n"
        "def start():\n    made = Hold()\n    end()\n    return made\n"
        "def use(made):\n    made.ms = 5\n    made.__init__()\n    return made.ms\n",
        {"start", "end"},
    ),
    "a class that is handed on": (
        "class A:\n    def __init__(self):\n        self.v = 1\n"
        "class Box:\n    def __init__(self, kind):\n        self.kind = kind\n"
        "    def more(self):\n        return self.kind().v\n"
        "def start():\n    made = Box(A)\n    end()\n    return made\ndef use(made):\n    return made.more()\n",
        {"start", "end", "Box.__init__"},
    ),
    "methods of one name in two classes": (
        "class A:\n    def load(self):\n        return 1\n    def fill(self):\n        return 3\n"
        "class B:\n    def load(self):\n        return 2\n"
        "def start():\n    made = A(), B()\n    made[0].load()\n    made[0].fill()\n    end()\n    return made\n"
        "def use(made):\n    return made[1].load()\n",
        {"start", "end", "A.fill"},
    ),
    "what is asked for by text, passed on, or a property": (
        "class A:\n    def by_text(self):\n        return 1\n"
        "    @property\n    def level(self):\n        return helper()\n"
        "def helper():\n    return 5\ndef passed():\n    return 6\ndef tool():\n    return 7\nTOOLS = (tool,)\n"
        "def start():\n    made = A(), passed\n    made[0].level, made[0].by_text(), passed(), tool(), helper()\n"
        "    end()\n    return made\n"
        "def use(made):\n    return getattr(made[0], 'by_text')(), made[0].level, made[1](), TOOLS[0]()\n",
        {"start", "end", "passed"},
    ),
    "functions that call each other and themselves": (
        "def odd(x):\n    return x and even(x - 1)\ndef even(x):\n    return not x or odd(x - 1)\n"
        "def lonely():\n    return lonely()\n"
        "def start():\n    made = odd(3)\n    end()\n    return made\ndef use(made):\n    return made\n",
        {"start", "end"},
    ),
    "an annotation is no call": (
        "class A:\n    def __init__(self):\n        self.x: 'A | None' = None\n"
        "def start():\n    made = A()\n    end()\n    return made\n"
        "def use(made: 'A', other: 'A | None' = None) -> 'A':\n    return made.x\n",
        {"start", "end", "A.__init__"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_only_a_boot_calls_is_forgotten_and_the_rest_works(case: str) -> None:
    source, forgotten = CASES[case]
    source += 'def end():\n    """Over."""\n'
    assert set(called_once({"p": source}, "p", "start")) == forgotten
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    exec(source, before)
    exec(with_letting_go({"p": source}, "p", "start", "end")["p"], after)
    results = [eval("use(start())", scope) for scope in (before, after)]
    assert results[0] == results[1]
    for path in forgotten:
        assert eval(path, after) is None and eval(path, before) is not None, path


def test_another_module_s_call_keeps_a_function() -> None:
    texts = {
        "p": "def a():\n    pass\nb = lambda: 0\ndef c():\n    pass\n"
        "def start():\n    a()\n    b()\n    c()\n    end()\ndef end():\n    'x'\n",
        "q": "from p import a as other\n",
    }
    assert set(called_once(texts, "p", "start")) == {"start", "c", "end"}
    assert with_letting_go(texts, "p", "start", "end")["q"] == texts["q"]


def test_no_function_that_the_firmware_calls_after_a_boot_is_forgotten(tmp_path: Path) -> None:
    paths = called_once(firmware.joined_texts(firmware.source_texts()), firmware.ENTRY, "start")
    once = set(paths)
    assert len(once) == len(paths) > 50
    assert {"Charger.__init__", "Controller.__init__", "Keeper._load", "start", "let_go_of_boot"} <= once
    called = set[str]()

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and "/firmware/evse/" in frame.f_code.co_filename:
            called.add(frame.f_code.co_qualname)

    with Rig(tmp_path, {"wakes_on": "open"}) as rig:
        sys.setprofile(look)
        try:
            live(rig)
        finally:
            sys.setprofile(None)
    assert {"Charger.tick", "Wake.step", "Keeper.second", "Evidence.close"} <= called
    assert not called & once


def live(rig: Rig) -> None:
    """A good deal of what can happen to a charger."""
    evse, tune, world = rig.evse, rig.tune, rig.world
    evse.car("known", limit=3)
    world.plug()
    world.car.asleep = True
    rig.until(lambda: world.car.woken == 1, 300000)
    tune.max_ma = 20000
    tune.save()
    evse.boost(kwh=1)
    world.unplug()
    world.run_ms(5000)
    rig.charge()
    for typed in (evse.status, evse.verdict, evse.journal, evse.report, evse.wake, evse.stop, evse.start):
        typed()
    repr(evse), repr(tune), repr(evse.cal)
    world.leak(True)
    world.run_ms(5000)
    world.leak(False)
    world.unplug()
    evse.forget("known")
    evse.mode("eco")
    world.run_ms(90000)
