"""The virtual charger inside the MicroPython VM: the same course as on CPython, and nothing allocated on the way."""

import json

from rouse.build.firmware import virtual_files
from rouse.virtual import host
from rouse.vm import run as vm
from virtual.world import World

# A session without firmware: burst of pilot reads, alive edge, and outputs by a table of times.
SESSION = """
class Session:
    def __init__(self, world, machine):
        pins = world.board["pins"]
        adc = machine.ADC
        self.world = world
        self.pilot = machine.PWM(machine.Pin(pins["pilot_pwm"]), freq=1000, duty_u16=65535)
        self.coil = machine.PWM(machine.Pin(pins["contactor"]), freq=1000, duty_u16=0)
        self.alive = machine.Pin(pins["alive"], machine.Pin.OUT, value=0)
        self.switch = machine.Pin(pins["pilot_open"], machine.Pin.OUT, value=0)
        self.pilot_adc = adc(machine.Pin(pins["pilot_adc"]), atten=adc.ATTN_11DB)
        self.grid_adc = adc(machine.Pin(pins["grid_adc"]), atten=adc.ATTN_11DB)
        self.ticks = self.pilot_sum = self.grid_sum = 0
        machine.Timer(0, period=20, callback=self.tick)
        world.load_day((2000, 3000, 1000), (300, 300, 500))
        world.plug()
        world.at(20000, world.unplug)

    def tick(self, _timer):
        for _ in range(20):
            self.pilot_sum = (self.pilot_sum * 3 + self.pilot_adc.read_uv() // 1000) % 1000003
            self.grid_sum = (self.grid_sum * 3 + self.grid_adc.read_u16()) % 1000003
        self.ticks += 1
        ms = self.world.ms
        self.alive.value(self.ticks & 1)
        self.pilot.duty_u16(17476 if 1000 < ms < 12000 else 65535)
        self.switch.value(1 if 16000 < ms < 19000 else 0)
        self.coil.duty_u16(65535 if 3000 < ms and self.world.pilot.s2 else 0)

    def sums(self):
        return [self.ticks, self.pilot_sum, self.grid_sum]
"""

ON_VM = """
import sys
sys.path.insert(0, "/fake")
import gc, json, machine, micropython
from virtual.world import World
world = World(json.loads(BOARD), json.loads(CAR))
session = Session(world, machine)

def bytes_allocated_in(span_ms):
    before = gc.mem_alloc()
    micropython.heap_lock()  # any allocation raises MemoryError, even one that is given back at once
    try:
        world.run_ms(span_ms)
    finally:
        micropython.heap_unlock()
    return gc.mem_alloc() - before

print(bytes_allocated_in(22000))
print(session.sums())
print(json.dumps(world.state()))
"""


def test_the_vm_and_cpython_play_the_same_session_and_the_vm_allocates_nothing():
    board, car = host.board(), host.car()
    prelude = f"BOARD = {json.dumps(board)!r}\nCAR = {json.dumps(car)!r}\n"
    lines: list[str] = []
    assert vm.run(virtual_files(), prelude + SESSION + ON_VM, lines.append) == 0, lines
    allocated, sums, state = lines[-3:]
    assert int(allocated) == 0
    assert json.loads(state)["scheduler"]["callback_errors"] == 0

    world = World(board, car)
    scope: dict = {}
    exec(SESSION, scope)
    session = scope["Session"](world, host.machine)
    world.run_ms(22000)
    assert world.contactor.starts == 1
    assert world.judge.violations == 0, world.judge.last
    assert json.loads(sums) == session.sums()
    assert json.loads(state) == world.state()
