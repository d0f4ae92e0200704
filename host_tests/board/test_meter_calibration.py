"""Calibration at the REPL: a person with a kettle gets a true meter; nonsense is one clear line and changes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from rig import Rig


def spoil(world: Any) -> None:
    """Parts as wrong as they come."""
    house = world.house
    house.grid_clamp.ratio_ppm = 1030000
    house.grid_clamp.lead_cdeg, house.grid_clamp.low_lead_cdeg = 100, 250
    house.transformer.lead_cdeg = 700
    house.grid_channel.gain_error_ppm = house.phase_channel.gain_error_ppm = 50000
    house.grid_channel.neighbours = [(house.transformer.wave, 2000)]
    house.refresh()


def load(rig: Rig, house_w: int) -> None:
    rig.world.load_day((0,), (house_w,))
    rig.world.run_ms(1000)


def figures(rig: Rig) -> dict[str, int]:
    calibration = vars(rig.charger.metering.grid_cal)
    return {name: value for name, value in calibration.items() if name != "error_permille"}


def calibrate(rig: Rig) -> None:
    rig.world.house.grid_clamp.is_lost = True
    load(rig, 300)
    rig.evse.cal.zero("grid")
    rig.world.house.grid_clamp.is_lost = False
    rig.world.house.refresh()
    load(rig, 300)
    rig.evse.cal.mark("grid")
    load(rig, 1000)
    rig.evse.cal.phase("grid")
    load(rig, 2300)
    rig.evse.cal.phase("grid")
    rig.evse.cal.gain("grid", 2000)


def test_a_person_with_a_kettle_gets_a_true_meter_that_outlives_a_reset(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Rig(tmp_path) as rig:
        spoil(rig.world)
        load(rig, 2300)
        assert abs(rig.evse.status()["grid_w"] - 2300) > 150, "wrong before"
        began_ms = rig.world.ms
        calibrate(rig)
        assert rig.world.ms - began_ms < 300000 - 120000, "five minutes, two of them the person's"
        told = capsys.readouterr().out
        for word in ("offset", "not counted", "degrees", "gain", "of 2000"):
            assert word in told
        rig.world.house.lag_permille = 1000
        rig.world.house.refresh()
        for house_w in (300, 1000, 4000):
            load(rig, house_w)
            rig.world.run_ms(1000)
            assert rig.evse.status()["grid_w"] == pytest.approx(house_w, abs=25 + house_w * 0.02), house_w
        stored = json.loads((tmp_path / "clamps.json").read_text())
        assert stored["grid"]["gain_ppm"] == rig.charger.metering.grid_cal.gain_ppm != 1000000
        kept = figures(rig)
        rig.world.hard_reset(2)
        rig.boot()
        assert figures(rig) == kept


@pytest.mark.parametrize(
    ("house_w", "step", "arguments", "words"),
    [
        (300, "gain", ("grid", 2000), "factor over 2"),
        (60, "gain", ("grid", 2000), "no load"),
        (60, "phase", ("grid",), "no load"),
        (2000, "gain", ("grid", 900), "factor over 2"),
        (2000, "gain", ("grid", 4100), "factor over 2"),
        (2000, "gain", ("grid", 100), "whole number of W from 500"),
        (2000, "gain", ("grid", 2000.5), "whole number of W"),
        (2000, "gain", ("grid", True), "whole number of W"),
        (2000, "zero", ("grid",), "take the clamp off"),
        (2000, "gain", ("house", 2000), "no clamp 'house'"),
        (2000, "flip", ("grid",), "only a start of the car"),
        (2000, "phase", ("car",), "in phase"),
    ],
)
def test_nonsense_is_refused_in_one_line_and_the_old_figures_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], house_w: int, step: str, arguments: Any, words: str
) -> None:
    with Rig(tmp_path) as rig:
        load(rig, house_w)
        rig.world.run_ms(3000)
        before = figures(rig)
        capsys.readouterr()
        getattr(rig.evse.cal, step)(*arguments)
        told = capsys.readouterr().out.strip()
        assert told.startswith("refused, nothing changed: ") and words in told and "\n" not in told, told
        assert figures(rig) == before and not rig.charger.metering.is_changed


def test_an_export_and_a_fault_are_no_load_to_calibrate_by(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Rig(tmp_path) as rig:
        rig.world.load_day((4000,), (500,))
        rig.world.run_ms(3000)
        rig.evse.cal.gain("grid", 3500)
        assert "export" in capsys.readouterr().out
        rig.world.house.transformer.is_dead = True
        rig.world.house.refresh()
        rig.world.run_ms(3000)
        for step, arguments in (("mark", ()), ("phase", ()), ("gain", (2000,))):
            getattr(rig.evse.cal, step)("grid", *arguments)
            assert "not during a fault: the phase reference is dead" in capsys.readouterr().out
        assert figures(rig)["gain_ppm"] == 1000000


def test_no_calibration_lifts_the_fuse_guard(tmp_path: Path) -> None:
    for gain_ppm, is_flipped, charges in ((500000, 0, True), (2000000, 0, False), (500000, 1, True)):
        with Rig(tmp_path) as rig:
            metering = rig.charger.metering
            metering.grid_cal.gain_ppm = gain_ppm
            metering.grid_cal.is_flipped = is_flipped
            metering.car_cal.gain_ppm = 2000000
            rig.world.load_day((0,), (5000,))
            rig.evse.mode("fast")
            rig.world.plug()
            most_w = 0
            for _ in range(60):
                rig.world.run_ms(500)
                most_w = max(most_w, rig.world.house.grid_w)
            assert most_w <= 35 * 230 + 200, (gain_ppm, is_flipped, most_w)
            assert (most_w > 5000 + 6 * 230 - 100) == charges, (gain_ppm, is_flipped, most_w)


@pytest.mark.parametrize("text", ["{", "[]", '{"grid": {"gain_ppm": 9}, "car": {}}', '{"grid": {"x": 1}, "car": {}}'])
def test_a_broken_file_is_told_and_the_board_s_figures_hold(tmp_path: Path, text: str) -> None:
    (tmp_path / "clamps.json").write_text(text)
    with Rig(tmp_path) as rig:
        assert "clamps.json is broken" in rig.charger.keeper.notice
        rig.world.run_ms(2000)
        assert rig.evse.status()["grid_w"] == pytest.approx(rig.world.house.grid_w, abs=100)


def test_the_list_of_steps_shows_both_clamps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Rig(tmp_path) as rig:
        repr(rig.evse.cal)
        told = capsys.readouterr().out
        assert "kettle" in told and "grid: " in told and "car: " in told
