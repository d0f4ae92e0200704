"""A running `make board` for tests: its person at the board, its serial port, and the real mpremote on it.

Real time and real processes; knows nothing of the rules that the tests check.
"""

import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import serial

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 40
QUICK_CAR = 'name = "quick car"\nsource = "Made up for tests."\nstart_delay_ms = 500\nramp_up_ma_s = 32000\n'
# Every file on the flash, with its SHA-256.
LIST = """
import os
from binascii import hexlify
from hashlib import sha256
def walk(folder):
    for entry in os.ilistdir(folder or "/"):
        path = folder + "/" + entry[0]
        if entry[1] & 0x4000:
            walk(path)
        else:
            with open(path, "rb") as file:
                print(path, hexlify(sha256(file.read()).digest()).decode())
walk("")
"""


def run_tool(name: str, *options: str) -> "subprocess.CompletedProcess[str]":
    """A tool run to its end, as `make` does."""
    command = [sys.executable, "-m", "rouse.cli", name, *options]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=200, stdin=subprocess.DEVNULL)


class BoardProcess:
    """The command and its port; `port` is the path that a tool opens."""

    def __init__(self, folder: Path, *options: str) -> None:
        car = folder / "quick.toml"
        car.write_text(QUICK_CAR)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rouse.cli", "board", "--car", str(car), *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        )
        self._printed = b""
        self.greeting = [self._line() for _ in range(3)]
        self.port = self.greeting[1].split()[-1]
        self.wait("has_booted", True)

    def _line(self) -> str:
        """The next line it prints; not a blocking read, for a line that never comes must fail the test, not hang it."""
        output = self._process.stdout
        assert output is not None
        end_s = time.monotonic() + PATIENCE_S
        while b"\n" not in self._printed:
            assert select.select([output], [], [], max(0, end_s - time.monotonic()))[0], "make board does not answer"
            piece = os.read(output.fileno(), 65536)
            assert piece, f"make board ended with status {self._process.wait(PATIENCE_S)}"
            self._printed += piece
        line, _, self._printed = self._printed.partition(b"\n")
        return line.decode()

    def order(self, line: str) -> dict[str, Any]:
        """Type a line at the command; its answer."""
        return self.orders([line])[0]

    def orders(self, lines: list[str]) -> list[dict[str, Any]]:
        """Type all `lines` at once; their answers."""
        assert self._process.stdin is not None
        self._process.stdin.write("".join(line + "\n" for line in lines).encode())
        self._process.stdin.flush()
        return [json.loads(self._line()) for _ in lines]

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

    def files(self) -> dict[str, str]:
        """The SHA-256 of each file on its flash, by path."""
        return dict(line.split() for line in self.run(LIST).splitlines())

    def serial(self) -> serial.Serial:
        """The port as a plain terminal has it."""
        return serial.Serial(self.port, 115200, timeout=PATIENCE_S)

    def wait(self, key: str, value: object) -> dict[str, Any]:
        """The first status with `key` at `value`."""
        return self.wait_until(lambda seen: bool(seen[key] == value))

    def wait_until(self, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first status that fits."""
        end_s = time.monotonic() + PATIENCE_S
        while not is_so(seen := self.status()):
            assert time.monotonic() < end_s, f"still {seen}"
            time.sleep(0.05)
        return seen

    def wait_for_firmware(self) -> None:
        """Until main.py has run, after a reset; a tool that connects before, as on the chip, would end it."""
        self.wait("has_booted", True)
        assert self.mpremote("resume", "exec", "evse").returncode == 0, "main.py has left no charger"

    def charge(self) -> dict[str, Any]:
        """Charge, whatever was before; the status then."""
        self.wait("has_booted", True)
        if "NameError" in self.mpremote("resume", "exec", "evse").stderr:
            self.mpremote("resume", "reset")
            self.wait_for_firmware()
        self.order("plug")
        self.run("evse.mode('fast'); evse.start()")
        return self.wait_until(lambda seen: bool(seen["contactor_closed"]) and seen["car_ma"] >= 6000)

    def vm_pid(self) -> int:
        """The process that is the chip just now."""
        pid = self._process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])

    def close(self) -> None:
        """Quit it."""
        try:
            self._process.communicate(b"quit\n", timeout=PATIENCE_S)
        finally:
            self._process.kill()
        assert self._process.returncode == 0


class Screen:
    """A terminal window with a program in it."""

    def __init__(self, command: list[str]) -> None:
        self._keys, window = pty.openpty()
        self._process = subprocess.Popen(command, stdin=window, stdout=window, stderr=window)
        os.close(window)
        self._seen = b""

    def __enter__(self) -> "Screen":
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._keys)

    def type(self, keys: bytes) -> None:
        """Press some keys."""
        os.write(self._keys, keys)

    def _look(self) -> None:
        if select.select([self._keys], [], [], 0.1)[0]:
            try:
                self._seen += os.read(self._keys, 1024)
            except OSError:  # the program has closed its side
                time.sleep(0.1)

    def wait_for(self, text: bytes) -> None:
        """Until `text` has appeared."""
        end_s = time.monotonic() + PATIENCE_S
        while text not in self._seen:
            assert time.monotonic() < end_s, self._seen
            self._look()

    def wait_for_end(self) -> int:
        """Until the program has ended, its screen read all the while; its exit status."""
        end_s = time.monotonic() + PATIENCE_S
        while self._process.poll() is None:
            assert time.monotonic() < end_s, self._seen
            self._look()
        return int(self._process.returncode)
