"""`make sim` up to the VM: what it chooses, what it hears, and how it refuses."""

import io
import json
import re
from pathlib import Path

import pytest

from rouse import sim
from rouse.data.car_file import read_car
from rouse.data.day_file import Day, DayError
from rouse.report.progress import Progress

SAMPLE = "sample 59 3000 400 2200 10000 C 1 1 0 2 0"
WANTED = (
    *("vm", "simulated_s", "wall_s", "solar_kwh", "car_kwh", "import_kwh", "starts"),
    *("wake_attempts", "woken", "safety_violations"),
)


def listener() -> sim.Listener:
    return sim.Listener(Progress(60, every=60))


def test_without_a_day_the_shipped_one_is_used_under_generated_cloud() -> None:
    day = sim.choose_day(None)
    assert day.generated
    assert day.name == "recorded_2022-03-18.csv"
    assert len(day) == sim.LENGTH_S >= 30 * 60


def test_the_users_day_is_used_as_it_is_unless_it_is_too_short(tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("seconds,solar_w,house_w\n500,2000,100\n510,2000,100\n4490,2000,100\n")
    day = sim.choose_day(mine)
    assert not day.generated
    assert (set(day.solar_w), set(day.house_w), len(day)) == ({2000}, {100}, sim.LENGTH_S)
    mine.write_text("seconds,solar_w,house_w\n0,2000,100\n300,2000,100\n")
    with pytest.raises(DayError, match="600 s long"):
        sim.choose_day(mine)


def test_what_the_vm_prints_is_sorted_into_samples_totals_and_talk(capsys: pytest.CaptureFixture[str]) -> None:
    heard = listener()
    lines = ("vm MicroPython 1.29.0 WebAssembly", "Rouse 0.1", SAMPLE, "violation 1.5 s: late", "totals 9 16 1")
    for line in lines:
        heard(line)
    assert heard.vm == "MicroPython 1.29.0 WebAssembly"
    assert [sample.at_s for sample in heard.samples] == [59]
    assert heard.totals == [9, 16, 1]
    assert capsys.readouterr().out == "  | Rouse 0.1\n  | violation 1.5 s: late\n"


def test_of_a_traceback_only_the_last_line_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    heard = listener()
    for line in ("Traceback (most recent call last):", '  File "a.py", line 1', "BoardError: board: unknown key 'x'"):
        heard(line)
    assert heard.last_words == "BoardError: board: unknown key 'x'"
    assert capsys.readouterr().out == ""


def test_the_summary_has_every_figure_that_is_promised() -> None:
    heard = listener()
    heard("vm MicroPython 1.29.0 WebAssembly")
    heard(SAMPLE)
    heard("totals 90000 16 1")
    found = sim.summary(Day("d.csv", 0, [1], [1], True), read_car(sim.CAR), "40us,1.3", heard, 12.34)
    assert set(WANTED) <= set(found)
    assert (found["ticks"], found["bytes_per_tick"], found["tick_errors"], found["generated"]) == (90_000, 16, 1, True)
    assert (found["wall_s"], found["chip"]) == (12.3, "40us,1.3")
    json.dumps(found)


def test_progress_is_a_line_a_simulated_minute_when_not_on_a_terminal() -> None:
    out = io.StringIO()
    with Progress(180, 60, out) as progress:
        heard = sim.Listener(progress)
        for at_s in range(180):
            heard(SAMPLE.replace("59", str(at_s), 1))
    line = "C2  offer 10.0 A  car  2200 W  surplus   2600 W\n"
    assert out.getvalue() == f"60 of 180  {line}120 of 180  {line}180 of 180  {line}"


def test_progress_on_a_terminal_rewrites_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(out, "isatty", lambda: True)
    monkeypatch.setattr("rouse.report.progress.REDRAW_S", 0)
    with Progress(180, 60, out) as progress:
        progress.step("one")
        progress.step("two")
        progress.say("a [line] that stays")
    shown = [re.sub(r"\x1b\[[0-9?;]*[a-zA-Z]", "", line).split("\r") for line in out.getvalue().split("\n")]
    assert any("1/180" in each and "one" in each for each in shown[0])
    assert shown[0][-1] == "a [line] that stays"
    assert "2/180" in shown[1][-1] and "two" in shown[1][-1]
