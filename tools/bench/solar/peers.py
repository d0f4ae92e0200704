"""The peers' ways to follow the sun as baselines, written from their descriptions.

The zappi's delays and period are not published: those here are assumed, so its row supports no claim.
"""

import math
from collections import deque

from rouse.bench.solar.loop import CEILING_MA, FLOOR_MA, FLOOR_W, VOLTS, Order, Seen


class OpenEvse:
    """Offer from the unsmoothed surplus in whole amperes; on and off from the smoothed one; a reading every 10 s.

    Attack and decay in s, ratio: how much of the 6 A must be sun.
    """

    READING_S = 10
    LEAST_RUN_S = 600
    HYSTERESIS_A = 0.5

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
            self._least_until_s = seen.t_s + self.LEAST_RUN_S
        self._was_charging = is_charging
        if seen.t_s % self.READING_S == 0:
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
        if self._smooth_a >= trigger_a + self.HYSTERESIS_A:
            whole_a = math.floor(available_a) + (available_a % 1 > share)
            self._offer_ma = min(max(whole_a, 6), 32) * 1000
        elif self._smooth_a <= trigger_a and self._offer_ma and seen.t_s >= self._least_until_s:
            self._offer_ma = 0


class SmartEvse:
    """A start at `start_a` of export, a stop after `stop_s` short of sun; polled every 2 s, in tenths of an ampere.

    Its solar mode on one phase: the mains limits never bind here.
    """

    POLL_S = 2
    CHARGE_DELAY_S = 60
    SOLAR_START_S = 40
    ASLEEP_S = 30  # an offer unanswered so long is followed by one -12 V pulse
    PULSE_S = 3
    LEAST_DA = 60
    MOST_DA = 320

    def __init__(self, start_a: int = 4, stop_s: int = 600) -> None:
        self._start_da = start_a * 10
        self._stop_s = stop_s
        self._set_da = 0
        self._delay_s = 0
        self._is_short = True
        self._stop_left_s = 0
        self._hold_left_s = 0
        self._unanswered_s = 0

    def step(self, seen: Seen) -> Order:
        """One second; the regulator acts on every other."""
        sum_da = round(seen.grid_w * 10 / VOLTS)
        if self._set_da == 0:
            self._wait(sum_da)
            return Order(self._set_da * 100)
        if seen.vehicle == "C" and self._hold_left_s:
            self._hold_left_s -= 1
        elif seen.vehicle == "C" and seen.t_s % self.POLL_S == 0:
            self._regulate(sum_da)
        if self._stop_left_s:
            self._stop_left_s -= 1
            if self._stop_left_s == 0:
                self._set_da, self._is_short, self._delay_s = 0, True, 0
        self._unanswered_s = self._unanswered_s + 1 if seen.vehicle == "B" else 0
        return Order(self._set_da * 100, self.ASLEEP_S < self._unanswered_s <= self.ASLEEP_S + self.PULSE_S)

    def _wait(self, sum_da: int) -> None:
        may_start = sum_da < -self._start_da
        if self._delay_s:
            self._delay_s -= 1
            return
        if self._is_short:
            if may_start:
                self._is_short, self._delay_s = False, self.CHARGE_DELAY_S
        elif may_start:
            self._set_da, self._hold_left_s, self._unanswered_s = self.LEAST_DA, self.SOLAR_START_S, 0
        else:
            self._is_short = True

    def _regulate(self, sum_da: int) -> None:
        self._set_da = min(self.MOST_DA, self._set_da + _change_da(sum_da))
        if self._set_da >= self.LEAST_DA:
            self._stop_left_s = 0
            return
        self._set_da = self.LEAST_DA
        if sum_da > 0 and sum_da > self.LEAST_DA - self._start_da:
            self._stop_left_s = self._stop_left_s or self._stop_s
        else:
            self._stop_left_s = 0


