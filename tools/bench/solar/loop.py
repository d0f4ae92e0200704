"""A recorded day, a car and a controller in a closed loop, one second a step, and the score of what came of it.

Knows powers and currents on one or three phases; does not know how any controller decides.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

VOLTS = 230
FLOOR_MA = 6000
CEILING_MA = 32_000
FLOOR_W = FLOOR_MA * VOLTS // 1000
CEILING_W = CEILING_MA * VOLTS // 1000
WAKING_S = (8, 13)  # from an offer to S2
DEAD_S = 2
UP_MA_S = 3000
DOWN_MA_S = 6000
SLEEP_S = 600
WAKE_S = 3  # a shorter interruption is no replug


@dataclass
class Seen:
    """What a controller is told each second; grid_w is a second old, car_w of the same moment as grid_w."""

    t_s: int
    solar_w: int
    grid_w: int
    car_w: int
    vehicle: str  # "B" or "C"


@dataclass
class Order:
    """What a controller answers: offer_ma is 0 for no PWM; is_interrupted: pilot open or at -12 V."""

    offer_ma: int
    is_interrupted: bool = False
    is_closed: bool = True  # the contactor
    phases: int = 1


class Controller(Protocol):
    """Anything that can be put in the loop."""

    def step(self, seen: Seen) -> Order:
        """The order for this second."""


@dataclass(frozen=True)
class Habit:
    """How a car behaves; the default is the car of the peers' measurements, is_sulking sleeps after 600 s unfed."""

    name: str = "ordinary"
    is_sulking: bool = False
    dead_s: int = DEAD_S
    below_ma: int = 0


class LoopCar:
    """The car: `ma` is what it draws on each phase now."""

    def __init__(self, habit: Habit, seed: int) -> None:
        self.habit = habit
        self.ma = 0
        self.vehicle = "B"
        self._random = Random(seed)
        self._closes_in_s = -1
        self._heard: deque[int] = deque()
        self._has_charged = False
        self._hungry_s = 0
        self._interrupted_s = 0
        self.is_asleep = False

    def step(self, order: Order) -> None:
        """One second under `order`."""
        self._sleep(order)
        if order.offer_ma < FLOOR_MA or order.is_interrupted or self.is_asleep:
            self.vehicle, self.ma, self._closes_in_s = "B", 0, -1
            self._heard.clear()
            return
        if self.vehicle == "B":
            if self._closes_in_s < 0:
                self._closes_in_s = self._random.randint(*WAKING_S)
            self._closes_in_s -= 1
            if self._closes_in_s > 0:
                return
            self.vehicle = "C"
        self._heard.append(order.offer_ma)
        if len(self._heard) > self.habit.dead_s + 1:
            self._heard.popleft()
        if not order.is_closed:
            self.ma = 0
        elif len(self._heard) > self.habit.dead_s:
            self._draw(self._heard[0])

    def _draw(self, followed_ma: int) -> None:
        target_ma = followed_ma - self.habit.below_ma
        self._has_charged = True
        self.ma = min(max(target_ma, self.ma - DOWN_MA_S), self.ma + UP_MA_S)

    def _sleep(self, order: Order) -> None:
        if not self.habit.is_sulking:
            return
        self._hungry_s = 0 if order.offer_ma else self._hungry_s + 1
        self._interrupted_s = self._interrupted_s + 1 if order.is_interrupted else 0
        if self._has_charged and self._hungry_s > SLEEP_S:
            self.is_asleep, self._has_charged = True, False
        if self._interrupted_s >= WAKE_S:
            self.is_asleep, self._hungry_s = False, 0


@dataclass
class Score:
    """What came of a day; eff in percent of the frontier; grid_rms_w while charging with 6..32 A of surplus."""

    solar_kwh: float
    import_kwh: float
    starts: int
    offer_changes: int
    eff: float
    grid_rms_w: float


@dataclass
class Run:
    """One day's second-by-second record."""

    surplus_w: Sequence[int]
    ev_w: list[int]
    offer_ma: list[int]

    def score(self) -> Score:
        """Sun, import, starts and the frontier of the same import."""
        solar = bought = squares = counted = starts = changes = 0
        last_w = last_ma = 0
        for surplus_w, ev_w, offer_ma in zip(self.surplus_w, self.ev_w, self.offer_ma, strict=True):
            sun_w = max(0, min(ev_w, surplus_w))
            solar += sun_w
            bought += ev_w - sun_w
            starts += ev_w > 0 and last_w == 0
            changes += offer_ma != last_ma and offer_ma > 0 and last_ma > 0
            if ev_w and FLOOR_W <= surplus_w <= CEILING_W:
                squares += (ev_w - surplus_w) ** 2
                counted += 1
            last_w, last_ma = ev_w, offer_ma
        best = frontier_ws(self.surplus_w, bought)
        rms_w = (squares / counted) ** 0.5 if counted else 0.0
        return Score(solar / 3.6e6, bought / 3.6e6, starts, changes, 100 * solar / best if best else 0.0, rms_w)


def frontier_ws(surplus_w: Sequence[int], import_ws: int) -> int:
    """The most sun in W*s that a 6 A floor allows with `import_ws` of import, foreseen and switched freely."""
    best = sum(min(each, CEILING_W) for each in surplus_w if each >= FLOOR_W)
    for each in sorted((each for each in surplus_w if 0 < each < FLOOR_W), reverse=True):
        if import_ws < FLOOR_W - each:
            break
        import_ws -= FLOOR_W - each
        best += each
    return best


def run(surplus_w: Sequence[int], controller: Controller, car: LoopCar, solar_w: Sequence[int] | None = None) -> Run:
    """The whole day through the loop: the controller sees the grid of the last second."""
    ev, offers = [], []
    seen = Seen(0, 0, -surplus_w[0], 0, "B")
    for t_s, surplus in enumerate(surplus_w):
        seen.t_s, seen.vehicle = t_s, car.vehicle
        seen.solar_w = solar_w[t_s] if solar_w is not None else 0
        order = controller.step(seen)
        car.step(order)
        ev_w = car.ma * VOLTS * order.phases // 1000
        ev.append(ev_w)
        offers.append(order.offer_ma)
        seen.grid_w, seen.car_w = ev_w - surplus, ev_w
    return Run(surplus_w, ev, offers)
