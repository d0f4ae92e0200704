"""The solar bench: loop, score, bound and baselines by second, obvious figures; ours against the recorded days."""

import json
from pathlib import Path

import pytest

from host_tests.tools.board_process import run_tool
from rouse.bench.solar import contest
from rouse.bench.solar.bound import clairvoyant
from rouse.bench.solar.loop import Habit, LoopCar, Order, Run, Seen, frontier_ws, run
from rouse.data.day_file import read_day

ROOT = Path(__file__).parents[2]
CEILING_W = 7360


class Fixed:
    """Offers the same from second 10 on."""

    def __init__(self, offer_ma: int) -> None:
        self.offer_ma = offer_ma

    def step(self, seen: Seen) -> Order:
        return Order(self.offer_ma if seen.t_s >= 10 else 0)


def test_the_car_waits_8_to_13_s_then_two_more_and_rises_by_3_a_a_second() -> None:
    firsts = set()
    for seed in range(40):
        record = run([0] * 60, Fixed(16_000), LoopCar(Habit(), seed))
        first = next(at for at, watts in enumerate(record.ev_w) if watts)
        firsts.add(first - 10)
        amps = [watts // 230 for watts in record.ev_w[first : first + 7]]
        assert amps == [3, 6, 9, 12, 15, 16, 16], amps
    assert min(firsts) >= 8 and max(firsts) <= 16 and len(firsts) > 3


def test_the_score_of_a_day_worked_out_by_hand() -> None:
    ev_w = [0] * 100 + [1380] * 3600 + [0] * 100 + [2300] * 3600
    surplus_w = [0] * 100 + [1000] * 3600 + [5000] * 100 + [3000] * 3600
    score = Run(surplus_w, ev_w, [each * 1000 // 230 for each in ev_w]).score()
    assert score.solar_kwh == pytest.approx(1.0 + 2.3)
    assert score.import_kwh == pytest.approx(0.38)
    assert score.starts == 2
    assert score.grid_rms_w == pytest.approx(700)
    frontier_kwh = 5.0 * 100 / 3600 + 3.0 + 1.0  # all above 6 A, and the hour that the import pays
    assert score.eff == pytest.approx(100 * 3.3 / frontier_kwh)


def test_the_frontier_spends_import_on_the_seconds_nearest_to_six_ampere() -> None:
    assert frontier_ws([1000, 1300, 2000, 9000], 0) == 2000 + CEILING_W
    assert frontier_ws([1000, 1300, 2000, 9000], 80) == 2000 + CEILING_W + 1300
    assert frontier_ws([1000, 1300, 2000, 9000], 460) == 2000 + CEILING_W + 1300 + 1000


def test_the_clairvoyant_is_no_worse_than_any_way_to_switch() -> None:
    """Every pattern of a short day, tried."""
    surplus_w = [2000, 500, 1200, 3000, 0, 1400, 1300, 100, 2500, 2000]
    for price, start_wh in ((1.0, 0.2), (3.0, 0.5), (0.5, 0.05)):
        best = 0.0
        for pattern in range(1 << len(surplus_w)):
            value, was_on = 0.0, False
            for at, surplus in enumerate(surplus_w):
                is_on = bool(pattern >> at & 1)
                if is_on:
                    ev = max(1380, surplus)
                    value += surplus - price * (ev - surplus) - (0 if was_on else start_wh * 3600)
                was_on = is_on
            best = max(best, value)
        score = clairvoyant(surplus_w, price, start_wh).score()
        got = (score.solar_kwh - price * score.import_kwh) * 3.6e6 - score.starts * start_wh * 3600
        assert got == pytest.approx(best)


def test_fast_days_have_edges_within_a_second_and_are_the_same_each_time() -> None:
    days = contest.fast_days()
    assert [day.name for day in days] == [f"fast_{seed}" for seed in contest.FAST_SEEDS]
    assert days == contest.fast_days()
    for day in days:
        surplus_w = day.surplus_w()
        edges = sum(1 for a, b in zip(surplus_w, surplus_w[1:], strict=False) if abs(b - a) > 800)
        assert edges > 100, (day.name, edges)


def rows_of(name: str, mode: str) -> list[contest.Row]:
    """One controller on the days on which the peers were measured."""
    days = [read_day(contest.RECORDED / f"{day}.csv") for day in contest.MEASURED_DAYS]
    return [contest.compete(day, name, mode, contest.CARS[0])[0] for day in days]


@pytest.mark.skipif(not contest.RECORDED.is_dir(), reason="no recorded days beside the project")
def test_baselines_take_what_the_peers_own_code_took_within_three_percent() -> None:
    for name, mode in contest.CONTESTANTS:
        if name in contest.MEASURED:
            rows = rows_of(name, mode)
            assert contest.is_true_to_measurement(rows, name), (name, contest.total(rows)[0], contest.MEASURED[name])


@pytest.mark.skipif(not contest.RECORDED.is_dir(), reason="no recorded days beside the project")
@pytest.mark.parametrize(
    ("mode", "least_kwh", "most_kwh", "starts"), [("solar", 42.8, 1.5, 26), ("eco", 47.5, 5.5, 13)]
)
def test_on_the_recorded_days_ours_keeps_its_word(mode: str, least_kwh: float, most_kwh: float, starts: int) -> None:
    rows = rows_of(contest.OURS, mode)
    solar, bought, began, _ = contest.total(rows)
    assert solar >= least_kwh and bought <= most_kwh and began <= starts, (solar, bought, began)


def test_the_bench_writes_rows_and_a_page_that_loads_nothing(tmp_path: Path) -> None:
    days, out = tmp_path / "my days", ROOT / "build" / "bench"
    days.mkdir()
    (days / "one.csv").write_text("seconds,solar_w,house_w\n0,0,200\n60,3000,200\n1200,3000,200\n1260,3000,200\n")
    before = (out / "solar.json").read_bytes() if (out / "solar.json").exists() else None
    try:
        done = run_tool("bench-solar", "--no-match", "--days", str(days))
        assert done.returncode == 0, done.stderr
        rows = json.loads((out / "solar.json").read_text())
        page = (out / "solar.html").read_text()
    finally:
        if before is not None:
            (out / "solar.json").write_bytes(before)
    assert {row["day"] for row in rows} == {"one"}
    assert set(rows[0]) == set(contest.Row.__dataclass_fields__)
    assert {row["controller"] for row in rows} >= {contest.OURS, "clairvoyant", *contest.MEASURED}
    assert {row["car"] for row in rows} == {car.name for car in contest.CARS}
    assert "<script" not in page and "<h2>one</h2>" in page and "<td>clairvoyant, eco</td>" in page
    assert page.count("<svg") == len(contest.CARS) + 1, "the sums of each car, and a day"
