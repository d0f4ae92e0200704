"""The virtual board's chip: one VM after another, each from a reset to the next, with the same plant and flash.

Knows what a reset keeps; does not know pseudo-terminals nor what the commands mean.
"""

import array
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from rouse import ROOT, ToolError
from rouse.build.firmware import virtual_files
from rouse.data.car_file import Car
from rouse.data.day_file import Day
from rouse.vm import run as vm

SOFT_RESET = 5  # machine.SOFT_RESET
POWER_ON = 1
INSIDE = ("live.py", "person.py")  # what runs in the VM beside the firmware


class Chip:
    """Switched on when made. `output` and `answers` are descriptors to read; a reset is carried out by restart()."""

    def __init__(
        self, board: dict[str, Any], flash: dict[str, bytes], car: Car, day: Day, chip: str, plugged: bool
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="rouse-board-")
        self._program = vm.program("board.mjs")
        files = virtual_files()
        for name in INSIDE:
            files[f"/fake/{name}"] = (ROOT / "tools" / "vm" / name).read_bytes()
        for name, watts in (("solar", day.solar_w), ("house", day.house_w)):
            files[f"/fake/{name}.bin"] = array.array("i", watts).tobytes()
        self._job: dict[str, Any] = {
            "files": vm.encode_files(files),
            "flash": vm.encode_files(flash),
            "cause": POWER_ON,
            "is_raw": False,
            "commands": [],
            "command_text": "",
            "world": {"board": board, "car": car, "chip": chip, "plugged": plugged, "state": None},
        }
        input_read, self._input = os.pipe()
        self.output, output_write = os.pipe()
        command_read, self._command = os.pipe()
        self.answers, answer_write = os.pipe()
        self._ends = (input_read, output_write, command_read, answer_write)
        for polled in (input_read, command_read):
            os.set_blocking(polled, False)
        self._start()

    def _start(self) -> None:
        folder = Path(self._folder.name)
        (folder / "job.json").write_text(json.dumps(self._job))
        numbers = [str(number) for number in self._ends]
        self._process = subprocess.Popen(
            [*self._program, folder, *numbers], stdin=subprocess.DEVNULL, pass_fds=self._ends, stderr=subprocess.PIPE
        )

    def type(self, data: bytes) -> None:
        """Bytes arrive at the chip's UART."""
        os.write(self._input, data)

    def command(self, line: str) -> None:
        """A command of the person at the board; one JSON line comes back on `answers`."""
        os.write(self._command, line.encode() + b"\n")

    def change_car(self, car: Car) -> None:
        """Another car stands there, not plugged; answered like a command."""
        self._job["world"]["car"] = car
        self.command("car " + json.dumps(car))

    def restart(self) -> bool:
        """After a reset: start the next VM where this one left off; False while this one runs. Raises ToolError."""
        if self._process.poll() is None:
            return False
        left = Path(self._folder.name) / "left.json"
        if self._process.returncode != 0 or not left.exists():
            said = self._process.communicate()[1].decode(errors="replace").split("\n")
            last = next((line for line in reversed(said) if line.strip()), "it said nothing")
            raise ToolError(f"the VM ended with status {self._process.returncode}: {last}")
        state = json.loads(left.read_text())
        left.unlink()
        cause = state["cause"]
        self._job.update(cause=cause, flash=state["flash"], is_raw=cause == SOFT_RESET and state["is_raw"])
        self._job.update(commands=state["commands"], command_text=state["command_text"])
        self._job["world"]["state"] = state["state"]
        self._start()
        return True

    def close(self) -> None:
        """Switch it off."""
        self._process.kill()
        self._process.wait()
        for descriptor in (*self._ends, self._input, self.output, self._command, self.answers):
            os.close(descriptor)
        self._folder.cleanup()
