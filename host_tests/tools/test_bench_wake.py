"""`make bench-wake`: what its rows say, what the others' ladders do second by second, and how it refuses bad input."""

import json
import math
from pathlib import Path

import pytest

from rouse.bench.inlet import MINUS12, OPEN, PWM, X1
from rouse.bench.wake import bench
from rouse.bench.wake.ours import Run, booked, compared, learned, stated
from rouse.bench.wake.page import KEY
from rouse.bench.wake.peers import PEERS, PeerRun, Switch
from rouse.bench.wake.scenes import PLUG_S, Scene, Truth, figures, scenes
from rouse.bench.wake.verdict import failures, own_waits_s, verdict
from rouse.build.firmware import board_data
from rouse.data.car_file import Car, checked, read_cars

MINUTE_S = 60
SLEEPY = 'name = "dozy"\nsource = "made up"\nsleep_after_s = 300\nwakes_on = "open"\nwake_pulse_ms = 4000\n'
KEYS = ("car", "ladder", "scene", "mode", "known", "woken", "seconds_to_charge", "interruptions", "locked_out")
KEYS += ("kwh_lost", "lost_minutes", "lost_minutes_right")


def car_of(**keys: int | str) -> Car:
    return checked({"name": "c", "source": "made up", **keys})


def scene_of(car: Car, name: str) -> Scene:
    return next(scene for scene in scenes(car) if scene.name == name)


def test_the_scenes_are_a_cloud_a_dawn_and_ten_clouds_and_send_late_sleepers_to_sleep() -> None:
    cloud, dawn, clouds = scenes(car_of(sleep_after_s=14400, wakes_on="open"))
    assert cloud.returns_s() == [(40 * MINUTE_S, 60 * MINUTE_S)]
    assert dawn.returns_s()[0][0] == 14400 + 600
    assert scenes(car_of())[1].returns_s()[0][0] == 3 * 3600
    assert len(clouds.returns_s()) == 10


def test_figures_are_read_off_the_truth() -> None:
    scene = Scene("s", ((100, True), (100, False), (100, True), (50, False), (100, True)))
    run = PeerRun("evcc", scene, car_of())
    truth = Truth(scene, car_of(), run._inlet)
    for second in (*range(20, 100), *range(230, 300), *range(355, 450)):
        truth.car_ma[second] = 16_000
    found = figures(truth)
    assert (found["woken"], found["seconds_to_charge"], found["locked_out"]) == (True, 30, False)
    assert found["kwh_lost"] == round((20 + 30 + 5) * 4000 / 3.6e6, 3)
    truth.car_ma[230:300] = truth.car_ma[100:170]
    found = figures(truth)
    assert (found["woken"], found["seconds_to_charge"]) == (False, None)


@pytest.mark.parametrize("name", ["cloud", "dawn"])
@pytest.mark.parametrize("known", [False, True])
def test_a_sleeping_car_is_woken_by_the_core_in_time(known: bool, name: str) -> None:
    car = car_of(sleep_after_s=300, wakes_on="open", wake_pulse_ms=4000)
    board = board_data("reference")
    record = learned(car, [scene_of(car, "dawn"), scene_of(car, "cloud")], board) if known else {}
    found = figures(Run(scene_of(car, name), car, board, "eco", record).go())
    assert found["woken"] and not found["locked_out"]
    assert isinstance(found["seconds_to_charge"], int)
    assert found["seconds_to_charge"] <= (60 + own_waits_s(car) if known else 300)


