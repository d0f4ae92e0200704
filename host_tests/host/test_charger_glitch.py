"""A car whose pilot shows B after each new duty (BMW hybrids): what happens at the pins, with its name and without."""

from pathlib import Path

import pytest
from rig import Rig


def opened_ms(rig: Rig, length_ms: int) -> list[int]:
    """When the contactor was open in the next `length_ms`, from now."""
    start_ms = rig.world.ms
    found = []
    while rig.world.ms < start_ms + length_ms:
        rig.world.run_ms(5)
        if not rig.world.contactor.is_closed:
            found.append(rig.world.ms - start_ms)
    return found


@pytest.mark.parametrize(("name", "stays"), [("hybrid", True), ("", False)])
def test_a_new_duty_opens_the_contactor_unless_the_car_is_known_for_its_glitch(
    tmp_path: Path, name: str, stays: bool
) -> None:
    with Rig(tmp_path, {"glitch_ms": 500}) as rig:
        if name:
            rig.evse.car(name, glitch_ms=550)
        rig.charge()
        rig.world.run_ms(5000)
        rig.tune.max_ma = 10000
        opened = opened_ms(rig, 3000)
        assert (opened == []) == stays
        if not stays:
            assert opened[0] <= 150, "a B that means nothing is still a B"
        assert rig.world.judge.violations == 0, rig.world.judge.last


def test_the_same_car_unplugged_in_its_glitch_is_opened_at_once(tmp_path: Path) -> None:
    with Rig(tmp_path, {"glitch_ms": 500}) as rig:
        rig.evse.car("hybrid", glitch_ms=550)
        rig.charge()
        rig.world.run_ms(5000)
        rig.tune.max_ma = 10000
        rig.world.run_ms(100)
        rig.world.unplug()
        assert opened_ms(rig, 200)[0] <= 100
        assert rig.world.judge.violations == 0, rig.world.judge.last


def test_a_car_that_really_opens_s2_after_a_new_duty_is_opened_within_600_ms(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.evse.car("hybrid", glitch_ms=550)
        rig.charge()
        rig.world.run_ms(5000)
        rig.tune.max_ma = 10000
        rig.world.run_ms(100)
        rig.world.car.room_wh = 0
        assert 400 <= opened_ms(rig, 1000)[0] <= 600
