"""The whole charger in a storm: people, faults and weather at random, and the judge finds nothing to count."""

import random
from pathlib import Path
from typing import Any

import pytest
from rig import Rig

EVENTS = 40


def step(rig: Rig, chance: random.Random) -> str:
    """One random event; returns its name."""
    world: Any = rig.world
    acts = {
        "plug": world.plug,
        "unplug": world.unplug,
        "press": lambda: world.press(chance.choice((30, 200, 2500))),
        "sun": lambda: world.load_day((chance.randrange(0, 9000),), (chance.randrange(0, 3000),)),
        "leak": lambda: world.leak(chance.random() < 0.3),
        "stall": lambda: world.stall_ms(chance.choice((5, 30, 60, 150, 700))),
        "short": lambda: setattr(world.pilot, "short", chance.choice((0, 0, 0, 1, 2))),
        "heat": lambda: setattr(world, "temperature_cdeg", chance.choice((2500, 2500, 6700, 7100))),
        "plug's resistor": lambda: setattr(world, "cable_ohm", chance.choice((220, 220, 680, 1500, 0))),
        "diode": lambda: setattr(world.pilot, "has_diode", chance.random() < 0.8),
        "asleep": lambda: setattr(world.car, "asleep", chance.random() < 0.5),
        "mode": lambda: rig.evse.mode(chance.choice(("fast", "fast", "solar", "off"))),
        "stop": rig.evse.stop,
        "start": rig.evse.start,
        "wake": rig.evse.wake,
        "max_ma": lambda: setattr(rig.tune, "max_ma", chance.randrange(6000, 32001)),
    }
    name = chance.choice(sorted(acts))
    acts[name]()
    world.refresh()
    return name


def storm(rig: Rig, seed: int, events: int) -> list[str]:
    """`events` random events, a moment or some seconds apart; the tale, for the message of a failure."""
    chance = random.Random(seed)
    rig.evse.mode("fast")
    rig.world.plug()
    tale = []
    for _ in range(events):
        tale.append(f"{rig.world.ms} {step(rig, chance)}")
        rig.world.run_ms(chance.choice((10, 90, 700, 4000, 8000)))
        assert rig.world.judge.violations == 0, (seed, rig.world.judge.last, tale)
    return tale


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_judge_counts_nothing_in_a_storm(tmp_path: Path, seed: int) -> None:
    with Rig(tmp_path, {"start_delay_ms": 300, "wakes_on": "either"}) as rig:
        storm(rig, seed, EVENTS)
        assert rig.evse.status()["tick_errors"] == 0 and rig.world.scheduler.callback_errors == 0
