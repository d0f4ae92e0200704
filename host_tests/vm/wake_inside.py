"""Runs in the MicroPython VM: the firmware wakes a sleeping car, and what the car and the mains see is told, to the ms.

The host calls step() once a simulated second. Prints: saw MS LETTER CONTACTOR SESSION at each change, done VIOLATIONS.
"""

import json
import sys

sys.path.insert(0, "/fake")  # before anything imports machine or time

from virtual import stalls
from virtual.pilot import NOTHING, STEADY_LOW
from virtual.world import World

LOOK_MS = 5

with open("/job.json") as file:
    job = json.load(file)
from board import BOARD  # noqa: E402  from the chip's flash, after the fakes

world = World(BOARD, job["car"])
stalls.install()
world.load_day((9000,), (300,))
repl = {"__name__": "__main__"}
for name in ("/boot.py", "/main.py"):
    with open(name) as file:
        exec(compile(file.read(), name, "exec"), repl)
world.run_ms(500)
world.plug()
world.car.asleep = True
repl["evse"].mode("fast")
last = None
second = 0


def letter():
    """A, B or C as the car sees it: A is a pilot that is not there, F one at -12 V."""
    inlet = world.pilot.inlet()
    if inlet == NOTHING:
        return "A"
    if inlet == STEADY_LOW:
        return "F"
    return "C" if world.pilot.s2 else "B"


def step():
    """One simulated second; False after the last."""
    global last, second
    for _ in range(1000 // LOOK_MS):
        world.run_ms(LOOK_MS)
        seen = (letter(), int(world.contactor.is_closed), repl["evse"]._charger.controller.session.state)
        if seen != last:
            last = seen
            print("saw", world.ms, seen[0], seen[1], seen[2])
    second += 1
    if second < job["length_s"]:
        return True
    print("done", world.judge.violations, repl["evse"]._charger.tick_errors)
    return False
