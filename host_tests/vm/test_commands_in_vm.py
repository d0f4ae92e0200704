"""Every command that a person may type while it charges: nothing is imported, no tick held up, no contactor opened."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from rouse import ROOT
from rouse.build.firmware import FIRMWARE, firmware_files, virtual_files
from rouse.data.car_file import checked
from rouse.vm import run as vm
from rouse.vm.scenes import CHARGING, STOPPED

HERE = Path(__file__).parent
CAR = checked({"name": "c", "source": "made up", "start_delay_ms": 300, "ramp_up_ma_s": 32000})
ROUND_MS = 300  # of ticks, and a little: whatever follows from a command
WAITS_MS = {"evse.stop()": 3000, "evse.start()": 9000}
AGAIN = ("evse.start()", "evse.verdict()", "evse.report()", "evse.cal", "evse.status()")
LATE_MS = 10
BURST_GAP_MS = 32  # between the begin of a tick with a meter burst and the next: 20 ms and what the burst is longer


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """What the VM printed."""
    commands = [(line, WAITS_MS.get(line, ROUND_MS)) for line in (*CHARGING, *STOPPED, *AGAIN)]
    files = {
        **virtual_files(),
        **firmware_files("reference"),
        "/job.json": json.dumps({"car": CAR, "commands": commands}).encode(),
        "/commands_inside.py": (HERE / "commands_inside.py").read_bytes(),
        "/repl.py": (ROOT / "tools/vm/repl.py").read_bytes(),
    }
    said: list[str] = []
    source = "from commands_inside import step"
    assert vm.run(files, source, said.append, step="step", heap_bytes=2 * 1024 * 1024) == 0, said[-5:]
    return said


@pytest.fixture(scope="module")
def told(lines: list[str]) -> list[dict[str, Any]]:
    """What each command did, in their order."""
    found = [json.loads(line) for line in lines if line.startswith('{"') and '"longest_gap_ms"' in line]
    assert [each["line"] for each in found] == [*CHARGING, *STOPPED, *AGAIN]
    return found


def test_every_command_is_typed() -> None:
    tree = ast.parse((FIRMWARE / "evse/app/console.py").read_text(encoding="utf-8"))
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for variable, name in (("evse", "Evse"), ("tune", "Tune")):
        methods = [node.name for node in classes[name].body if isinstance(node, ast.FunctionDef)]
        for method in methods:
            if not method.startswith("_"):
                assert any(line.startswith(f"{variable}.{method}") for line in (*CHARGING, "evse.stop()")), method


def test_nothing_is_imported_while_it_charges(told: list[dict[str, Any]]) -> None:
    assert told[-1]["imports_under_load"] == []
    stopped = {each["line"]: each["loaded"] for each in told[len(CHARGING) :][: len(STOPPED)]}
    assert stopped["evse.verdict()"] == ["evse.app.verdict"] and stopped["evse.cal"] == ["evse.app.calibrate"]


def test_the_contactor_stays_closed_through_every_command_but_stop(
    told: list[dict[str, Any]], lines: list[str]
) -> None:
    for each in told[: len(CHARGING)]:
        assert each["is_closed"] and each["starts"] == 0, each
    is_closed = [each["is_closed"] for each in told[len(CHARGING) :]]
    assert is_closed == [False] * len(STOPPED) + [True] * len(AGAIN)
    assert [each["starts"] for each in told[-len(AGAIN) :]] == [1, 0, 0, 0, 0]
    assert json.loads(lines[-1])["violations"] == 0, lines[-1]


def test_a_collection_makes_no_tick_later_than_10_ms_and_the_gap_stays_below_the_one_shot_s(
    told: list[dict[str, Any]],
) -> None:
    charging = [each for each in told if each["is_closed"] and each["line"] != "evse.start()"]
    assert sum(each["collections"] for each in charging) > 30 and charging[-1]["longest_ms"] >= 18
    assert max((each["latest_ms"], each["line"]) for each in charging)[0] <= LATE_MS, charging
    assert max((each["longest_gap_ms"], each["line"]) for each in charging)[0] <= BURST_GAP_MS + LATE_MS, charging


def test_what_prints_more_than_a_line_collects_its_garbage(told: list[dict[str, Any]]) -> None:
    silent = {each["line"].partition("(")[0].partition(" =")[0] for each in told if not each["collections"]}
    assert silent <= {"evse.status", "evse.mode", "evse.boost", "evse.start", "tune.max_ma", "tune.save"}, silent
    assert next(each["collections"] for each in told if each["line"] == "evse.status()") == 1


def test_what_is_not_loaded_while_it_charges_says_so_in_one_line(lines: list[str]) -> None:
    for line in [line for line in CHARGING if line.startswith("evse.cal.")]:
        at = lines.index(f"typed {line}")
        assert "loaded with the contactor open" in lines[at + 1] and lines[at + 2].startswith("{"), lines[at : at + 3]
    at = lines.index("typed evse.verdict()")
    assert "cases: told with the contactor open, or by `rouse verdict`" in "".join(lines[at : at + 9])
