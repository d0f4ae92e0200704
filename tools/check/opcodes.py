"""Counts the opcodes that each tick executes in firmware/, scene by scene, on CPython 3.11.

A count is the same on every machine, and one opcode is roughly 0.8-1.8 us on the chip. What runs in the fakes is C on
the chip and does not count. `python -m rouse.check.opcodes BOARD` prints the worst tick of each scene as
JSON; a process of its own, because it puts the fakes in the place of Python's modules.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import runpy
import sys
import tempfile
from types import FrameType
from typing import Any

from rouse import ROOT
from rouse.vm import scenes

VIRTUAL = ROOT / "tools" / "virtual"
TICK = "_tick"  # of app/charger.py: two in a callback, where a burst outlasts the period
BURST = str(ROOT / "firmware/evse/drivers/meter.py")  # the meter's burst is this driver's code
TICK_TIMER = 0
FIRMWARE = str(ROOT / "firmware") + os.sep


class OpcodeCounter:
    """The most opcodes of one tick in each scene, and of the meter's burst in it."""

    def __init__(self) -> None:
        self.most: dict[str, int] = {}
        self.most_burst = 0
        self.scene: str | None = None
        self._spent = [0, 0]  # in the tick, and in its burst

    def look(self, scene: str | None) -> None:
        """From now on ticks belong to `scene`; None: they are not looked at."""
        self.scene = scene

    def before_callback(self, timer: Any) -> None:
        """A tick or housekeeping begins: count a tick, if a scene is looked at."""
        if self.scene is not None and timer.id == TICK_TIMER:
            sys.settrace(self._enter)

    def after_callback(self, timer: Any) -> None:
        """It is over."""
        sys.settrace(None)
        if self.scene is not None and timer.id == TICK_TIMER:
            self._take(self.scene)

    def _take(self, scene: str) -> None:
        self.most[scene] = max(self.most.get(scene, 0), self._spent[False])
        self.most_burst = max(self.most_burst, self._spent[True])
        self._spent = [0, 0]

    def _enter(self, frame: FrameType, event: str, argument: Any) -> Any:
        """A function is called: follow it if it is the firmware's."""
        if not frame.f_code.co_filename.startswith(FIRMWARE):
            return None
        if frame.f_code.co_name == TICK and self.scene is not None:
            self._take(self.scene)
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        return self._count

    def _count(self, frame: FrameType, event: str, argument: Any) -> Any:
        self._spent[frame.f_code.co_filename == BURST] += event == "opcode"
        return self._count


def install_fakes(board: str) -> None:
    """Make `import machine`, `time`, `board` and `evse` find the fakes, the board file and the firmware."""
    sys.path[:0] = [str(VIRTUAL / "fake"), str(ROOT / "boards" / board), str(ROOT / "firmware"), str(ROOT / "tools")]
    spec = importlib.util.spec_from_file_location("time", VIRTUAL / "fake" / "time.py")
    assert spec is not None and spec.loader is not None
    fake_time = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fake_time)
    sys.modules["time"] = fake_time  # Python's own is built in, so no path could hide it


def count(board: str) -> dict[str, int]:
    """Boot the firmware on `board`, play the scenes, and return the worst tick of each, and the worst burst."""
    install_fakes(board)
    world_module = importlib.import_module("virtual.world")
    world = world_module.World(importlib.import_module("board").BOARD, scenes.CAR)
    counter = OpcodeCounter()
    world.scheduler.before_callback = counter.before_callback
    world.scheduler.after_callback = counter.after_callback
    for name in ("boot.py", "main.py"):
        runpy.run_path(str(ROOT / "firmware" / name))
    for _ in scenes.play(world, counter.look):
        pass
    if world.scheduler.callback_errors:
        raise scenes.SceneError(f"a callback failed: {world.scheduler.last_error}")
    return counter.most | {"meter burst": counter.most_burst}


def main(arguments: list[str]) -> int:
    """Count on the board named by the argument; exit status."""
    # The firmware has a flash for its settings and journal; its banner is not our answer.
    with tempfile.TemporaryDirectory() as flash, contextlib.chdir(flash), contextlib.redirect_stdout(sys.stderr):
        try:
            most = count(arguments[0])
        except scenes.SceneError as error:
            print(f"opcodes: {error}")
            return 1
    print(json.dumps(most))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
