"""What is flashed, linked, renamed and compiled, does on the VM what its source does on CPython, to 5 ms."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from life import play
from rig import Rig

from rouse.build.firmware import board_data, firmware_files, virtual_files
from rouse.data.car_file import checked
from rouse.vm import run as vm

HERE = Path(__file__).parent
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
    "stall": (5, 60, 150, 700), "short": (0, 0, 0, 1), "diode": (0, 1, 1), "heat": (2500, 2500, 7100),
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


def storm(seed: int, events: int) -> Script:
    """A life at random, half of it typed; it begins and ends with a charge or a try at one."""
    chance = random.Random(seed)
    names = [*EVENTS, *["type"] * len(EVENTS)]
    script: Script = [("type", "evse.mode('fast')", 1000), ("plug", 0, 12000)]
    for _ in range(events):
        name = chance.choice(names)
        script.append((name, chance.choice(EVENTS[name]), chance.choice((10, 90, 700, 4000, 8000))))
    calm: Script = [("leak", 0, 10), ("short", 0, 10), ("diode", 1, 10), ("heat", 2500, 10), ("cable", 220, 10)]
    again: Script = [("unplug", 0, 5000), ("type", "evse.mode('fast')", 10), ("plug", 0, 20000), ("unplug", 0, 5000)]
    return [*script, *calm, *again]


def on_vm(script: Script, board: dict[str, Any]) -> list[str]:
    files = {
        **virtual_files(),
        **firmware_files("reference"),
        "/board.py": f"BOARD = {board!r}".encode(),
        "/job.json": json.dumps({"car": CAR, "script": script}).encode(),
        **{f"/{name}": (HERE / name).read_bytes() for name in ("life.py", "life_inside.py")},
    }
    lines: list[str] = []
    assert vm.run(files, "from life_inside import step", lines.append, step="step", heap_bytes=1024 * 1024) == 0, lines
    return lines


def on_cpython(
    script: Script, board: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    with Rig(folder, CAR, board) as rig:
        for _ in play(rig.world, rig.evse, rig.tune, script):
            pass
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(("seed", "board"), [(1, "reference"), (2, "another")])
def test_the_flashed_code_lives_as_its_source_does(
    seed: int, board: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = storm(seed, 40)
    expected = on_cpython(script, BOARDS[board], tmp_path, capsys)
    told = on_vm(script, BOARDS[board])
    differences = [(place, pair) for place, pair in enumerate(zip(expected, told, strict=False)) if pair[0] != pair[1]]
    assert not differences, differences[:3]
    assert len(expected) == len(told) > 100 and "judged 0" in told
