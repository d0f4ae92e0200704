"""Runs in the MicroPython VM: the firmware as it is flashed lives a script; the host calls step() for each event."""

import json
import sys

sys.path.insert(0, "/fake")  # before anything imports machine or time

import repl
from life import play

from virtual import stalls
from virtual.world import World

with open("/job.json") as file:
    job = json.load(file)
from board import BOARD  # noqa: E402  from the chip's flash, after the fakes

world = World(BOARD, job["car"])
world.load_day((9000,), (300,))
stalls.install()
repl.boot()
life = play(world, repl.scope["evse"], repl.scope["tune"], job["script"])


def step():
    """One event; False after the last."""
    try:
        next(life)
    except StopIteration:
        return False
    return True
