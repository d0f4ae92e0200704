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
