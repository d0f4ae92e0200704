"""`python -m rouse.cosim`: a line in, a line out; wrong lines and times; the figures of the bench through a pipe."""

import subprocess
import sys
from pathlib import Path

import pytest

from rouse.bench.solar.loop import Habit, LoopCar, run
from rouse.bench.solar.ours import Core
from rouse.bench.solar.outside import played
from rouse.data.day_file import Day

ROOT = Path(__file__).parents[2]


def cosim(text: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rouse.cli", "cosim", *options]
    return subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=False, timeout=60)


def lines(seconds: int, grid_w: int = -3000, start_s: int = 0, vehicle: int = 2) -> str:
    return "".join(f"{start_s + second} 0 {grid_w} {vehicle} 0 230\n" for second in range(seconds))


def test_no_input_is_a_good_end() -> None:
    done = cosim("")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("start_s", [0, 1_700_000_000, -5])
@pytest.mark.parametrize("mode", ["solar", "eco", "min", "fast"])
def test_a_waiting_car_is_offered_the_sun_and_the_contactor_closes_on_c(mode: str, start_s: int) -> None:
    done = cosim(lines(20, start_s=start_s) + lines(3, start_s=start_s + 20, vehicle=3), "--mode", mode)
    answers = [line.split() for line in done.stdout.splitlines()]
    assert done.returncode == 0 and len(answers) == 23 and {len(answer) for answer in answers} == {5}
    expected_a = 32.0 if mode == "fast" else 13.0
    assert answers[19][0] == "1" and float(answers[19][1]) == expected_a and answers[19][2:] == ["0", "0", "0"]
    assert answers[22][4] == "1", "closed within three seconds"


@pytest.mark.parametrize(
    "bad",
    ["1 0 -3000 2 0", "x 0 0 2 0 230", "1 0 nan 2 0 230", "1 0 0 4 0 230", "1 0 0 B 0 230", "", "1 0 0 2 1e9 230"],
)
def test_a_malformed_line_is_named_and_nothing_follows(bad: str) -> None:
    done = cosim(lines(3) + bad + "\n" + lines(3))
    assert done.returncode == 2 and len(done.stdout.splitlines()) == 3
    assert done.stderr.startswith("cosim: line 4: ") and len(done.stderr.splitlines()) == 1


def test_wrong_usage_is_status_2() -> None:
    assert cosim("", "--mode", "sun").returncode == 2
    assert cosim("", "--phases", "2").returncode == 2
    assert cosim("", "--car", "angry").returncode == 2


def test_jumps_of_time_end_no_run_and_open_no_contactor_for_long() -> None:
    text = lines(60) + lines(5, start_s=60, vehicle=3)
    for jump_s in (200, 100_000, -500, 0):
        text += lines(5, start_s=65 + jump_s, vehicle=3)
    done = cosim(text, "--mode", "min")
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 85
    assert done.stdout.splitlines()[-1].split()[4] == "1"


def test_a_sleeping_car_is_woken_by_an_open_pilot() -> None:
    done = cosim(lines(120), "--mode", "fast")
    assert any(line.split()[2] == "1" for line in done.stdout.splitlines()), "cp_open"


@pytest.mark.parametrize("mode", ["solar", "eco"])
@pytest.mark.parametrize("is_sulking", [False, True])
def test_through_the_pipe_the_figures_are_the_bench_s(mode: str, is_sulking: bool) -> None:
    sun_w = [200] * 300 + [2600] * 1500 + [300] * 900 + [3100] * 900 + [900] * 240 + [2000] * 600
    day = Day("d", 0, sun_w, [0] * len(sun_w))
    habit = Habit(is_sulking=is_sulking)
    inside = run(day.surplus_w(), Core(mode), LoopCar(habit, 1)).score()
    outside = played(day, mode, habit, 1).score()
    assert inside.starts == outside.starts >= 2
    assert abs(inside.solar_kwh - outside.solar_kwh) < 0.005 * inside.solar_kwh
    assert abs(inside.import_kwh - outside.import_kwh) < 0.01


def test_three_phases_offer_a_third_of_the_amperes() -> None:
    done = cosim(lines(20, grid_w=-6900), "--phases", "3", "--mode", "min")
    assert done.stdout.splitlines()[-1].split()[1] == "10.0"


@pytest.mark.parametrize(("car", "starts"), [("patient", 8), ("unknown", 4)])
def test_a_patient_car_is_stopped_all_day_and_an_unknown_one_four_times(car: str, starts: int) -> None:
    """An hour of sun and one of night in turns."""
    sun_w = ([4000] * 3600 + [-500] * 3600) * 8
    record = run(sun_w, Core("solar", car=car), LoopCar(Habit(), 1))
    assert record.score().starts == starts
