"""Runs in the MicroPython VM: the firmware as it is flashed, and a person who types every command, one a step.

Prints a JSON line a command: the line typed, what it said, and what it did to ticks, contactor, flash and heap.
"""

import json
import sys

sys.path.insert(0, "/fake")  # before anything imports machine or time

import repl

from virtual import stalls
from virtual.world import World

with open("/job.json") as file:
    job = json.load(file)
from board import BOARD  # noqa: E402  from the chip's flash, after the fakes

TICK_TIMER = 0


class Watch(World):
    """A world that notes how far apart the ticks begin, and how late a collection makes the next one."""

    def __init__(self, board, car):
        super().__init__(board, car)
        self.scheduler.before_callback = self.before_callback
        self.last_ms = 0
        self.forget()

    def forget(self):
        """Begin anew."""
        self.longest_gap_ms = 0
        self.latest_ms = 0
        self.collections = 0

    def before_callback(self, timer):
        """A tick or housekeeping begins."""
        if timer.id == TICK_TIMER:
            self.longest_gap_ms = max(self.longest_gap_ms, self.ms - self.last_ms)
            self.last_ms = self.ms

    def garbage_collected(self):
        """A collection takes its time."""
        due_ms = [timer.due_ms for timer in self.scheduler.timers if timer.id == TICK_TIMER]
        super().garbage_collected()
        self.collections += 1
        for ms in due_ms:  # none at boot
            self.latest_ms = max(self.latest_ms, self.ms - ms)


world = Watch(BOARD, job["car"])
world.load_day((9000,), (300,))
stalls.install()
repl.boot()
pending = list(job["commands"])


def charge():
    """Until current flows."""
    end_ms = world.ms + 60000
    while not (world.contactor.is_closed and world.car.ma > 6000):
        if world.ms > end_ms:
            raise RuntimeError("it does not charge")
        world.run_ms(100)


def begin():
    """A car is plugged in and charges; what happened before fills the journal."""
    evse = repl.scope["evse"]
    evse.mode("fast")
    world.run_ms(1000)
    world.plug()
    charge()
    evse.stop()
    world.run_ms(60000)  # a case is kept from 30 s on
    evse.start()
    charge()
    world.run_ms(1000)


def step():
    """Type one command; False after the last."""
    if world.last_ms < 100000:
        begin()
    if not pending:
        print(json.dumps({"violations": world.judge.violations, "last": world.judge.last}))
        return False
    line, wait_ms = pending.pop(0)
    world.forget()
    loaded = set(sys.modules)
    starts = world.contactor.starts
    print("typed", line)
    repl.type_line(line)
    world.run_ms(wait_ms)
    told = {
        "line": line,
        "is_closed": world.contactor.is_closed,
        "starts": world.contactor.starts - starts,
        "loaded": sorted([name for name in sys.modules if name not in loaded]),
        "imports_under_load": world.imports_under_load,
        "collections": world.collections,
        "longest_ms": world.longest_collection_under_load_ms,
        "latest_ms": world.latest_ms,
        "longest_gap_ms": world.longest_gap_ms,
    }
    print(json.dumps(told))
    return True
