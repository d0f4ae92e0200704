"""What is flashed, compiled file by file, does on the VM what its source does on CPython, to 5 ms."""

import json
import random
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from life import play
from rig import Rig

from rouse import ROOT
from rouse.build.firmware import board_data, firmware_files, virtual_files
from rouse.data.car_file import checked
from rouse.virtual.pilot import NOTHING, PWM, STEADY_HIGH, STEADY_LOW
from rouse.vm import run as vm

HERE = Path(__file__).parent
INSIDE = (HERE / "life.py", HERE / "life_inside.py", ROOT / "tools/vm/repl.py")
CAR = checked({"name": "c", "source": "made up", "start_delay_ms": 300, "wakes_on": "either", "sleep_after_s": 600})
TYPED = (
    "evse.mode('fast')", "evse.mode('solar')", "evse.mode('eco')", "evse.mode('off')", "evse.mode('warp')",
    "evse.stop()", "evse.start()", "evse.wake()", "evse.boost(kwh=2)", "evse.boost(minutes=9999)",
    "evse.car('a', limit=0, per_h=0)", "evse.car('b', nonsense=1)", "evse.forget('a')", "tune.max_ma = 9000",
    "tune.max_ma = 1", "tune.wake = 0", "tune.nothing = 1", "tune.save()", "evse.verdict()", "evse.journal()",
    "evse.cal.gain('grid', 2000)", "evse.cal.flip('grid')", "evse.cal.zero('car')", "repr(evse)",
)  # fmt: skip
EVENTS: dict[str, tuple[int | str, ...]] = {
    "plug": (0,), "unplug": (0,), "press": (30, 200, 2500), "sun": (0, 2500, 9000), "leak": (0, 0, 1),
    "stall": (5, 30, 60, 150, 700), "short": (0, 0, 0, 1, 2), "diode": (0, 1, 1), "heat": (2500, 2500, 7100),
    "cable": (220, 220, 680, 0), "asleep": (0, 1), "type": TYPED,
}  # fmt: skip
Script = list[tuple[str, int | str, int]]
REFERENCE = board_data("reference")
BOARDS = {
    "reference": REFERENCE,
    "another": REFERENCE
    | {"phases": 3, "reference": "inverter", "cable_ma": 20000}
    | {"pins": REFERENCE["pins"] | {"proximity_adc": None, "contactor_readback": None, "fan": 22}},
}


MENDED: Script = [("leak", 0, 10), ("short", 0, 10), ("diode", 1, 10), ("heat", 2500, 10), ("cable", 220, 10)]
REPLUGGED: Script = [
    ("unplug", 0, 1000), ("type", "evse.mode('fast')", 10), ("type", "evse.start()", 10), ("plug", 0, 6000),
]  # fmt: skip
CHARGES = 8


def storm(seed: int) -> Script:
    """A life at random, half of it typed: again and again all is well and a car is plugged in, then things happen."""
    chance = random.Random(seed)
    names = [*EVENTS, *["type"] * len(EVENTS)]
    script: Script = []
    for _ in range(CHARGES):
        script += MENDED + REPLUGGED
        for name in chance.choices(names, k=5):
            script.append((name, chance.choice(EVENTS[name]), chance.choice((10, 90, 700, 4000))))
    return [*script, *MENDED, ("unplug", 0, 5000)]


def seen(told: list[str]) -> list[tuple[int, int, bool]]:
    """(ms, what the car sees, are the contacts closed) at each change."""
    words = [line.split() for line in told if line.startswith("saw ")]
    return [(int(word[1]), int(word[2]), word[5] == "True") for word in words]


def on_vm(script: Script, board: dict[str, Any], **car: int | str) -> list[str]:
    files = {
        **virtual_files(),
        **firmware_files("reference"),
        "/board.py": f"BOARD = {board!r}".encode(),
        "/job.json": json.dumps({"car": CAR | car, "script": script}).encode(),
        **{f"/{path.name}": path.read_bytes() for path in INSIDE},
    }
    lines: list[str] = []
    assert vm.run(files, "from life_inside import step", lines.append, step="step", heap_bytes=1024 * 1024) == 0, lines
    return lines


def on_cpython(script: Script, board: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    with Rig(folder, CAR, board) as rig:
        for _ in play(rig.world, rig.evse, rig.tune, script):
            pass
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(("seed", "board"), [(1, "reference"), (2, "another")])
def test_the_flashed_code_lives_as_its_source_does(
    seed: int, board: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = storm(seed)
    expected = on_cpython(script, BOARDS[board], tmp_path, capsys)
    told = on_vm(script, BOARDS[board])
    differences = [(place, pair) for place, pair in enumerate(zip(expected, told, strict=False)) if pair[0] != pair[1]]
    assert not differences, differences[:3]
    assert len(expected) == len(told) and "judged 0" in told
    held = [is_held for _, _, is_held in seen(told)]
    assert sum(now and not was for was, now in pairwise(held)) > CHARGES // 2, "it mostly charged"


@pytest.mark.parametrize("seed", [3, 4, 5, 6, 7, 8])
def test_the_judge_counts_nothing_in_a_storm(seed: int, tmp_path: Path) -> None:
    with Rig(tmp_path, CAR) as rig:
        for _ in play(rig.world, rig.evse, rig.tune, storm(seed)):
            assert rig.world.judge.violations == 0, rig.world.judge.last
        assert rig.world.contactor.starts > CHARGES // 2
        assert rig.evse.status()["tick_errors"] == 0 and rig.world.scheduler.callback_errors == 0


def test_a_car_that_an_open_pilot_does_not_wake_gets_minus_12_v_and_then_charges() -> None:
    script: Script = [("type", "evse.mode('fast')", 500), ("plug", 0, 10), ("asleep", 1, 185000)]
    told = on_vm(script, REFERENCE, wakes_on="minus12", wake_pulse_ms=10000)
    course = [list(stretch) for _, stretch in groupby(seen(told), key=lambda look: look[1])][-7:]
    assert [stretch[0][1] for stretch in course] == [PWM, NOTHING, STEADY_HIGH, PWM, STEADY_LOW, STEADY_HIGH, PWM]
    begun_ms = [stretch[0][0] for stretch in course]
    assert abs(begun_ms[2] - begun_ms[1] - 46000) <= 40 and abs(begun_ms[5] - begun_ms[4] - 12000) <= 40
    assert [any(is_held for _, _, is_held in stretch) for stretch in course] == [False] * 6 + [True]
    assert not any("unplugged" in line for line in told) and "judged 0" in told
