"""`make board`: the virtual board in real time behind a pseudo-terminal, for mpremote and any serial terminal.

Carries bytes between the terminal, the chip and the person who typed the command; does not know what they mean.
"""

import argparse
import contextlib
import json
import os
import selectors
import signal
import sys
from pathlib import Path

from rouse import ToolError
from rouse.build.firmware import board_data, firmware_files
from rouse.data.car_file import CARS, Car, read_car
from rouse.data.day_file import DAYS, Day, clock, read_day
from rouse.data.stretch import AMPLE_W
from rouse.vm import chips
from rouse.vm.boots import Chip
from rouse.vm.terminal import Terminal

DAY = DAYS / "clear.csv"
CAR = CARS / "plain.toml"
LOOK_S = 0.05  # how often to look for a reset, and for a tool that opens the port
LONGEST_PRESS_MS = 60_000
HELP = """\
plug           plug the cable into the car
unplug         pull it
press MS       hold the charger's button for MS milliseconds
car FILE       another car drives up (a file as in tools/data/cars); it is not plugged in
status         what can be seen: car, contactor, powers, and the judge's count
quit           switch the board off"""


class CommandError(ToolError):
    """A line that is no command; the text says which there are."""


def parse(text: str) -> tuple[str, Car | None]:
    """The order in one line of text: a line for the chip, or a car for it; raises CommandError or CarError."""
    name, _, rest = text.strip().partition(" ")
    if name in ("plug", "unplug", "status", "help", "quit") and not rest:
        return name, None
    if name == "press" and rest.isdecimal() and 1 <= int(rest) <= LONGEST_PRESS_MS:
        return f"press {int(rest)}", None
    if name == "press":
        raise CommandError(f"press takes 1 to {LONGEST_PRESS_MS} milliseconds, for example: press 200")
    if name == "car" and rest:
        return name, read_car(Path(rest.strip()))
    raise CommandError(f"no command {text.strip()!r}: plug, unplug, press MS, car FILE, status, help, quit")


def from_sunrise(day: Day) -> Day:
    """`day` from the first second with enough surplus to charge, so that something happens; all of it without one."""
    for second, surplus_w in enumerate(day.surplus_w()):
        if surplus_w >= AMPLE_W:
            return day.cut(second, len(day) - second)
    return day


class Desk:
    """Carries everything to where it belongs until the person quits."""

    def __init__(self, chip: Chip, terminal: Terminal) -> None:
        self._chip = chip
        self._terminal = terminal
        self._selector = selectors.DefaultSelector()
        self._selector.register(chip.output, selectors.EVENT_READ, self._output)
        self._selector.register(chip.answers, selectors.EVENT_READ, self._answer)
        # A file or /dev/null as input cannot be waited for: then nobody gives orders.
        with contextlib.suppress(PermissionError):
            self._selector.register(sys.stdin, selectors.EVENT_READ, self._command)
        self._has_port_open = False
        self._typed = b""
        self.is_over = False

    def run(self) -> None:
        """Until quit. Raises ToolError when the VM breaks."""
        while not self.is_over:
            for key, _ in self._selector.select(LOOK_S):
                key.data()
            if not self._has_port_open:
                self._look_for_tool()
            self._terminal.flush()
            self._chip.restart()

    def _look_for_tool(self) -> None:
        typed = self._terminal.read()
        if typed is not None:
            self._has_port_open = True
            self._selector.register(self._terminal, selectors.EVENT_READ, self._input)
            self._chip.type(typed)

    def _input(self) -> None:
        typed = self._terminal.read()
        if typed is None:
            self._has_port_open = False
            self._selector.unregister(self._terminal)
        else:
            self._chip.type(typed)

    def _output(self) -> None:
        data = os.read(self._chip.output, 65536)
        if self._has_port_open:
            self._terminal.write(data)

    def _answer(self) -> None:
        sys.stdout.write(os.read(self._chip.answers, 65536).decode())
        sys.stdout.flush()

    def _command(self) -> None:
        data = os.read(sys.stdin.fileno(), 4096)
        if not data:
            self._selector.unregister(sys.stdin)
            return
        *lines, self._typed = (self._typed + data).split(b"\n")
        for line in lines:
            if line.strip():
                self._obey(line.decode(errors="replace"))

    def _obey(self, text: str) -> None:
        try:
            line, car = parse(text)
        except ToolError as error:
            print(json.dumps({"error": str(error)}), flush=True)
            return
        if line == "quit":
            self.is_over = True
        elif line == "help":
            print(HELP, flush=True)
        elif car is not None:
            self._chip.change_car(car)
        else:
            self._chip.command(line)


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="rouse board", description="The virtual board in real time, for mpremote.")
    parser.add_argument("--day", type=Path, default=DAY, help="day file; begins when the sun suffices for a charge")
    parser.add_argument("--car", type=Path, default=CAR, help="car file, as in tools/data/cars")
    parser.add_argument("--board", default="reference", help="a folder of boards/ (default: reference)")
    chips.add_option(parser)
    parser.add_argument("--unplugged", action="store_true", help="begin with the cable beside the car")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run the board until quit or Ctrl-C; exit status. Raises ToolError."""
    args = parsed(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    day, car = from_sunrise(read_day(args.day)), read_car(args.car)
    pace = chips.checked(args.chip)
    chip = Chip(board_data(args.board), firmware_files(args.board), car, day, pace, not args.unplugged)
    terminal = Terminal()
    print(f"Rouse, virtual {args.board} board at {terminal.path}: {day.name} from {clock(day.start_s)}, {car['name']}")
    print(f"in another window: build/venv/bin/mpremote connect {terminal.path}")
    print("here you are the person at the board: plug, unplug, press MS, car FILE, status, help, quit", flush=True)
    try:
        Desk(chip, terminal).run()
    except KeyboardInterrupt:
        pass  # as quit
    finally:
        chip.close()
        terminal.close()
    return 0
