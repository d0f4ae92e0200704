"""What a person is told at the REPL about the commands and the chip."""

from pathlib import Path

import pytest
from rig import Rig


def test_help_names_every_command_and_lists_the_names_in_anything_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Rig(tmp_path) as rig:
        texts = []
        for thing in ((), (rig.evse,), (rig.tune,)):
            capsys.readouterr()
            rig.help(*thing)
            texts.append(capsys.readouterr().out)
        assert repr(rig.help) == "" and capsys.readouterr().out == texts[0] == texts[1] == texts[2]
        commands = {name for name in dir(type(rig.evse)) if not name.startswith("_")}
        assert {name for name in commands if f"evse.{name}" not in texts[0]} == set()
        assert "tune.save()" in texts[0] and max(map(len, texts[0].splitlines())) < 120
        rig.help(rig.charger.beat)
        assert set(capsys.readouterr().out.split()) >= {"is_due", "room_ms", "busy_percent"}


def test_the_card_shows_how_busy_the_chip_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        rig.world.run_ms(12000)
        rig.world.stall_ms(90)
        rig.world.run_ms(100)
        capsys.readouterr()
        repr(rig.evse)
        (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("chip")]
        words = line.split()
        assert words[:2] == ["chip", "busy"] and 60 <= int(words[2]) <= 70
        assert 90 <= int(words[6]) <= 120 and line.endswith("ms, 1 late")
        told = rig.evse.status()
        assert (told["busy_percent"], told["longest_gap_ms"], told["late"]) == (int(words[2]), int(words[6]), 1)


def busy_percent(rig: Rig, span_ms: int) -> float:
    """How much of the coming span callbacks take, by the plant's clock."""
    world = rig.world
    run_one, spent_us = world.scheduler.run_one, 0

    def watched() -> None:
        nonlocal spent_us
        began_us = world.ms * 1000 + world.us
        run_one()
        spent_us += world.ms * 1000 + world.us - began_us

    world.scheduler.run_one = watched
    began_ms = world.ms
    world.run_ms(span_ms)
    world.scheduler.run_one = run_one
    return spent_us / (world.ms - began_ms) / 10


@pytest.mark.parametrize(("chip", "most_percent"), [("default", 68), ("40us,1.2", 55)])
def test_the_busy_share_is_as_the_clock_of_the_plant_says_and_15_points_less_with_no_car(
    tmp_path: Path, chip: str, most_percent: int
) -> None:
    with Rig(tmp_path, chip=chip) as rig:
        rig.world.run_ms(11000)
        idle = busy_percent(rig, 12000)
        told_idle = rig.charger.beat.busy_percent
        rig.charge()
        rig.world.run_ms(11000)
        charging = busy_percent(rig, 12000)
        assert charging <= most_percent and idle <= charging - 15, (charging, idle)
        # Housekeeping and callbacks for a tick already made are not in the charger's own figure.
        assert -2 <= charging - rig.charger.beat.busy_percent - 0.5 <= 2
        assert -2 <= idle - told_idle - 0.5 <= 2