@pytest.mark.parametrize(
    ("keys", "name", "mode", "weightiest", "most_pulses"),
    [
        ({"sleep_after_s": 300, "wakes_on": "open", "wake_pulse_ms": 4000}, "dawn", "eco", "charger", 1),
        ({}, "clouds", "solar", "charger", 0),  # an unknown car's patience
        ({"room_wh": 400}, "clouds", "eco", "car", 0),  # full
        ({"room_wh": 0}, "dawn", "eco", "car", 4),  # broken: an unknown car's budget
        ({"glitch_ms": 500, "max_ma": 16_000}, "clouds", "eco", "car", 0),
    ],
)
def test_the_core_books_what_is_lost_to_its_culprit_accuses_no_one_else_and_pulses_no_more_than_it_may(
    keys: dict[str, int | str], name: str, mode: str, weightiest: str, most_pulses: int
) -> None:
    car = car_of(**keys)
    truth = Run(scene_of(car, name), car, board_data("reference"), mode, {}).go()
    assert truth.mood.pulses <= most_pulses
    found = compared(truth)
    assert found.lost_minutes_right >= 0.98 * found.lost_minutes > 0
    accused = {pair: count for pair, count in found.pairs.items() if pair[1] not in (pair[0], "", "sun")}
    assert sum(accused.values()) <= 2, accused
    seconds = {party: found.pairs[party, party] for party in ("charger", "car", "house", "setting", "cable")}
    assert max(seconds, key=lambda party: seconds[party]) == weightiest, seconds
    assert list(booked(truth).values()) == [round(found.lost_minutes, 2), round(found.lost_minutes_right, 2)]
    truth.booked = bytearray(len(truth.booked))
    assert compared(truth).lost_minutes_right < 0.98 * found.lost_minutes, "a ledger that books nothing"


def test_pulses_of_the_core_have_their_length_in_the_bench() -> None:
    car = car_of(sleep_after_s=300, wakes_on="open", wake_pulse_ms=4000)
    run = Run(scene_of(car, "dawn"), car, board_data("reference"), "eco", {})
    dark: list[int] = []
    drive = run.inlet.drive

    def listen(what: int, offer_ma: int, now_ms: int) -> None:
        if what == OPEN:
            dark.append(now_ms)
        drive(what, offer_ma, now_ms)

    run.inlet.drive = listen  # type: ignore[method-assign]  # to listen in
    run.go()
    assert abs(dark[-1] - dark[0] - 46_000) <= 1000


def test_what_a_person_states_is_in_the_file() -> None:
    said = stated(car_of(patience=7, toggle_s=300, minus12_fault=1, glitch_ms=500, min_ma=8000))
    assert [said[key] for key in ("limit", "min_off_s", "minus12", "glitch_ms", "min_ma")] == [7, 300, 0, 550, 8100]
    said = stated(car_of())
    assert (said["limit"], said["min_off_s"], said["minus12"], said["welcome_s"], said["min_ma"]) == (0, 60, 1, 0, 6000)


def put_out(name: str, seconds: int, since_c_s: int = 0) -> list[tuple[int, int, int]]:
    """(second, how long, what) of everything a ladder puts out that is no offer, from B2 on."""
    _, ladder = PEERS[name]
    found: list[tuple[int, int, int]] = []
    for second in range(seconds):
        what = ladder.at(second, since_c_s + second)
        if what != PWM:
            if found and found[-1][2] == what and sum(found[-1][:2]) == second:
                found[-1] = (found[-1][0], found[-1][1] + 1, what)
            else:
                found.append((second, 1, what))
    return found


def test_each_peer_s_ladder_is_as_described() -> None:
    assert put_out("openevse", 600) == put_out("evcc_without", 600) == []
    assert put_out("smartevse", 600) == [(30, 3, MINUS12), (33, 1, X1)]
    assert put_out("evcc", 600) == [(30, 5, OPEN), (90, 5, OPEN), (150, 5, OPEN)]
    assert put_out("everest", 600) == [(30, 4, MINUS12), (34, 1, X1)]
    early = [(90, 4, OPEN), (124, 30, OPEN)]
    assert put_out("warp", 600, 3599) == early
    assert [each for each in put_out("warp", 600, 3600) if each[2] != X1] == [
        *early, (184, 4, MINUS12), (218, 30, MINUS12),
    ]  # fmt: skip


