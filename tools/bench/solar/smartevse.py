"""SmartEVSE's solar mode as a baseline: written from its description, polled every 2 s, in tenths of an ampere.

Only its solar mode on one phase; the mains limits never bind here.
"""

from rouse.bench.solar.loop import VOLTS, Order, Seen

POLL_S = 2
CHARGE_DELAY_S = 60
SOLAR_START_S = 40
ASLEEP_S = 30  # an offer unanswered so long is followed by one -12 V pulse
PULSE_S = 3
LEAST_DA = 60
MOST_DA = 320
DEAD_DA = 3


class SmartEvse:
    """A start at `start_a` of export, a stop after `stop_s` short of sun."""

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
        elif seen.vehicle == "C" and seen.t_s % POLL_S == 0:
            self._regulate(sum_da)
        if self._stop_left_s:
            self._stop_left_s -= 1
            if self._stop_left_s == 0:
                self._set_da, self._is_short, self._delay_s = 0, True, 0
        self._unanswered_s = self._unanswered_s + 1 if seen.vehicle == "B" else 0
        return Order(self._set_da * 100, ASLEEP_S < self._unanswered_s <= ASLEEP_S + PULSE_S)

    def _wait(self, sum_da: int) -> None:
        may_start = sum_da < -self._start_da
        if self._delay_s:
            self._delay_s -= 1
            return
        if self._is_short:
            if may_start:
                self._is_short, self._delay_s = False, CHARGE_DELAY_S
        elif may_start:
            self._set_da, self._hold_left_s, self._unanswered_s = LEAST_DA, SOLAR_START_S, 0
        else:
            self._is_short = True

    def _regulate(self, sum_da: int) -> None:
        self._set_da = min(MOST_DA, self._set_da + _change_da(sum_da))
        if self._set_da >= LEAST_DA:
            self._stop_left_s = 0
            return
        self._set_da = LEAST_DA
        if sum_da > 0 and sum_da > LEAST_DA - self._start_da:
            self._stop_left_s = self._stop_left_s or self._stop_s
        else:
            self._stop_left_s = 0


def _change_da(error_da: int) -> int:
    if error_da < -10:
        return 5
    if error_da < 0:
        return 1
    if error_da <= DEAD_DA:
        return 0
    if error_da <= 10:
        return -1
    return -5 if error_da <= 20 else -(error_da // 2)
