"""The whole charger in a storm: people, faults and weather at random, and the judge finds nothing to count."""

import random
from pathlib import Path
from typing import Any

import pytest
from rig import Rig

CHARGES, EVENTS = 20, 4  # EVENTS after the beginning of each charge


def mend(world: Any) -> None:
    """What broke at the last event is well again."""
    world.leak(False)
    world.pilot.short, world.pilot.has_diode = 0, True
    world.temperature_cdeg, world.cable_ohm = 2500, 220


def step(rig: Rig, chance: random.Random) -> str:
    """One random event; returns its name."""
    world: Any = rig.world
    acts = {
        "replug": lambda: (world.unplug(), world.run_ms(300), world.plug()),
        "unplug": world.unplug,
        "press": lambda: world.press(chance.choice((30, 200, 2500))),
        "sun": lambda: world.load_day((chance.randrange(0, 9000),), (chance.randrange(0, 3000),)),
        "leak": lambda: world.leak(True),
        "stall": lambda: world.stall_ms(chance.choice((5, 30, 60, 150, 700))),
        "short": lambda: setattr(world.pilot, "short", chance.choice((1, 2))),
        "heat": lambda: setattr(world, "temperature_cdeg", chance.choice((6700, 7100))),
        "plug's resistor": lambda: setattr(world, "cable_ohm", chance.choice((680, 1500, 0))),
        "diode": lambda: setattr(world.pilot, "has_diode", False),
        "asleep": lambda: setattr(world.mood, "asleep", chance.random() < 0.5),
        "mode": lambda: rig.evse.mode(chance.choice(("fast", "fast", "solar", "off"))),
        "stop": rig.evse.stop,
        "wake": rig.evse.wake,
        "max_ma": lambda: setattr(rig.tune, "max_ma", chance.randrange(6000, 32001)),
    }
    mend(world)
    name = chance.choice(sorted(acts))
    acts[name]()
    world.refresh()
    return name


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_judge_counts_nothing_in_a_storm(tmp_path: Path, seed: int) -> None:
    """Again and again a car is plugged in and mostly charges; then things happen, a moment or some seconds apart."""
    chance = random.Random(seed)
    tale = []
    with Rig(tmp_path, {"start_delay_ms": 300, "wakes_on": "either"}) as rig:
        world = rig.world
        for _ in range(CHARGES):
            mend(world)
            world.unplug()
            world.run_ms(500)
            rig.evse.mode("fast")
            rig.evse.start()
            world.plug()
            world.run_ms(chance.choice((4000, 6000, 9000)))
            for _ in range(EVENTS):
                tale.append(f"{world.ms} {step(rig, chance)}")
                world.run_ms(chance.choice((10, 90, 700, 4000)))
                assert world.judge.violations == 0, (seed, world.judge.last, tale)
        assert world.contactor.starts > CHARGES // 2
        assert rig.evse.status()["tick_errors"] == 0 and world.scheduler.callback_errors == 0
