"""An example of an outside simulator: plays sun, house and car for `rouse cosim` through a pipe; scores it.

Speaks the lines of docs/cosim.md and knows nothing else of the core.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from rouse import ROOT, ToolError
from rouse.bench.solar.loop import VOLTS, Habit, LoopCar, Order, Run, Seen, run
from rouse.cli import guarded
from rouse.data.day_file import Day, read_day

VEHICLE = {"B": 2, "C": 3}


class Pipe:
    """The co-simulation as a controller of tools/bench/solar/loop.py."""

    def __init__(self, mode: str) -> None:
        command = [sys.executable, "-m", "rouse.cli", "cosim", "--mode", mode]
        self._process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def step(self, seen: Seen) -> Order:
        """One line out, one line in."""
        to, back = self._process.stdin, self._process.stdout
        assert to is not None and back is not None
        ev_a = seen.car_w / VOLTS
        to.write(f"{seen.t_s} {seen.solar_w} {seen.grid_w} {VEHICLE[seen.vehicle]} {ev_a:.2f} {VOLTS}\n")
        to.flush()
        answer = back.readline().split()
        if len(answer) != 5:
            raise ToolError(f"second {seen.t_s}: the co-simulation gave no answer")
        is_pwm, is_open, is_low, is_closed = (answer[at] == "1" for at in (0, 2, 3, 4))
        return Order(round(float(answer[1]) * 1000) if is_pwm else 0, is_open or is_low, is_closed)

    def close(self) -> int:
        """End of input; the co-simulation's exit status."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        return self._process.wait(10)


def played(day: Day, mode: str, habit: Habit, seed: int) -> Run:
    """The day through the pipe; raises ToolError when the co-simulation ends before it."""
    pipe = Pipe(mode)
    try:
        return run(day.surplus_w(), pipe, LoopCar(habit, seed), day.solar_w)
    finally:
        pipe.close()


def main(arguments: list[str]) -> int:
    """Play the day; exit status. Raises ToolError."""
    parser = argparse.ArgumentParser(prog="python -m rouse.bench.solar.outside", description="A day through the pipe.")
    parser.add_argument("day", type=Path, help="day file")
    parser.add_argument("--mode", choices=("solar", "eco", "min", "fast"), default="solar")
    parser.add_argument("--sulking", action="store_true", help="a car that sleeps after 600 s without an offer")
    options = parser.parse_args(arguments)
    record = played(read_day(options.day), options.mode, Habit(is_sulking=options.sulking), 1)
    print(json.dumps(asdict(record.score()), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(guarded("outside", lambda: main(sys.argv[1:])))
