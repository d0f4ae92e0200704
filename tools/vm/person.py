"""The person at the virtual board: what can be done to it by hand, and what can be seen from outside.

Runs on MicroPython only; the lines were checked by tools/board.py. Knows the plant, nothing of the firmware.
"""

import json

from virtual.car import Car
from virtual.pilot import Pilot


def obey(world, line):
    """Do one command of the person at the board; the plant as it is then."""
    name, _, rest = line.partition(" ")
    if name == "plug":
        world.plug()
    elif name == "unplug":
        world.unplug()
    elif name == "press":
        world.press(int(rest))
    elif name == "car":
        _change_car(world, json.loads(rest))
    return status(world)


def _change_car(world, car):
    """Drive this car away and another one up; it is not plugged."""
    world.unplug()
    old = world.pilot
    world.pilot = Pilot(world.board, car, world.channels[world.board["pins"]["pilot_adc"]])
    world.pilot.duty_u16 = old.duty_u16
    world.pilot.freq_hz = old.freq_hz
    world.pilot.is_open = old.is_open
    world.car = Car(car, world.pilot)
    world.refresh()


def status(world):
    """What can be seen from outside: plant, pins and the judge's count."""
    return {
        "simulated_ms": world.ms,
        "plugged": world.pilot.plugged,
        "car_state": world.car.state,
        "contactor_closed": world.contactor.is_closed,
        "starts": world.contactor.starts,
        "car_ma": world.car.ma,
        "car_w": world.house.car_w,
        "solar_w": world.house.solar_w,
        "house_w": world.house.house_w,
        "grid_w": world.house.grid_w,
        "reset_cause": world.reset_cause,
        "owner_writes": world.judge.owner_writes,
        "safety_violations": world.judge.violations,
        "violations": world.judge.last,
    }
