"""How fast the whole charger opens its contactor, on every chip of the range: through the pins, worst case over phases.

`pytest -s` prints the table. An event comes at every ms of the meter's round, so at every phase of a
tick and of a burst; under an offer of 6 A, whose pulses are the shortest to be read.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from rig import Rig, in_a_copy

CORNERS = ("fast", "20us,2.2", "default", "80us,0.8", "80us,1.8", "slow")
ROUND_MS = 280
QUIET_MS = 40  # without a burst of the meter in between
BURST_MS = 60
FORCED_MS = (6000, 6100)  # table A.6, sequence 10.2: 6 s after steady +12 V, and a tick or two


class Reaction(NamedTuple):
    """From an event to the command to open, and whether the meter took a burst in between."""

    took_ms: int
    has_burst: bool


def unplugged_at(phase_ms: int) -> Callable[[Rig], Reaction]:
    """The scene in which the plug is pulled `phase_ms` from now."""

    def scene(rig: Rig) -> Reaction:
        world = rig.world
        bursts: list[tuple[int, int]] = []
        opened: list[int] = []
        measure, update = rig.charger._meter.measure, world.contactor.update

        def watched_measure(*arguments: object) -> None:
            start_ms = world.ms
            measure(*arguments)
            bursts.append((start_ms, world.ms))

        def watched_update(ms: int) -> None:
            update(ms)
            if not world.contactor.wanted:
                opened.append(ms)

        rig.charger._meter.measure, world.contactor.update = watched_measure, watched_update
        at_ms = world.ms + phase_ms
        world.at(at_ms, world.unplug)
        world.run_ms(phase_ms + 200)
        has_burst = any(end_ms >= at_ms and start_ms <= opened[0] for start_ms, end_ms in bursts)
        return Reaction(opened[0] - at_ms, has_burst)

    return scene


@pytest.fixture(scope="module")
def table() -> Iterator[list[str]]:
    """Lines that are printed together in the end."""
    lines: list[str] = []
    yield lines
    print("\nchip       worst case", *lines, sep="\n")


@pytest.mark.parametrize("chip", CORNERS)
def test_unplugging_in_c_commands_the_contactor_open_within_40_ms_and_60_with_a_burst(
    tmp_path: Path, table: list[str], chip: str
) -> None:
    with Rig(tmp_path, chip=chip) as rig:
        rig.charge()
        rig.tune.max_ma = 6000
        rig.until(lambda: 0 < rig.world.car.ma < 6000, 20000)
        found = [in_a_copy(rig, unplugged_at(phase_ms)) for phase_ms in range(ROUND_MS)]
        assert rig.world.judge.violations == 0, rig.world.judge.last
    quiet = [each.took_ms for each in found if not each.has_burst]
    burst = [each.took_ms for each in found if each.has_burst]
    table.append(f"{chip:9}  open after {max(quiet)} ms of {QUIET_MS}, with a burst {max(burst)} of {BURST_MS}")
    assert len(quiet) > 60 and len(burst) > 60, "both kinds must occur"
    assert max(quiet) <= QUIET_MS
    assert max(burst) <= BURST_MS


@pytest.mark.parametrize("chip", CORNERS)
def test_a_car_that_keeps_drawing_after_steady_12_v_is_cut_at_6_s(
    tmp_path: Path, table: list[str], chip: str
) -> None:
    with Rig(tmp_path, {"ignores_stop": 1}, chip=chip) as rig:
        rig.charge()
        rig.evse.stop()
        rig.until(lambda: rig.world.judge.high_since_ms >= 0, 200)
        since_ms = rig.world.judge.high_since_ms
        rig.until(lambda: not rig.world.contactor.wanted, 8000)
        took_ms = rig.world.ms - since_ms
        table.append(f"{chip:9}  cut {took_ms} ms after steady +12 V, of {FORCED_MS[0]} to {FORCED_MS[1]}")
        assert FORCED_MS[0] <= took_ms <= FORCED_MS[1]
        rig.world.run_ms(20000)
        assert not rig.world.contactor.is_closed, "never closed again onto a car still in C"
        assert rig.world.judge.violations == 0, rig.world.judge.last
