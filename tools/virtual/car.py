"""The car: sees the pilot at its inlet, closes S2, draws current and fills up; its mood and its quirks have files.

Knows its own inlet and its mains, nothing of the charger. Driven on a coarse grid and at each pilot change.
"""

from .mood import Mood
from .pilot import NOTHING, PWM, STEADY_HIGH, STEADY_LOW, Pilot, offered_ma
from .quirks import Quirks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAINS_V = 230
PILOT_LOST_MS = 100  # an inlet without pilot or at -12 V: stop drawing and open S2
MWH_STEP = 3600000  # W * ms in a Wh


class Car:
    """One car as described by a CAR dict; `ma` is what it draws now."""

    def __init__(self, car: "dict[str, Any]", pilot: Pilot) -> None:
        self._pilot = pilot
        self._facts = car
        self.room_wh: int = car["room_wh"]
        self.min_ma: int = car["min_ma"]
        self.ma = 0
        self.rest_w_ms = 0  # energy below one Wh
        self.step_ma: int = car.get("step_ma", 1)
        self.mood = Mood(car)
        self.quirks = Quirks(car)
        self.s2 = False  # what it means S2 to be; quirks may show another
        self.seen = NOTHING
        self.seen_ms = 0  # since when
        self.offer_ms = -1  # since when the offer is worth charging; -1: it is not
        self.dry_ms = 0  # since when it is not
        self.followed_ma = 0
        self.heard_ms = -1  # when a change of the offer was noticed that is not followed yet; -1: none

    @property
    def state(self) -> str:
        """The pilot state as the car sees it: A (no cable), B, C, D, E (0 V) or F (-12 V)."""
        if not self._pilot.plugged:
            return "A"
        if self.seen == NOTHING:
            return "E"
        if self.seen == STEADY_LOW:
            return "F"
        if not self._pilot.s2:
            return "B"
        return "D" if self._facts["wants_fan"] else "C"

    @property
    def is_full(self) -> bool:
        """True when the battery takes no more."""
        return self.room_wh <= 0

    def plugged(self, ms: int) -> None:
        """The cable goes in: whatever it was, it is awake now."""
        self.mood.plugged(ms)
        self.dry_ms = self.seen_ms = ms
        self.offer_ms = -1

    def unplugged(self) -> None:
        """The cable is pulled: the proximity switch stops the charge at once."""
        self.ma = self.followed_ma = 0
        self.heard_ms = self.offer_ms = -1
        self.s2 = self._pilot.s2 = False

    def look(self, ms: int) -> None:
        """Take notice of the pilot; to be called at every change of it."""
        seen = self._pilot.inlet()
        if seen == PWM and self.quirks.has_any:
            self.quirks.duty(self._pilot.duty_u16, self.seen == PWM, ms)
        if seen != self.seen:
            self.mood.step(self.seen, self.seen_ms, self.ma > 0, ms)
            if self._pilot.plugged:
                self.mood.saw(self.seen, seen, ms)
            self.seen = seen
            self.seen_ms = ms
        if seen == PWM and offered_ma(self._pilot.duty_u16) >= self.min_ma:
            if self.offer_ms < 0:
                self.offer_ms = ms
        elif self.offer_ms >= 0:
            self.offer_ms = -1
            self.dry_ms = ms

    def step(self, ms: int, span_ms: int, mains: bool) -> bool:
        """Live for `span_ms`; True when S2 moved."""
        self.look(ms)
        if self._pilot.plugged:
            self.mood.step(self.seen, self.seen_ms, self.ma > 0, ms)
        s2 = self._wants_s2(ms, mains)
        if s2 != self.s2:
            self.s2 = s2
            self.quirks.moved(ms)
        if mains and s2 and not self.quirks.is_cooling(ms):
            self._draw(ms, span_ms)
        else:
            self.ma = self.followed_ma = 0
            self.heard_ms = -1
        self._store(span_ms)
        if self.quirks.has_any and self._pilot.plugged:
            s2 = self.quirks.shown(s2, ms)
        if s2 == self._pilot.s2:
            return False
        self._pilot.s2 = s2
        return True

    def _wants_s2(self, ms: int, mains: bool) -> bool:
        if self.is_full or not self._pilot.plugged or not self.mood.answers(ms):
            return False
        if not self.s2:
            return self.offer_ms >= 0 and ms - self.offer_ms >= self._facts["start_delay_ms"]
        if self.offer_ms >= 0:
            return True
        if self._facts["ignores_stop"] and self.seen == STEADY_HIGH and mains:
            self.dry_ms = ms  # it lets go only once its mains is gone
            return True
        limit_ms = PILOT_LOST_MS if self.seen == NOTHING or self.seen == STEADY_LOW else self._facts["stop_ms"]
        return ms - self.dry_ms < limit_ms

    def _draw(self, ms: int, span_ms: int) -> None:
        target_ma = self._target_ma(ms)
        if self.ma < target_ma:
            self.ma += self._facts["ramp_up_ma_s"] * span_ms // 1000
            if self.ma > target_ma:
                self.ma = target_ma
        elif self.ma > target_ma:
            self.ma -= self._facts["ramp_down_ma_s"] * span_ms // 1000
            if self.ma < target_ma:
                self.ma = target_ma

    def _target_ma(self, ms: int) -> int:
        if self.offer_ms < 0 and not (self._facts["ignores_stop"] and self.seen == STEADY_HIGH):
            return 0
        offer_ma = offered_ma(self._pilot.duty_u16) if self.offer_ms >= 0 else self.followed_ma
        if offer_ma == self.followed_ma:
            self.heard_ms = -1
        elif self.heard_ms < 0:
            self.heard_ms = ms
        elif ms - self.heard_ms >= self._facts["lag_ms"]:
            self.followed_ma = offer_ma
            self.heard_ms = -1
        if self.followed_ma < self.min_ma:
            return 0
        target_ma = self.followed_ma - self._facts["below_offer_ma"]
        target_ma -= target_ma % self.step_ma
        most_ma: int = self._facts["max_ma"]
        return target_ma if target_ma < most_ma else most_ma

    def _store(self, span_ms: int) -> None:
        self.rest_w_ms += self.ma * MAINS_V // 1000 * span_ms
        while self.rest_w_ms >= MWH_STEP:
            self.rest_w_ms -= MWH_STEP
            self.room_wh -= 1
