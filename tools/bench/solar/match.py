"""On fast days: with its two prices alone, what does Rouse take at no more import and no more starts than each peer?

Knows a grid of prices and the rows of the peers; nothing else of Rouse is changed.
"""

from concurrent.futures import Executor
from typing import TypedDict

from rouse.bench.solar.contest import CARS, CONTESTANTS, OURS, SEED, compete, fast_days, total
from rouse.bench.solar.loop import LoopCar, Score, run
from rouse.bench.solar.ours import Core
from rouse.data.day_file import Day

# start_wh, import_percent
PRICES = (
    *((40, 400), (40, 150), (40, 800), (100, 100), (100, 250), (100, 800), (100, 50), (150, 435), (140, 85)),
    *((200, 50), (200, 150), (220, 800), (350, 100), (350, 250), (500, 40), (500, 500), (500, 100), (800, 800)),
)


class Match(TypedDict):
    """One peer's sums over the fast days beside Rouse's best at no more import and no more starts."""

    peer: str
    solar_kwh: float
    import_kwh: float
    starts: int
    grid_rms_w: float
    ours_solar_kwh: float | None
    ours_import_kwh: float | None
    ours_starts: int | None
    ours_grid_rms_w: float | None
    start_wh: int | None
    import_percent: int | None
    gain_percent: float


def scored(day: Day, start_wh: int, import_percent: int) -> Score:
    """Rouse's fast day at these prices."""
    core = Core("solar", settings={"start_wh": start_wh, "import_percent": import_percent})
    return run(day.surplus_w(), core, LoopCar(CARS[0], SEED)).score()


def match_table(pool: Executor) -> list[Match]:
    """A row for each peer; with `gain_percent` of sun, -100 where no prices of the grid keep within its figures."""
    days = fast_days()
    jobs = {price: [pool.submit(scored, day, *price) for day in days] for price in PRICES}
    peers = [(name, mode) for name, mode in CONTESTANTS if name != OURS]
    plays = {name: [pool.submit(compete, day, name, mode, CARS[0]) for day in days] for name, mode in peers}
    ours = {price: total([job.result() for job in some]) for price, some in jobs.items()}
    print(f"{len(PRICES)} pairs of prices on {len(days)} fast days", flush=True)
    return [matched(name, total([job.result()[0] for job in some]), ours) for name, some in plays.items()]


def matched(
    name: str, peer: tuple[float, float, int, float], ours: dict[tuple[int, int], tuple[float, float, int, float]]
) -> Match:
    """The best of ours within the peer's import and starts."""
    solar, bought, starts, rms_w = peer
    fits = [(sums, price) for price, sums in ours.items() if sums[1] <= bought and sums[2] <= starts]
    row = Match(
        peer=name, solar_kwh=solar, import_kwh=bought, starts=starts, grid_rms_w=rms_w, ours_solar_kwh=None,
        ours_import_kwh=None, ours_starts=None, ours_grid_rms_w=None, start_wh=None, import_percent=None,
        gain_percent=-100.0,
    )  # fmt: skip
    if fits:
        best, price = max(fits)
        row["ours_solar_kwh"], row["ours_import_kwh"], row["ours_starts"], row["ours_grid_rms_w"] = best
        row["start_wh"], row["import_percent"] = price
        row["gain_percent"] = 100 * (best[0] / solar - 1)
    return row
