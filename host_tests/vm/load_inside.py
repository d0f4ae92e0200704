"""Runs in the MicroPython VM: imports stubs, collects garbage, writes and prints, with the coil off, then on.

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
import gc  # noqa: E402  these take time now
import os  # noqa: E402

coil = machine.PWM(machine.Pin(world.board["pins"]["contactor"]), freq=1000, duty_u16=0)
calls = []
machine.Timer(1, period=5, callback=calls.append)


def do(name):
    """Import the module `name`, or do what else is tested."""
    if name == "collect":
        gc.collect()
    elif name == "write":
        with open("/a.tmp", "w") as file:
            json.dump({"a": 1}, file)
        os.rename("/a.tmp", "/a")
    elif name == "print":
        print("x" * 311)
    else:
        exec("import " + name)


def tell(name):
    """Do it and say how long it took."""
    world.run_ms(100)
    began_ms = world.ms
    called = len(calls)
    try:
        do(name)
    except (ImportError, ZeroDivisionError):
        name += "-failed"
    assert len(calls) == called, "a callback ran meanwhile"
    collections = (world.collections_under_load, world.longest_collection_under_load_ms)
    print(json.dumps((name, world.ms - began_ms, world.imports_under_load) + collections))


for name in ("outer", "outer", "nonesuch", "collect", "write", "print"):
    tell(name)
coil.duty_u16(65535)
for name in ("outer", "box.compiled", "broken", "collect"):
    tell(name)
world.heap_kb = 50
tell("collect")
coil.duty_u16(0)
world.heap_kb = 178
tell("collect")
del sys.modules["outer"]
tell("outer")
