"""Runs in the MicroPython VM: imports stubs from flash and collects garbage, with the coil off, then on.

Prints a line an action: what, the ms it took, and what the world has recorded under load so far.
"""

import json
import sys

sys.path.insert(0, "/fake")  # before anything imports machine or time

import machine

from virtual import stalls
from virtual.world import World

with open("/job.json") as file:
    job = json.load(file)
world = World(job["board"], job["car"])
stalls.install()
import gc  # noqa: E402  the one that takes time

coil = machine.PWM(machine.Pin(world.board["pins"]["contactor"]), freq=1000, duty_u16=0)
calls = []
machine.Timer(1, period=5, callback=calls.append)


def tell(name, action):
    """Do it and say how long it took."""
    world.run_ms(10)
    began_ms = world.ms
    called = len(calls)
    try:
        action()
    except (ImportError, ZeroDivisionError):
        name += "-failed"
    assert len(calls) == called, "a callback ran meanwhile"
    collections = (world.collections_under_load, world.longest_collection_under_load_ms)
    print(json.dumps((name, world.ms - began_ms, world.imports_under_load) + collections))


def outer():
    """Two files, and what the chip has built in."""
    import outer  # noqa: F401


def package():
    """A package and a compiled module in it."""
    from box import compiled  # noqa: F401


def nonesuch():
    """No such file."""
    import nonesuch  # noqa: F401


def broken():
    """A file that fails when run, after one it imports."""
    import broken  # noqa: F401


for name, action in (("outer", outer), ("again", outer), ("nonesuch", nonesuch), ("collect", gc.collect)):
    tell(name, action)
coil.duty_u16(65535)
for name, action in (("again", outer), ("package", package), ("broken", broken), ("collect", gc.collect)):
    tell(name, action)
world.heap_kb = 50
tell("collect", gc.collect)
coil.duty_u16(0)
world.heap_kb = 178
tell("collect", gc.collect)
del sys.modules["outer"]
tell("outer", outer)