def switched(name: str, sun_s: int, dark_s: int) -> tuple[int, int]:
    """After how many seconds of sun it offers, and after how many of dark it stops."""
    switch: Switch = PEERS[name][0]()
    states = [switch.step(17.0, True) for _ in range(sun_s)]
    on_s = states.index(True)
    assert states[-1]
    dark = [switch.step(0.0, True) for _ in range(dark_s)]
    return on_s, dark.index(False)


def test_each_peer_s_switch_is_as_described() -> None:
    assert switched("evcc", 300, 600) == (59, 179)
    assert switched("smartevse", 300, 900) == (59, 599)
    on_s, off_s = switched("openevse", 3600, 1800)
    spare_a = 17.0 - 100 / 230
    assert abs(on_s - 20 * math.log(spare_a / (spare_a - 6.5))) <= 2
    assert abs(off_s - 600 * math.log(spare_a / 6.0)) <= 5
    assert switched("warp", 600, 600)[1] == 239


def test_smartevse_opens_the_pilot_for_5_s_at_the_start_of_a_pause() -> None:
    scene = Scene("s", ((600, True), (900, False), (600, True)))
    run = PeerRun("smartevse", scene, car_of())
    dark = []
    for second in range(PLUG_S, scene.length_s):
        if second == PLUG_S:
            run._inlet.plug(second * 1000)
        run._second(second)
        if run._inlet.pilot.is_open:
            dark.append(second)
    spans = [second for second in dark if second - 1 not in dark]
    assert len(dark) == 5 * len(spans) and len(spans) == 2, "before the first offer, and in the cloud"


def test_the_bench_writes_its_rows_and_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "dozy.toml").write_text(SLEEPY)
    monkeypatch.setattr(bench, "OUT", tmp_path / "out")
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    assert bench.main(["--cars", str(tmp_path)]) == 0
    rows = json.loads((tmp_path / "out" / "wake.json").read_text())
    assert all(tuple(row) == KEYS for row in rows)
    assert len(rows) == 3 * 2 * (2 + len(PEERS))
    assert {row["ladder"] for row in rows} == {"rouse", *PEERS}
    page = (tmp_path / "out" / "wake.html").read_text()
    assert page.count("<td class=") == len(KEY) + 3 * 2 + len(rows) and "<td>dozy</td>" in page
    assert failures(read_cars(tmp_path), rows, "rouse") == []
    for row in rows:
        lost_minutes, right_minutes = row["lost_minutes"], row["lost_minutes_right"]
        assert (lost_minutes is None) == (right_minutes is None) == (row["ladder"] != "rouse")
        assert lost_minutes is None or lost_minutes >= right_minutes >= 0.98 * lost_minutes
    assert "see out/wake.html" in capsys.readouterr().out


def test_the_verdict_counts_lateness_sleep_and_locks() -> None:
    row = {"car": "c", "ladder": "rouse", "scene": "cloud", "mode": "eco", "known": False, "woken": True}
    row |= {"seconds_to_charge": 301, "interruptions": 1, "locked_out": False}
    other = row | {"ladder": "evcc", "woken": False, "seconds_to_charge": None}
    locked = row | {"ladder": "warp", "mode": "solar", "locked_out": True}
    known = row | {"known": True, "seconds_to_charge": 60 + 9 + 2 + 1}
    cars = {"c": car_of()}
    rows: list[dict[str, object]] = [row, other, locked, known]
    assert failures(cars, rows, "rouse") == [
        "c cloud eco: 301 s, 300 s allowed", "c cloud eco known: 72 s, 71 s allowed",
    ]  # fmt: skip
    assert failures(cars, rows, "evcc") == ["c cloud eco: not woken"]
    assert failures(cars, rows, "warp") == ["c cloud solar: locked out"]
    assert verdict(cars, rows)[0].startswith("rouse          0 cars left asleep,  0 locked out,   2 failures")
    row |= {"lost_minutes": 20.0, "lost_minutes_right": 19.0}
    known |= {"lost_minutes": 80.0, "lost_minutes_right": 80.0}
    assert verdict(cars, rows)[-1] == (
        "rouse         99 of 100 lost minutes booked to the true culprit, 99.00%; in the worst run 95.00%"
    )
