"""Lays broken cloud and household appliances over any day, the same way for the same seed.

Recorded days are one-minute means at best; real edges come within a second. Knows days only, no charger.
"""

from dataclasses import dataclass, replace
from random import Random

from rouse.data.day_file import Day

SUN_S = (60, 360)  # cumulus: minutes of sun, minutes of shadow
CLOUD_S = (60, 420)
WISP_S = (5, 30)  # one cloud in four is only a wisp
THROUGH_PERCENT = (20, 60)  # share of the sun that a cloud lets through


@dataclass(frozen=True)
class Appliance:
    """Draws `watts` for `on_s`, rests `off_s`, for `run_s` in all; then nobody uses it for `idle_s` (low, high)."""

    name: str
    watts: int
    on_s: int
    off_s: int
    run_s: int
    idle_s: tuple[int, int]


APPLIANCES = (
    Appliance("kettle", 2200, 180, 0, 180, (3600, 10_800)),
    Appliance("air fryer", 1500, 20, 40, 1200, (7200, 18_000)),
    Appliance("fridge", 110, 900, 1800, 172_800, (0, 1800)),
    Appliance("oven", 2400, 60, 120, 2700, (10_800, 21_600)),
    Appliance("heat pump", 900, 600, 900, 172_800, (0, 1800)),
)


def lay_over(day: Day, seed: int) -> Day:
    """`day` under broken cloud, with appliances in the house; integers in W, one a second, equal for equal `seed`."""
    clouds, kitchen = Random(f"clouds {seed}"), Random(f"appliances {seed}")
    through = _through_percent(len(day), clouds)
    house_w = list(day.house_w)
    for appliance in APPLIANCES:
        _use(appliance, house_w, kitchen)
    solar_w = [watts * percent // 100 for watts, percent in zip(day.solar_w, through, strict=True)]
    return replace(day, solar_w=solar_w, house_w=house_w, generated=True)


def _through_percent(length_s: int, random: Random) -> list[int]:
    """Share of the sun that arrives, in percent, for every second."""
    percent: list[int] = []
    while len(percent) < length_s:
        percent += [100] * _within(random, SUN_S)
        cloud_s = _within(random, WISP_S if random.random() < 0.25 else CLOUD_S)
        percent += [_within(random, THROUGH_PERCENT)] * cloud_s
    return percent[:length_s]


def _use(appliance: Appliance, house_w: list[int], random: Random) -> None:
    """Adds every use of `appliance` in the day to `house_w`; the first one comes up to a full idle time early."""
    start_s = int(random.random() * appliance.idle_s[1])
    while start_s < len(house_w):
        end_s = min(start_s + appliance.run_s, len(house_w))
        for at_s in range(start_s, end_s):
            if (at_s - start_s) % (appliance.on_s + appliance.off_s) < appliance.on_s:
                house_w[at_s] += appliance.watts
        start_s = end_s + _within(random, appliance.idle_s)


def _within(random: Random, bounds: tuple[int, int]) -> int:
    """A whole number from `bounds`, both ends included; random() alone keeps its sequence between Python versions."""
    low, high = bounds
    return low + int(random.random() * (high - low + 1))
