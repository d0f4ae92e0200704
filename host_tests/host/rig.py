"""A charger for tests: the whole firmware on CPython, in front of the virtual board, in virtual time.

Each rig has its own world and its own freshly imported firmware; leaving it gives Python its modules back.
"""

import functools
import importlib
import importlib.util
import os
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rouse.build.firmware import firmware_files

ROOT = Path(__file__).resolve().parents[2]
VIRTUAL = ROOT / "tools" / "virtual"
OURS = ("machine", "esp32", "time", "board", "virtual", "evse")

CAR = {
    "name": "car of the tests", "source": "host_tests", "min_ma": 6000, "max_ma": 32000, "room_wh": 50000,
    "diode": 1, "r2_ohm": 2740, "r3_ohm": 1300, "wants_fan": 0, "start_delay_ms": 1000, "lag_ms": 1000,
    "ramp_up_ma_s": 8000, "ramp_down_ma_s": 8000, "below_offer_ma": 300, "stop_ms": 800, "ignores_stop": 0,
    "sleep_after_s": 0, "wakes_on": "open", "wake_pulse_ms": 3000,
}  # fmt: skip


@functools.cache
def module_bytes() -> dict[str, int]:
    """The size of each module on the chip's flash, by its name."""
    files = firmware_files("reference")
    names = {path[1:-4].replace("/", "."): len(data) for path, data in files.items() if path.endswith(".mpy")}
    return {name.removesuffix(".__init__"): size for name, size in names.items()}


def _nothing() -> None:
    """Before the stalls are installed there is nothing to undo."""


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
        self._kept: dict[str, Any] = {}
        self._path: list[str] = []
        self._folder = ""
        self._undo_stalls: Callable[[], None] = _nothing

    def __enter__(self) -> "Rig":
        self._kept = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] in OURS}
        self._path = list(sys.path)
        self._folder = os.getcwd()
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._undo_stalls()
        for name in list(sys.modules):
            if name.split(".")[0] in OURS:
                del sys.modules[name]
        sys.modules.update(self._kept)
        sys.path[:] = self._path
        os.chdir(self._folder)

    def _start(self) -> None:
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
        os.chdir(self._flash)
        self._undo_stalls = importlib.import_module("virtual.stalls").install(module_bytes())
        self.boot()

    def boot(self) -> None:
        """Run boot.py and main.py, as after power-on."""
        for name in [name for name in sys.modules if name.split(".")[0] == "evse"]:
            del sys.modules[name]
        runpy.run_path(str(ROOT / "firmware" / "boot.py"))
        scope = runpy.run_path(str(ROOT / "firmware" / "main.py"))
        self.evse = scope["evse"]
        self.tune = scope["tune"]
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
        self.until(lambda: self.world.car_ma > 6000, 30000)
