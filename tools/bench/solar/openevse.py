"""OpenEVSE's divert as a baseline: written from its description, a reading every 10 s.

Attack and decay in s, ratio in percent: how much of the 6 A must be sun.
"""

import math

from rouse.bench.solar.loop import FLOOR_MA, VOLTS, Order, Seen

READING_S = 10
LEAST_RUN_S = 600
HYSTERESIS_A = 0.5


class OpenEvse:
    """Offer from the unsmoothed surplus in whole amperes; on and off from the smoothed one."""

    def __init__(
        self, attack_s: int = 20, decay_s: int = 600, ratio: float = 1.1, has_solar_feed: bool = False
    ) -> None:
        self._attack_s = max(10, attack_s)
        self._decay_s = max(10, decay_s)
        self._ratio = ratio
        self._has_solar_feed = has_solar_feed
        self._smooth_a = 0.0
        self._offer_ma = 0
        self._read_s: int | None = None
        self._least_until_s = 0
        self._was_charging = False

    def step(self, seen: Seen) -> Order:
        """Act on every tenth second's reading."""
        is_charging = seen.vehicle == "C"
        if is_charging and not self._was_charging:
            self._least_until_s = seen.t_s + LEAST_RUN_S
        self._was_charging = is_charging
        if seen.t_s % READING_S == 0:
            self._read(seen)
        return Order(self._offer_ma)

    def _available_a(self, seen: Seen) -> float:
        if self._has_solar_feed:
            return seen.solar_w / VOLTS
        return max(0.0, (seen.car_w - seen.grid_w - 1000 * max(self._ratio - 1, 0)) / VOLTS)

    def _read(self, seen: Seen) -> None:
        available_a = self._available_a(seen)
        spent_s = 0 if self._read_s is None else seen.t_s - self._read_s
        self._read_s = seen.t_s
        tau_s = self._attack_s if available_a > self._smooth_a else self._decay_s
        self._smooth_a += (1 - math.exp(-spent_s / tau_s)) * (available_a - self._smooth_a)
        share = min(1.0, self._ratio)
        trigger_a = FLOOR_MA / 1000 * share
        if self._smooth_a >= trigger_a + HYSTERESIS_A:
            whole_a = math.floor(available_a) + (available_a % 1 > share)
            self._offer_ma = min(max(whole_a, 6), 32) * 1000
        elif self._smooth_a <= trigger_a and self._offer_ma and seen.t_s >= self._least_until_s:
            self._offer_ma = 0