def _change_da(error_da: int) -> int:
    if error_da < -10:
        return 5
    if error_da < 0:
        return 1
    if error_da <= 3:
        return 0
    if error_da <= 10:
        return -1
    return -5 if error_da <= 20 else -(error_da // 2)


class Evcc:
    """A full step each period; on after a minute of 6 A, off after three minutes of import at 6 A."""

    def __init__(self, period_s: int = 30, step_ma: int = 1000) -> None:
        self._period_s = period_s
        self._step_ma = step_ma
        self._offer_ma = 0
        self._since_s: int | None = None

    def step(self, seen: Seen) -> Order:
        """Act once a period."""
        if seen.t_s % self._period_s == self._period_s // 2:  # in the middle: days change at whole minutes
            self._act(seen)
        return Order(self._offer_ma)

    def _act(self, seen: Seen) -> None:
        drawn_ma = seen.car_w * 1000 // VOLTS
        counted_ma = min(drawn_ma + 2000, self._offer_ma) if seen.vehicle == "C" else 0
        target_ma = max(counted_ma - seen.grid_w * 1000 // VOLTS, 0)
        if self._offer_ma and target_ma < FLOOR_MA:
            is_over = self._held(seen.grid_w >= 0, 180, seen.t_s)
            self._offer_ma = 0 if is_over else FLOOR_MA
        elif self._offer_ma:
            self._since_s = None
            self._offer_ma = min(target_ma, CEILING_MA) // self._step_ma * self._step_ma
        elif self._held(target_ma >= FLOOR_MA, 60, seen.t_s):
            self._offer_ma = FLOOR_MA

    def _held(self, condition: bool, for_s: int, now_s: int) -> bool:
        if not condition:
            self._since_s = None
            return False
        if self._since_s is None:
            self._since_s = now_s
        if now_s - self._since_s < for_s:
            return False
        self._since_s = None
        return True


class Warp:
    """Follows every 10 s with a gain below one; on by the least, off by the most of the last four minutes."""

    WINDOW_S = 240
    HOLD_S = 210
    GAINS = ((1000, 0.5), (1500, 0.75), (10**9, 0.875))

    def __init__(self) -> None:
        self._window: deque[int] = deque(maxlen=self.WINDOW_S)
        self._offer_ma = 0
        self._switched_s = -self.HOLD_S

    def step(self, seen: Seen) -> Order:
        """Read every second, allocate every tenth."""
        allocated_w = self._offer_ma * VOLTS // 1000
        gain = next(share for below_w, share in self.GAINS if abs(seen.grid_w) < below_w) if allocated_w else 1.0
        raw_w = int(allocated_w - gain * seen.grid_w)
        self._window.append(raw_w)
        if seen.t_s % 10 == 0:
            self._allocate(raw_w, seen.t_s)
        return Order(self._offer_ma)

    def _allocate(self, raw_w: int, now_s: int) -> None:
        is_settled = now_s - self._switched_s >= self.HOLD_S
        if not self._offer_ma:
            if is_settled and len(self._window) == self.WINDOW_S and min(self._window) >= FLOOR_W:
                self._offer_ma, self._switched_s = FLOOR_MA, now_s
        elif is_settled and raw_w < FLOOR_W and max(self._window) < FLOOR_W:
            self._offer_ma, self._switched_s = 0, now_s
            return
        if self._offer_ma:
            self._offer_ma = min(max(raw_w * 1000 // VOLTS, FLOOR_MA), CEILING_MA)


class ZappiLike:
    """Trims by 0.1 A a second; on after 30 s of 6 A, off after 30 s without (delays assumed)."""

    DELAY_S = 30

    def __init__(self) -> None:
        self._offer_ma = 0
        self._held_s = 0

    def step(self, seen: Seen) -> Order:
        """One second."""
        available_ma = (seen.car_w - seen.grid_w) * 1000 // VOLTS
        is_turning = (available_ma < FLOOR_MA) if self._offer_ma else (available_ma >= FLOOR_MA)
        self._held_s = self._held_s + 1 if is_turning else 0
        if self._held_s >= self.DELAY_S:
            self._held_s = 0
            self._offer_ma = 0 if self._offer_ma else FLOOR_MA
        elif self._offer_ma:
            change_ma = 100 if seen.grid_w < -23 else -100 if seen.grid_w > 23 else 0
            self._offer_ma = min(max(self._offer_ma + change_ma, FLOOR_MA), CEILING_MA)
        return Order(self._offer_ma)
