"""Runs in the MicroPython VM: weighs the firmware's heap after boot, each tick's allocations, and each command's peak.

The host calls step() until it returns False; this VM collects garbage only between two such calls. Prints one line a
figure: "heap BYTES when", "bytes BYTES scene", the most that one tick of it allocated, and "peak BYTES command", the
most in use while it was carried out. See tools/check/budget.py.
"""

import gc
import json
import sys

sys.path.insert(0, "/fake")  # before anything imports machine or time

# Everything the fake hardware is made of, so that the heap it takes is not taken for the firmware's.
import time

import machine  # noqa: F401  imported to be weighed beforehand
import repl
import scenes

from virtual.world import World

with open("/board.json") as board_file:
    world = World(json.load(board_file), scenes.CAR)


TICK_TIMER = 0
OPENS_MS = 3000


class Scale:
    """The most bytes that one tick of each scene allocated; housekeeping, another timer's, may allocate."""

    def __init__(self):
        self.most = {}
        self.scene = None
        self._before = 0

    def look(self, scene):
        """From now on ticks belong to `scene`; None: they are not looked at."""
        self.scene = scene
        if scene is not None:
            self.most[scene] = 0
        world.scheduler.before_callback = None if scene is None else self.before_callback
        world.scheduler.after_callback = None if scene is None else self.after_callback

    def before_callback(self, timer):
        """A tick or housekeeping begins."""
        self._before = gc.mem_alloc()

    def after_callback(self, timer):
        """It is over."""
        spent = gc.mem_alloc() - self._before
        if timer.id == TICK_TIMER and spent > self.most[self.scene]:
            self.most[self.scene] = spent


class Console:
    """Stands for `gc` and `sleep_ms` in the console: the most bytes allocated between two of its collections.

    What the world takes while the console sleeps is not the console's.
    """

    def __init__(self):
        self.begin()

    def begin(self):
        """A command is typed."""
        self.most = 0
        self._begin_piece()

    def _begin_piece(self):
        self._others = 0
        self._before = gc.mem_alloc()

    def collect(self):
        """A collection, which this VM carries out later."""
        self.most = max(self.most, gc.mem_alloc() - self._before - self._others)
        self._begin_piece()

    def sleep_ms(self, span_ms):
        """Sleep."""
        before = gc.mem_alloc()
        time.sleep_ms(span_ms)
        self._others += gc.mem_alloc() - before


scale = Scale()
console = Console()


def work():
    """All of it, with a pause wherever garbage is to be collected."""
    yield from collected()
    before_boot = gc.mem_alloc()
    repl.boot()
    yield from collected()
    print("heap", gc.mem_alloc() - before_boot, "after boot")
    yield from scenes.play(world, scale.look)
    for scene in scale.most:
        print("bytes", scale.most[scene], scene)
    scale.look(None)
    yield from charge()
    module = sys.modules["evse.app.console"]
    module.gc = console
    module.sleep_ms = console.sleep_ms
    for line in scenes.CHARGING + scenes.STOPPED:
        yield from collected()
        in_use = gc.mem_alloc() - before_boot
        console.begin()
        repl.type_line(line)
        console.collect()
        print("peak", in_use + console.most, line if scenes.is_charging(world) else line + ", stopped")
        if line == "evse.stop()":
            world.run_ms(OPENS_MS)
    if world.scheduler.callback_errors:
        raise RuntimeError("a callback failed: " + world.scheduler.last_error)


def collected():
    """A collection asked for in one step has happened by the next one."""
    for _ in range(2):
        gc.collect()
        yield


def charge():
    """The car charges, and the record is as full as it can be."""
    repl.scope["evse"].mode("fast")
    while not scenes.is_charging(world):
        world.run_ms(1000)
        yield
    from evse.record.facts import CAPACITY, EVENT_LATE
    from evse.record.ledger import CASES, CAUSE_ASLEEP, ROW_BASE_S, ROW_FIELDS, SESSIONS

    core = repl.scope["evse"]._charger.controller
    for number in range(CAPACITY):
        core.journal.add(number, EVENT_LATE, number)
    book = core.ledger
    book.sessions = SESSIONS
    for index in range(len(book.cells)):
        book.cells[index] = 4000 + index if index % ROW_FIELDS > ROW_BASE_S else 0
    book.evidence.count = book.evidence.dropped = CASES
    for index in range(len(book.evidence.cells)):
        book.evidence.cells[index] = CAUSE_ASLEEP


story = work()


def step():
    """Do the next bit of the work; False when all is done."""
    try:
        next(story)
    except StopIteration:
        return False
    return True
