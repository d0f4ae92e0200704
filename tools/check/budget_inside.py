"""Runs in the MicroPython VM: weighs the firmware's heap after boot, then each tick's allocations, scene by scene.

The host calls step() until it returns False; this VM collects garbage only between two such calls. Prints one line a
figure: "heap BYTES when", and "bytes BYTES scene", the most that one tick of it allocated. See tools/check/budget.py.
"""

import gc
import json
import sys

sys.path.insert(0, "/fake")  # before anything imports machine or time

# Everything the fake hardware is made of, so that the heap it takes is not taken for the firmware's.
import time  # noqa: F401  imported to be weighed beforehand

import esp32  # noqa: F401  imported to be weighed beforehand
import machine  # noqa: F401  imported to be weighed beforehand
import scenes

from virtual.world import World

with open("/board.json") as board_file:
    world = World(json.load(board_file), scenes.CAR)


TICK_TIMER = 0


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


scale = Scale()
story = None
before_boot = 0
pauses = 2  # a collection asked for in one step has happened by the next one


def step():
    """Do the next bit of the work; False when all is done."""
    global story, before_boot, pauses
    if pauses:
        pauses -= 1
        gc.collect()
        return True
    if not before_boot:
        before_boot = gc.mem_alloc()
        boot()
        pauses = 2
        return True
    if story is None:
        print("heap", gc.mem_alloc() - before_boot, "after boot")
        story = scenes.play(world, scale.look)
    try:
        next(story)
    except StopIteration:
        for scene in scale.most:
            print("bytes", scale.most[scene], scene)
        if world.scheduler.callback_errors:
            raise RuntimeError("a callback failed: " + world.scheduler.last_error) from None
        return False
    return True


def boot():
    """Run boot.py and main.py, one after the other in one scope, as the chip does."""
    scope = {"__name__": "__main__"}
    for name in ("/boot.py", "/main.py"):
        with open(name) as file:
            exec(compile(file.read(), name, "exec"), scope)
