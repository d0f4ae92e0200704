"""evcc's PV mode, WARP's PV excess and a zappi-like eco+ as baselines: written from their descriptions.

The zappi's delays and period are not published: those here are assumed, so its row supports no claim.
"""

from collections import deque

from rouse.bench.solar.loop import CEILING_MA, FLOOR_MA, FLOOR_W, VOLTS, Order, Seen


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
