"""Runs in the MicroPython VM: the firmware as it is flashed lives a script; the host calls step() for each event."""

import json
import sys

sys.path.insert(0, "/fake")  # before anything imports machine or time

from life import play

from virtual import stalls
from virtual.world import World

with open("/job.json") as file:
    job = json.load(file)
from board import BOARD  # noqa: E402  from the chip's flash, after the fakes

world = World(BOARD, job["car"])
world.load_day((9000,), (300,))
stalls.install()
repl = {"__name__": "__main__"}
for name in ("/boot.py", "/main.py"):
    with open(name) as file:
        exec(compile(file.read(), name, "exec"), repl)
life = play(world, repl["evse"], repl["tune"], job["script"])


def step():
    """One event; False after the last."""
    try:
        next(life)
    except StopIteration:
        return False
    return True
