"""Runs inside the MicroPython VM: boots the firmware in front of the virtual world, prints a sample a second.

Looks at the plant, and at the firmware only for its count of failed ticks. The host calls step() for each second.
"""

import gc
import json
import sys

sys.path.insert(0, "/fake")  # before anything imports machine or time

import micropython
import repl

from virtual import stalls
from virtual.pilot import PWM, offered_ma
from virtual.world import World

PLUG_S = 3
TICK_TIMER = 0


class Gauge:
    """Locks the heap around every tick, so that any allocation raises MemoryError, and weighs one a second.

    The tick is Timer(0); housekeeping has a timer of its own, because it may allocate.
    """

    def __init__(self):
        self.ticks = 0
        self.most_bytes = 0
        self.is_weighing = False
        self._bytes = 0

    def before(self, timer):
        """A callback is about to run."""
        if timer.id != TICK_TIMER:
            return
        self.ticks += 1
        if self.is_weighing:
            self._bytes = gc.mem_alloc()
        micropython.heap_lock()

    def after(self, timer):
        """A callback has run."""
        if timer.id != TICK_TIMER:
            return
        micropython.heap_unlock()
        if self.is_weighing:
            self.is_weighing = False
            self.most_bytes = max(self.most_bytes, gc.mem_alloc() - self._bytes)


class Simulation:
    """The world, the firmware in it, and what they have to say."""

    def __init__(self, job):
        from board import BOARD

        from evse.app.boards import check  # both from the chip's flash

        check(BOARD)  # a bad board file is to fail with the firmware's words, not the world's
        self._length_s = job["length_s"]
        self._record = job["record"]
        self._world = World(BOARD, job["car"], job["chip"])
        stalls.install()  # flash writes and long prints cost time, and the judge sees them
        self._world.load_day(job["solar_w"], job["house_w"])
        self._gauge = Gauge()
        self._world.scheduler.before_callback = self._gauge.before
        self._world.scheduler.after_callback = self._gauge.after
        self._second = 0
        self._began_ms = 0
        self._told = 0

    def power_on(self):
        """Boot, as the chip does."""
        repl.boot()
        from evse.app.cars import choose

        # What its owner types once: evse.car("car", limit=...); without it a car is taken for the most touchy one.
        choose(repl.scope["evse"]._charger.controller.car, "car", self._record)
        self._began_ms = self._world.ms

    def second(self):
        """Simulate a second and print its sample; False after the last one."""
        world = self._world
        if self._second == PLUG_S:
            world.plug()
        self._gauge.is_weighing = True
        world.run_ms(self._began_ms + (self._second + 1) * 1000 - world.ms)  # a callback may have gone past its end
        if world.reset_request is not None:
            raise RuntimeError("the chip reset itself at %d s, cause %d" % (self._second, world.reset_request))
        self._print_sample()
        while self._told < len(world.judge.last):
            print("violation", world.judge.last[self._told])
            self._told += 1
        self._second += 1
        if self._second < self._length_s:
            return True
        errors = world.scheduler.callback_errors + repl.scope["evse"].status()["tick_errors"]
        print("totals", self._gauge.ticks, self._gauge.most_bytes, errors)
        return False

    def _print_sample(self):
        world = self._world
        car = world.car
        is_pwm = world.pilot.inlet() == PWM
        offer_ma = offered_ma(world.pilot.duty_u16) if is_pwm else 0
        powers_w = (world.house.solar_w, world.house.house_w, world.house.car_w)
        flags = (int(is_pwm), int(world.contactor.is_closed), int(car.mood.asleep))
        print("sample", self._second, *powers_w, offer_ma, car.state, *flags, car.mood.woken, world.judge.violations)


with open("/job.json") as job_file:
    simulation = Simulation(json.load(job_file))
print("vm", "MicroPython %d.%d.%d" % sys.implementation.version[:3], "WebAssembly")
simulation.power_on()
step = simulation.second
