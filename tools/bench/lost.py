"""Who was truly at fault for each second without energy, and how much of it a charger's ledger booked right.

Knows what the plant and the people did in that second; shares nothing with the firmware, whose ledger it checks.
"""

from collections import Counter
from dataclasses import dataclass

LEAST_MA = 6000
UNSUNNY_MODES = ("fast", "min")  # these charge whatever the sun does
# What a scene may break, and whose it is.
DEFECTS = {
    "residual": "charger", "self-test": "charger", "meter": "charger", "heat": "charger", "welded": "charger",
    "shorted": "cable", "no diode": "car", "wants a fan": "car",
}  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """One second, as the plant and the people know it.

    surplus_w, least_w: surplus without the car, and the least this car charges with; min_ma: the same as a current;
    offer_ma: as the car reads it from the duty, 0 without PWM; pilot: what the car sees, A to F;
    is_closed: the contactor; free_ma: what the house leaves of the main fuse; plug_ma: the cable's rating, 0 without a
    plug; is_held_back: a setting beyond its default keeps the offer away; defect: a key of DEFECTS, or nothing.
    """

    surplus_w: int
    least_w: int
    min_ma: int
    car_w: int
    offer_ma: int
    pilot: str
    is_closed: bool
    mode: str = "solar"
    is_stopped: bool = False
    is_held_back: bool = False
    max_ma: int = 80_000
    free_ma: int = 80_000
    plug_ma: int = 80_000
    defect: str = ""


def culprit(now: Truth) -> str:
    """The party to blame for this second: sun, house, setting, charger, cable or car; "" when nothing is lost."""
    if now.pilot == "A" or now.car_w > 0:
        return ""
    if now.surplus_w < now.least_w and now.mode not in UNSUNNY_MODES:
        return "sun"
    if now.is_stopped or now.mode == "off":
        return "setting"
    if now.defect:
        return DEFECTS[now.defect]
    needed_ma = max(LEAST_MA, now.min_ma)
    if now.plug_ma < needed_ma:
        return "cable"
    if now.max_ma < needed_ma:
        return "setting"
    return "house" if now.free_ma < needed_ma else _charger_or_car(now, needed_ma)


def _charger_or_car(now: Truth, needed_ma: int) -> str:
    if now.pilot in "EF":
        return "charger"  # it interrupts the pilot to wake the car
    if now.offer_ma < needed_ma:
        return "setting" if now.is_held_back else "charger"
    has_car_answered = now.pilot in "CD"
    return "charger" if has_car_answered and not now.is_closed else "car"


class Comparison:
    """A run's seconds by (true culprit, what the ledger said); "" where nothing was lost.

    The ledger looks once a second: in the second in which the truth changes, the one before is right too.
    """

    def __init__(self) -> None:
        self.pairs: Counter[tuple[str, str]] = Counter()
        self._last = ""

    def second(self, now: Truth, booked: str) -> None:
        """Take one second: the truth, and the party of the ledger ("nobody" when it booked none)."""
        true = culprit(now)
        said = "" if booked == "nobody" else booked
        self.pairs[true, true if said == self._last else said] += 1
        self._last = true

    @property
    def lost_minutes(self) -> float:
        """Minutes lost to anybody but the sun."""
        return sum(count for (true, _), count in self.pairs.items() if true not in ("", "sun")) / 60

    @property
    def lost_minutes_right(self) -> float:
        """Those of them that the ledger booked to the same party."""
        return sum(count for (true, said), count in self.pairs.items() if true == said not in ("", "sun")) / 60
