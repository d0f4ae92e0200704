"""A short `make sim` on the real VM: the firmware boots and charges; what is broken is told in one line."""

import shutil
from pathlib import Path

import pytest

from rouse import ToolError, sim
from rouse.build import firmware
from rouse.data.car_file import read_car
from rouse.data.day_file import Day
from rouse.report.progress import Progress
from rouse.report.trace import figures

LENGTH_S = 90  # start_s is 60 s, the car answers an offer after 9 s
SUNNY = Day("sunny", 0, [6000] * LENGTH_S, [500] * LENGTH_S)


def simulate(day: Day) -> sim.Listener:
    return sim.simulate(day, read_car(sim.CAR), "reference", Progress(len(day), every=60))


def test_the_firmware_charges_from_the_sun_without_violation_error_or_allocation(
    capsys: pytest.CaptureFixture[str],
) -> None:
    heard = simulate(SUNNY)
    found = figures(heard.samples)
    ticks, bytes_per_tick, tick_errors = heard.totals
    assert heard.vm.startswith("MicroPython 1.29")
    assert len(heard.samples) == LENGTH_S
    assert (found.starts, found.safety_violations) == (1, 0)
    assert 4500 < heard.samples[-1].car_w <= 5500
    assert (bytes_per_tick, tick_errors) == (0, 0)
    assert abs(ticks - LENGTH_S * 50) <= 10  # a simulated second ends with its last tick, late by a meter burst
    assert "type evse, tune or help" in capsys.readouterr().out


def test_a_tick_that_allocates_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    files = firmware.firmware_files("reference")
    sample = b"        pilot.sample()\n"
    before = (firmware.FIRMWARE / "evse/app/charger.py").read_bytes()
    charger = before.replace(sample, sample + b"        [0] * 9\n")
    assert charger != before
    changed = {"/evse/app/charger.mpy": firmware.compiled(charger, "evse/app/charger.py")}
    monkeypatch.setattr(sim, "firmware_files", lambda _: {**files, **changed})
    ticks, _, tick_errors = simulate(SUNNY.cut(0, 2)).totals  # shorter than the watchdog, which nobody feeds now
    assert tick_errors == ticks > 90


def test_a_broken_board_file_ends_the_run_with_the_firmwares_own_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(firmware.BOARDS, tmp_path / "boards")
    board = tmp_path / "boards" / "reference" / "board.py"
    board.write_text(board.read_text().replace('"max_ma"', '"most_ma"'))
    monkeypatch.setattr(firmware, "BOARDS", tmp_path / "boards")
    with pytest.raises(ToolError, match="most_ma") as caught:
        simulate(SUNNY)
    assert "\n" not in str(caught.value)
    assert capsys.readouterr().out == ""
