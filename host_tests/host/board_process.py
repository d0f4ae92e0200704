"""A running `make board` for tests: its person at the board, its serial port, and the real mpremote on it.

Real time and real processes; knows nothing of the rules that the tests check.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import serial

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 40
QUICK_CAR = 'name = "quick car"\nsource = "Made up for tests."\nstart_delay_ms = 500\nramp_up_ma_s = 32000\n'


class BoardProcess:
    """The command and its port; `port` is the path that a tool opens."""

    def __init__(self, folder: Path, *options: str) -> None:
        car = folder / "quick.toml"
        car.write_text(QUICK_CAR)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.board", "--car", str(car), *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=ROOT,
        )
        self.greeting = [self._line() for _ in range(3)]
        self.port = self.greeting[1].split()[-1]

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"make board ended with status {self._process.wait()}"
        return line.rstrip("\n")

    def order(self, line: str) -> dict[str, Any]:
        """Type a line at the command; its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        answer: dict[str, Any] = json.loads(self._line())
        return answer

    def status(self) -> dict[str, Any]:
        """What can be seen from outside."""
        return self.order("status")

    def mpremote(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The real tool on this port."""
        command = [sys.executable, "-m", "mpremote", "connect", self.port, *words]
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S)

    def run(self, source: str) -> str:
        """What `source` prints, run beside the charger."""
        done = self.mpremote("resume", "exec", source)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def serial(self) -> serial.Serial:
        """The port as a plain terminal has it."""
        return serial.Serial(self.port, 115200, timeout=PATIENCE_S)

    def wait(self, key: str, value: object) -> dict[str, Any]:
        """The first status with `key` at `value`."""
        end_s = time.monotonic() + PATIENCE_S
        while True:
            seen = self.status()
            if seen[key] == value:
                return seen
            assert time.monotonic() < end_s, f"{key} is not {value}: {seen}"
            time.sleep(0.05)

    def charge(self) -> dict[str, Any]:
        """Charge, whatever was before; the status then."""
        if "NameError" in self.mpremote("resume", "exec", "evse").stderr:
            self.mpremote("resume", "reset")
            time.sleep(2)
        self.order("plug")
        self.run("evse.mode('fast'); evse.start()")
        seen = self.wait("contactor_closed", True)
        while seen["car_ma"] < 6000:
            seen = self.status()
        return seen

    def vm_pid(self) -> int:
        """The process that is the chip just now."""
        pid = self._process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])

    def close(self) -> None:
        """Quit it."""
        self._process.communicate("quit\n", timeout=PATIENCE_S)
        assert self._process.returncode == 0
