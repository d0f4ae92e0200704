"""`make flash`: the firmware onto a board over its serial port, verified, and started.

Knows how to talk to MicroPython on the chip; does not know what the firmware does. Nothing the board runs is touched
before every new file lies beside it and has been read back.
"""

import argparse
import contextlib
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import serial

from rouse import ToolError
from rouse.build.firmware import board_names, firmware_files
from rouse.build.on_chip import DIGEST, ERASE, LOOK, NEW, SWITCH
from rouse.vm import run as vm

OLDEST_MICROPYTHON = (1, 26)  # its PWM and ADC differ before; the firmware refuses to arm there too
PLATFORMS = ("esp32", "webassembly")  # the second is the virtual board
BAUD = 115_200
ANSWER_S = 30.0
COPY_S = 300.0  # 20 KB take some 15 s
BANNER_S = 20.0


class FlashError(ToolError):
    """Flashing stopped; the text is one line for the person."""


class Board:
    """A board behind a serial port, asked through mpremote. Raises FlashError for a port that is not there."""

    def __init__(self, port: str) -> None:
        if not Path(port).exists():
            raise FlashError(f"no port {port}: is the board plugged in? `mpremote connect list` shows the ports")
        self.port = port

    def mpremote(self, *words: str, limit_s: float = ANSWER_S) -> str:
        """What mpremote says. Raises FlashError with its last line when it fails or takes longer than `limit_s`."""
        command = [sys.executable, "-m", "mpremote", "connect", self.port, *words]
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit_s, check=False
            )
        except subprocess.TimeoutExpired:
            raise FlashError(f"{self.port} does not answer: is it a board with MicroPython, and not busy?") from None
        if done.returncode != 0:
            lines = (done.stdout + done.stderr).strip().splitlines()
            raise FlashError(f"{self.port}: {lines[-1] if lines else 'mpremote failed'}")
        return done.stdout

    def ask(self, source: str) -> Any:
        """What `source` prints as JSON on the chip, beside whatever runs there. Raises FlashError."""
        answer = self.mpremote("resume", "exec", source).strip().splitlines()
        try:
            return json.loads(answer[-1])
        except (IndexError, ValueError):
            raise FlashError(f"{self.port}: no sense in its answer {' '.join(answer)[:80]!r}") from None


def check_answer(answer: dict[str, Any], port: str) -> None:
    """Raises FlashError unless the board that gave this answer to LOOK may be flashed."""
    if answer["platform"] not in PLATFORMS:
        raise FlashError(f"{port} is a {answer['platform']}; this firmware runs on an ESP32")
    if tuple(answer["version"]) < OLDEST_MICROPYTHON:
        found, oldest = (".".join(map(str, version)) for version in (answer["version"], OLDEST_MICROPYTHON))
        raise FlashError(f"{port} runs MicroPython {found}: install {oldest} or newer first (esptool, ESP32_GENERIC)")
    if answer["is_charging"]:
        raise FlashError(
            f'{port} is charging: stop it first, with its button or mpremote connect {port} resume exec "evse.stop()"'
        )


def check_board(files: dict[str, bytes]) -> None:
    """Have the firmware itself check the board file, on the VM. Raises FlashError."""
    said: list[str] = []
    source = "from board import BOARD\nfrom evse.app.boards import check\ncheck(BOARD)\n"
    if vm.run(files, source, said.append) != 0:
        raise FlashError(said[-1] if said else "the board file cannot be read")


def copy(board: Board, files: dict[str, bytes]) -> None:
    """Put `files` into the folder NEW on the chip and read them back. Raises FlashError."""
    with tempfile.TemporaryDirectory() as folder:
        for path, data in files.items():
            local = Path(folder) / path[1:]
            local.parent.mkdir(parents=True, exist_ok=True)
            local.write_bytes(data)
        board.mpremote("resume", "exec", ERASE + f"erase({NEW!r})\nos.mkdir({NEW!r})")
        board.mpremote("resume", "fs", "cp", "-r", folder + "/.", f":{NEW}/", limit_s=COPY_S)
    verify(board, files)


def give_up(board: Board) -> None:
    """Leave the board as it was found, with its old firmware running, if it still answers."""
    with contextlib.suppress(FlashError):
        board.mpremote("resume", "exec", ERASE + f"erase({NEW!r})")
        board.mpremote("resume", "reset")


def verify(board: Board, files: dict[str, bytes]) -> None:
    """Raises FlashError naming the first file that did not arrive as it was sent."""
    found = board.ask(DIGEST.format(paths=[NEW + path for path in files]))
    for path, digest in zip(files, found, strict=True):
        if digest != hashlib.sha256(files[path]).hexdigest():
            raise FlashError(f"{path} did not arrive whole at {board.port}: try again, or a shorter cable")


def start(port: str) -> str:
    """Reset the chip; the line with which the firmware greets. Raises FlashError."""
    last = "nothing"
    try:
        with serial.Serial(port, BAUD, timeout=0.5) as line:
            line.write(b"\x02import machine; machine.reset()\r")
            end_s = time.monotonic() + BANNER_S
            while time.monotonic() < end_s:
                text = str(line.readline(), "utf-8", "replace").strip()
                if text.startswith("Rouse"):
                    return text
                last = text or last
    except (OSError, serial.SerialException) as error:
        raise FlashError(f"{port}: {error}") from None
    raise FlashError(f"{port}: copied, but the firmware did not greet within {BANNER_S:.0f} s; it said {last[:80]!r}")


def flash(port: str, name: str) -> None:
    """All of it, saying what it does. Raises FlashError, FirmwareError or VmError."""
    files = firmware_files(name)
    check_board(files)
    board = Board(port)
    check_answer(board.ask(LOOK), port)
    size = sum(map(len, files.values()))
    print(f"flash: {len(files)} files, {size} bytes, for board {name}; the charger at {port} stops now", flush=True)
    board.mpremote("soft-reset")  # runs boot.py only: the contactor is open and nothing will close it
    try:
        copy(board, files)
    except BaseException:
        give_up(board)
        raise
    print("flash: every file read back and right; starting", flush=True)
    board.mpremote("resume", "exec", ERASE + SWITCH.format(new=NEW))
    greeting = start(port)
    if not greeting.startswith("Rouse ") or f" on {name}" not in greeting:
        raise FlashError(f"{port}: copied, but the firmware says: {greeting}")
    print(f"flash: {greeting}")


def main(arguments: list[str]) -> int:
    """Flash one board; exit status. Raises ToolError."""
    parser = argparse.ArgumentParser(prog="rouse flash", description="The firmware onto a board.")
    parser.add_argument("--port", help="serial port, for example /dev/ttyUSB0 (make: PORT=)")
    parser.add_argument("--board", help="a folder of boards/ (make: BOARD=)")
    args = parser.parse_args(arguments)
    if not args.port or not args.board:
        raise FlashError(f"make flash PORT=/dev/ttyUSB0 BOARD=name, with name one of {', '.join(board_names())}")
    flash(args.port, args.board)
    return 0
