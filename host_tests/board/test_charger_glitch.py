"""A car whose pilot shows B after each new duty (BMW hybrids): what happens at the pins, with its name and without."""

from pathlib import Path

import pytest
from rig import Rig


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
        starts = rig.world.contactor.starts
        rig.world.run_ms(150)
        assert rig.world.contactor.is_closed == stays, "else a B that means nothing is still a B"
        rig.world.run_ms(2850)
        assert not stays or (rig.world.contactor.is_closed and rig.world.contactor.starts == starts)
        assert rig.world.judge.violations == 0, rig.world.judge.last
