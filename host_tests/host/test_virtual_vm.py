"""The virtual charger inside the MicroPython VM: the same course as on CPython, and nothing allocated on the way."""

import json

import pytest
from virtual.world import World

from tools import vm
from tools.virtual import host

# A session without firmware: burst of pilot reads, alive edge, and outputs by a table of times.
SESSION = """
def session(world, machine):
    pins = world.board["pins"]
    pilot = machine.PWM(machine.Pin(pins["pilot_pwm"]), freq=1000, duty_u16=65535)
    coil = machine.PWM(machine.Pin(pins["contactor"]), freq=1000, duty_u16=0)
    alive = machine.Pin(pins["alive"], machine.Pin.OUT, value=0)
    switch = machine.Pin(pins["pilot_open"], machine.Pin.OUT, value=0)
    read = machine.ADC(machine.Pin(pins["pilot_adc"]), atten=machine.ADC.ATTN_11DB).read_uv
    read_grid = machine.ADC(machine.Pin(pins["grid_adc"]), atten=machine.ADC.ATTN_11DB).read_u16
    sums = [0, 0, 0]

    def tick(_timer):
        for _ in range(20):
            sums[0] = (sums[0] * 3 + read() // 1000) % 1000003
            sums[1] = (sums[1] * 3 + read_grid()) % 1000003
        sums[2] += 1
        alive.value(sums[2] & 1)
        ms = world.clock.ms
        pilot.duty_u16(17476 if 1000 < ms < 12000 else 65535)
        switch.value(1 if 16000 < ms < 19000 else 0)
        coil.duty_u16(65535 if 3000 < ms and world.pilot.s2 else 0)

    machine.Timer(0, period=20, callback=tick)
    world.load_day((2000, 3000, 1000), (300, 300, 500))
    world.plug()
    world.at(20000, world.unplug)
    return sums
"""

ON_VM = """
import sys
sys.path.insert(0, "/fake")
import gc, json, machine, micropython
from virtual.world import World
world = World(json.loads(BOARD), json.loads(CAR))
sums = session(world, machine)
gc.collect()
before = gc.mem_alloc()
micropython.heap_lock()  # any allocation raises MemoryError
world.run_ms(22000)
micropython.heap_unlock()
print(gc.mem_alloc() - before)
print(sums)
print(json.dumps(world.state()))
"""


def run_on_vm(source: str) -> list[str]:
    lines: list[str] = []
    try:
        status = vm.run(vm.virtual_files(), source, lines.append)
    except vm.VmError as error:
        pytest.fail(str(error))
    assert status == 0, "\n".join(lines)
    return lines


def test_the_vm_and_cpython_play_the_same_session_and_the_vm_allocates_nothing():
    board, car = host.board(), host.car()
    prelude = f"BOARD = {json.dumps(board)!r}\nCAR = {json.dumps(car)!r}\n"
    allocated, sums, state = run_on_vm(prelude + SESSION + ON_VM)[-3:]
    assert int(allocated) == 0

    world = World(board, car)
    scope: dict = {}
    exec(SESSION, scope)
    here = scope["session"](world, host.machine)
    world.run_ms(22000)
    assert world.contactor.starts == 1
    assert world.judge.violations == 0, world.judge.last
    assert json.loads(sums) == here
    assert json.loads(state) == world.state()


def test_files_and_prints_stall_on_the_vm_too():
    source = f"BOARD = {json.dumps(host.board())!r}\nCAR = {json.dumps(host.car())!r}\n" + (
        'import sys\nsys.path.insert(0, "/fake")\nimport json\n'
        "from virtual.world import World\nfrom virtual import stalls\n"
        "world = World(json.loads(BOARD), json.loads(CAR))\nstalls.install()\nimport os\n"
        'with open("/a.tmp", "w") as file:\n    json.dump({"a": 1}, file)\n'
        'os.rename("/a.tmp", "/a")\n'
        'print(world.ms, json.load(open("/a")))\n'
        'print("x" * 327)\n'
        "print(world.ms)\n"
    )
    lines = run_on_vm(source)
    assert lines[0] == "200 {'a': 1}"
    assert int(lines[2]) == 200 + (16 + 328 - 128) * 87 // 1000
