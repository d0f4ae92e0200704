"""A charger for tests: the whole firmware on CPython, in front of the virtual board, in virtual time.

Each rig has its own world and its own freshly imported firmware; leaving it gives Python its modules back.
"""

import contextlib
import functools
import importlib
import importlib.util
import os
import pickle
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rouse.build.firmware import firmware_files
from rouse.data.car_file import checked

ROOT = Path(__file__).resolve().parents[2]
VIRTUAL = ROOT / "tools" / "virtual"
OURS = ("machine", "time", "board", "virtual", "evse")

CAR = checked({"name": "car of the tests", "source": "host_tests", "room_wh": 50000, "start_delay_ms": 1000})
CAR |= {"lag_ms": 1000, "ramp_up_ma_s": 8000, "ramp_down_ma_s": 8000, "wakes_on": "open"}  # it sleeps only when told to


@functools.cache
def module_bytes() -> dict[str, int]:
    """The size of each module on the chip's flash, by its name."""
    files = firmware_files("reference")
    names = {path[1:-4].replace("/", "."): len(data) for path, data in files.items() if path.endswith(".mpy")}
    return {name.removesuffix(".__init__"): size for name, size in names.items()}


def own_modules() -> dict[str, Any]:
    """The modules of firmware and virtual board, as Python has them, taken out of its way."""
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] in OURS}


def in_a_copy(rig: "Rig", scene: Callable[["Rig"], Any]) -> Any:
    """What `scene` gives in a forked copy of the running charger: the original stands still."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, pickle.dumps(scene(rig)))
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        result = pickle.loads(answer.read())
    os.waitpid(child, 0)
    return result


class Rig:
    """The running charger: world, evse, tune and charger, for as long as the `with` lasts."""

    def __init__(
        self,
        flash: Path,
        car: dict[str, Any] | None = None,
        board: dict[str, Any] | None = None,
        chip: str = "default",
    ) -> None:
        self._chip = chip
        self._flash = flash
        self._car = CAR | (car or {})
        self._board = board
        self._ends = contextlib.ExitStack()

    def __enter__(self) -> "Rig":
        with contextlib.ExitStack() as ends:
            ends.callback(sys.modules.update, own_modules())
            ends.callback(own_modules)
            ends.callback(sys.path.__setitem__, slice(None), list(sys.path))
            ends.enter_context(contextlib.chdir(self._flash))
            self._start(ends)
            self._ends = ends.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def _start(self, ends: contextlib.ExitStack) -> None:
        ours = (VIRTUAL / "fake", ROOT / "boards" / "reference", ROOT / "tools", ROOT / "firmware")
        sys.path[:0] = [str(folder) for folder in ours]
        spec = importlib.util.spec_from_file_location("time", VIRTUAL / "fake" / "time.py")
        assert spec is not None and spec.loader is not None
        fake_time = importlib.util.module_from_spec(spec)
        sys.modules["time"] = fake_time  # Python's own is built in: no path could hide it
        spec.loader.exec_module(fake_time)
        board = importlib.import_module("board")
        if self._board is not None:
            board.BOARD = self._board
        self.world = importlib.import_module("virtual.world").World(board.BOARD, self._car, self._chip)
        self.world.load_day((9000,), (300,))
        ends.callback(importlib.import_module("virtual.stalls").install(module_bytes()))
        ends.callback(importlib.import_module("virtual.keyboard").install())
        self.boot()

    def boot(self) -> None:
        """Run boot.py and main.py, as after power-on."""
        for name in [name for name in sys.modules if name.split(".")[0] == "evse"]:
            del sys.modules[name]
        runpy.run_path(str(ROOT / "firmware" / "boot.py"))
        scope = runpy.run_path(str(ROOT / "firmware" / "main.py"))
        self.evse = scope["evse"]
        self.tune = scope["tune"]
        self.help = scope["help"]
        self.charger = self.evse._charger

    def until(self, condition: Any, at_most_ms: int) -> int:
        """Run until `condition()`; returns the ms it took. Fails after `at_most_ms`."""
        world = self.world
        start_ms = world.ms
        while not condition():
            assert world.ms - start_ms < at_most_ms, f"not within {at_most_ms} ms: {self.evse.status().values}"
            world.run_ms(10)
        return int(world.ms - start_ms)

    def charge(self) -> None:
        """Plug in and wait until current flows, in mode fast."""
        self.evse.mode("fast")
        self.world.run_ms(1000)
        self.world.plug()
        self.until(lambda: self.world.car.ma > 6000, 30000)
