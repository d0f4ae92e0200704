"""Runs in the MicroPython VM: the firmware as it is flashed, and a person who types every command, one a step.

Prints a JSON line a command: the line typed, what it said, and what it did to ticks, contactor, flash and heap.
The job says on which chip, and whether the firmware's own pieces of text are left whole.
"""

import io
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
ROUND_MS = 1060  # after which bursts are where they were


class Watch(World):
    """A world that notes how far apart ticks and the one-shot's edges come, and how late a collection makes a tick."""

    def __init__(self, board, car, chip):
        super().__init__(board, car, chip)
        self._contactor_alive = self.contactor.alive
        self.contactor.alive = self.alive
        self.read_ms = 0  # when the last tick read its inputs
        self.edge_ms = 0  # when the last edge came ...
        self.was_closed = False  # ... and how the contacts were
        self.forget()

    def forget(self):
        """Begin anew."""
        self.longest_gap_ms = 0
        self.longest_edge_ms = 0
        self.latest_ms = 0
        self.collections = 0

    def alive(self, ms):
        """The one-shot got an edge: a tick, while the contactor is closed."""
        if self.was_closed:
            self.longest_edge_ms = max(self.longest_edge_ms, self.ms - self.edge_ms)
        self.edge_ms = self.ms
        self.was_closed = self.contactor.is_closed
        self._contactor_alive(ms)

    def watch(self, charger):
        """Note when each tick reads its inputs, which it does first."""
        read = charger._read

        def note(inputs, slot):
            self.longest_gap_ms = max(self.longest_gap_ms, self.ms - self.read_ms)
            self.read_ms = self.ms
            read(inputs, slot)

        charger._read = note

    def garbage_collected(self):
        """A collection takes its time."""
        due_ms = [timer.due_ms for timer in self.scheduler.timers if timer.id == TICK_TIMER]
        super().garbage_collected()
        self.collections += 1
        for ms in due_ms:  # none at boot
            self.latest_ms = max(self.latest_ms, self.ms - ms)


tell = print  # to the host, not to the console: it takes no time
world = Watch(BOARD, job["car"], job["chip"])
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


def type_lines(lines):
    """A line, or several pasted at one go (Ctrl-E): compiled first; an error is printed by the port in one piece."""
    world.compile_lines(lines.count("\n") + 1)
    try:
        repl.type_line(lines)
    except Exception as error:
        told = io.StringIO()
        sys.print_exception(error, told)
        print(told.getvalue())


def say_whole(charger, words):
    """A text in one piece."""
    print(words)


def step():
    """Type one command; False after the last."""
    if len(pending) == len(job["commands"]):
        begin()
        world.watch(repl.scope["evse"]._charger)
        world.run_ms(ROUND_MS)
        if job["is_whole"]:
            sys.modules["evse.app.console"].say = sys.modules["evse.app.helping"].say = say_whole
    if not pending:
        tell(json.dumps({"violations": world.judge.violations, "last": world.judge.last}))
        return False
    line, wait_ms = pending.pop(0)
    world.run_ms(job["phase_ms"] * len(pending) % ROUND_MS)
    world.forget()
    loaded = set(sys.modules)
    starts = world.contactor.starts
    tell("typed", line)
    type_lines(line)
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
        "longest_edge_ms": world.longest_edge_ms,
    }
    tell(json.dumps(told))
    return True
