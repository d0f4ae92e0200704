"""Sun-following in its simple form: what the car may have of the surplus, and whether it is worth being on.

Follow fast, switch slow. Knows watts and time; does not know the pilot or the session.
"""

from evse.core.limits import MIN_OFFER_MA
from evse.core.ticks import Hold


class Surplus:
    """The sun's cap: cap_ma is 0 while off, at least 6 A while on; waiting_ms tells how long until it switches."""

    def __init__(self) -> None:
        self.cap_ma = 0
        self.available_w = 0
        self._enough = Hold(0)
        self._short = Hold(0)

    def step(self, grid_w: int, car_w: int, nominal_v: int, import_w: int, now_ms: int) -> None:
        """Take one meter reading.

        grid_w: import positive; car_w: the car's power at the same moment, so that the car's lag cannot make it hunt;
        import_w: how much of the car's power may come from the grid.
        """
        self.available_w = car_w - grid_w + import_w
        available_ma = max(0, self.available_w) * 1000 // nominal_v
        is_enough = available_ma >= MIN_OFFER_MA
        if self.cap_ma == 0:
            self._short.step(False, now_ms)
            if self._enough.step(is_enough, now_ms):
                self.cap_ma = available_ma
        else:
            self._enough.step(False, now_ms)
            self.cap_ma = 0 if self._short.step(not is_enough, now_ms) else max(available_ma, MIN_OFFER_MA)

    def set_delays(self, start_s: int, stop_s: int) -> None:
        """How long the surplus must be there before a start, and be missing before a stop."""
        self._enough.hold_ms = start_s * 1000
        self._short.hold_ms = stop_s * 1000

    def waiting_ms(self, now_ms: int) -> int:
        """Time until it switches if nothing changes; 0 when nothing is counting."""
        counting = self._short if self.cap_ma else self._enough
        if not counting.is_running:
            return 0
        return max(0, counting.hold_ms - counting.held_ms(now_ms))

    def off(self, now_ms: int) -> None:
        """Forget everything: the meter is lost."""
        self.cap_ma = 0
        self._enough.step(False, now_ms)
        self._short.step(False, now_ms)
