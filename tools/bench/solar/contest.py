"""Who takes part in the solar bench, on which days, with which cars; every run gives one row.

Knows names and files; the loop is loop.py, the page is page.py. Measured figures of the peers' own code: see MEASURED.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rouse import ROOT
from rouse.bench.solar.bound import clairvoyant
from rouse.bench.solar.loop import Controller, Habit, LoopCar, Run, Score, run
from rouse.bench.solar.ours import Core
from rouse.bench.solar.peers import Evcc, OpenEvse, SmartEvse, Warp, ZappiLike
from rouse.data.car_file import Car, read_cars
from rouse.data.day_file import DAYS, Day, read_day, read_days
from rouse.data.weather import lay_over

SEED = 1
RECORDED = ROOT.parent / "shared" / "days"  # beside the project, when there; not part of it
FAST_SEEDS = (1, 2, 3)
OURS = "rouse"
BOUND = "clairvoyant"
BOUND_PRICES = {"solar": (2.0, 60.0), "eco": (0.8, 100.0)}

CONTESTANTS: dict[tuple[str, str], Callable[[], Controller]] = {
    (OURS, "solar"): lambda: Core("solar"),
    (OURS, "eco"): lambda: Core("eco"),
    ("OpenEVSE default", "solar"): OpenEvse,
    ("OpenEVSE noimport", "solar"): lambda: OpenEvse(300, 20),
    ("OpenEVSE nowaste", "eco"): lambda: OpenEvse(ratio=0.5),
    ("OpenEVSE solar feed", "solar"): lambda: OpenEvse(has_solar_feed=True),
    ("SmartEVSE default", "eco"): SmartEvse,
    ("SmartEVSE 7 A, 5 min", "solar"): lambda: SmartEvse(7, 300),
    ("evcc default", "solar"): Evcc,
    ("evcc 10 s, 0.1 A", "solar"): lambda: Evcc(10, 100),
    ("WARP", "solar"): Warp,
    ("zappi-like", "solar"): ZappiLike,
}
# Sun in kWh that the peers' own code took on these four days (builds of 2026, closed loop as in loop.py).
MEASURED_DAYS = ("household_2018-06-10", "household_2019-03-30", "solar_2020-03-16", "solar_few_clouds")
MEASURED = {
    "OpenEVSE default": 36.27,
    "OpenEVSE noimport": 28.49,
    "OpenEVSE nowaste": 48.38,
    "OpenEVSE solar feed": 41.31,
    "SmartEVSE default": 46.84,
    "SmartEVSE 7 A, 5 min": 39.62,
    "evcc default": 38.37,
    "evcc 10 s, 0.1 A": 40.58,
}
CARS = (Habit(), Habit("sulking", is_sulking=True))


@dataclass(frozen=True)
class Row:
    """One controller's day."""

    day: str
    controller: str
    mode: str
    car: str
    solar_kwh: float
    import_kwh: float
    starts: int
    offer_changes: int
    eff: float
    grid_rms_w: float


def days_of(folder: Path | None) -> list[Day]:
    """The days in `folder`, or the default ones; raises DayError."""
    if folder is not None:
        return read_days(folder)
    return (read_days(RECORDED) if RECORDED.is_dir() else []) + read_days(DAYS) + fast_days()


def fast_days() -> list[Day]:
    """Days faster than a minute: broken cloud and a kitchen laid over the shipped ones by the seeded generator."""
    made = []
    for seed in FAST_SEEDS:
        day = lay_over(read_day(DAYS / "clear.csv"), seed)
        made.append(Day(f"fast_{seed}", day.start_s, day.solar_w, day.house_w, True))
    return made


def cars_of(folder: Path | None) -> list[Habit]:
    """The cars in `folder`, or an ordinary and a sulking one; raises CarError."""
    if folder is None:
        return list(CARS)
    return [habit_of(car) for car in read_cars(folder).values()]


def habit_of(car: Car) -> Habit:
    """What the loop can play of a car file: its name, its sleep, its lag and how far below the offer it draws."""
    return Habit(
        str(car["name"]),
        is_sulking=bool(car["sleep_after_s"]),
        dead_s=round(int(car["lag_ms"]) / 1000),
        below_ma=int(car["below_offer_ma"]),
    )


def compete(day: Day, name: str, mode: str, habit: Habit) -> tuple[Row, Run]:
    """One controller through one day."""
    surplus_w = day.surplus_w()
    if name == BOUND:
        record = clairvoyant(surplus_w, *BOUND_PRICES[mode])
    else:
        record = run(surplus_w, CONTESTANTS[name, mode](), LoopCar(habit, SEED), day.solar_w)
    return Row(Path(day.name).stem, name, mode, habit.name, **asdict(record.score())), record


def total(days: Sequence[Row | Score]) -> tuple[float, float, int, float]:
    """Sun in kWh, import in kWh, starts and rms in W of some days."""
    rms_w = (sum(each.grid_rms_w**2 for each in days) / len(days)) ** 0.5
    solar_kwh = sum(each.solar_kwh for each in days)
    return solar_kwh, sum(each.import_kwh for each in days), sum(each.starts for each in days), rms_w


def sums(rows: Sequence[Row], car: str) -> list[Row]:
    """A row for each controller and mode over all days with `car`; eff is no sum and stays 0."""
    found = []
    for name, mode in dict.fromkeys((row.controller, row.mode) for row in rows):
        some = [row for row in rows if (row.controller, row.mode, row.car) == (name, mode, car)]
        solar_kwh, import_kwh, starts, rms_w = total(some)
        changes = sum(row.offer_changes for row in some)
        found.append(Row("all days", name, mode, car, solar_kwh, import_kwh, starts, changes, 0.0, rms_w))
    return found


def is_true_to_measurement(rows: Sequence[Row], name: str) -> bool | None:
    """Whether a baseline took within 3 % of the sun that the peer's own code took; None where that is not known."""
    ours = [row for row in rows if row.controller == name and row.car == CARS[0].name and row.day in MEASURED_DAYS]
    if name not in MEASURED or len(ours) != len(MEASURED_DAYS):
        return None
    return abs(total(ours)[0] / MEASURED[name] - 1) <= 0.03
