"""`make day`: a whole day through the core charges a car from the sun, fast, and refuses bad input."""

import json
import time
from pathlib import Path

import pytest

from rouse import day as day_tool
from rouse.build.firmware import board_data
from rouse.data.car_file import Car, checked
from rouse.data.day_file import Day
from rouse.report.trace import Sample, figures

HOUSE_W = 300


def car_of(**changes: int | str) -> Car:
    return checked({"name": "test car", "source": "made up", **changes})


def run(solar_w: list[int], **changes: int | str) -> list[Sample]:
    day = Day("d", 0, solar_w, [HOUSE_W] * len(solar_w))
    return list(day_tool.samples_of(day, car_of(**changes), board_data("reference")))


def test_there_is_one_sample_a_second_with_the_days_own_powers() -> None:
    samples = run([100, 200, 300])
    assert [sample.at_s for sample in samples] == [0, 1, 2]
    assert [sample.solar_w for sample in samples] == [100, 200, 300]
    assert {sample.house_w for sample in samples} == {HOUSE_W}


def test_steady_sun_charges_with_about_all_of_it_and_imports_nothing() -> None:
    samples = run([4000] * 3600)
    found = figures(samples)
    assert found.starts == 1
    assert found.import_kwh < 0.01
    assert {sample.car_w for sample in samples[-600:]} <= set(range(4000 - HOUSE_W - 200, 4000 - HOUSE_W + 1))


def test_too_little_sun_gives_the_welcome_charge_alone() -> None:
    samples = run([1100 + HOUSE_W] * 1800)  # an import of 280 W costs more than this sun is worth
    assert {sample.offer_ma for sample in samples} <= {0, *range(5990, 6001)}
    assert 60 <= sum(sample.is_closed for sample in samples) <= 63


def test_the_offer_is_no_more_than_the_boards_cable() -> None:
    board = board_data("reference")
    board["pins"]["proximity_adc"], board["cable_ma"] = None, 10_000
    samples = list(day_tool.samples_of(Day("d", 0, [9000] * 600, [HOUSE_W] * 600), car_of(), board))
    assert max(sample.offer_ma for sample in samples) in range(9_000, 10_001)


def test_a_car_that_keeps_drawing_gets_nothing_through_open_contacts() -> None:
    samples = run([4000] * 600 + [0] * 600, ignores_stop=1)
    assert not samples[-1].is_closed
    assert [sample for sample in samples if sample.car_w > 0 and not sample.is_closed] == []


def test_cloud_stops_and_sun_starts_again() -> None:
    samples = run(([4000] * 600 + [0] * 600) * 3)
    assert figures(samples).starts == 3
    for cloud_s in (600, 1800, 3000):
        assert samples[cloud_s - 1].is_closed
        assert not samples[cloud_s + 599].is_closed


def test_a_car_that_falls_asleep_in_a_cloud_is_woken_and_charges() -> None:
    samples = run([4000] * 600 + [0] * 900 + [4000] * 900, sleep_after_s=300, wakes_on="open")
    found = figures(samples)
    assert any(sample.is_asleep for sample in samples)
    assert (found.wake_attempts, found.woken, found.starts) == (1, 1, 2)
    assert samples[-1].car_w > 3000


def test_a_full_car_is_left_alone() -> None:
    samples = run([4000] * 3600, room_wh=500)
    assert figures(samples).car_kwh == pytest.approx(0.5, abs=0.01)
    assert figures(samples).wake_attempts == 0


def test_a_shipped_day_runs_2000_times_faster_than_real_time() -> None:
    solar_w = [4000 + at_s % 500 for at_s in range(7200)]
    best_s = 3600.0
    for _ in range(3):
        began = time.process_time()
        run(solar_w)
        best_s = min(best_s, time.process_time() - began)
    assert len(solar_w) / best_s > 2000


def test_make_day_writes_the_report_of_the_day_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("seconds,solar_w,house_w\n" + "".join(f"{at_s},5000,200\n" for at_s in range(0, 1800, 60)))
    monkeypatch.setattr(day_tool, "ROOT", tmp_path)
    monkeypatch.setattr(day_tool, "OUT", tmp_path / "out")
    assert day_tool.main(["--day", str(mine)]) == 0
    found = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (found["day"], found["simulated_s"], found["starts"], found["generated"]) == ("mine.csv", 1800, 1, False)
    assert found["safety_violations"] is None
    assert (tmp_path / "out" / "report.html").exists()
    assert "see out/report.html" in capsys.readouterr().out
