"""What the plugged car has put up with: interruptions counted, the budget left, the pause it needs, its first charge.

Knows offers, pulses and seconds since boot; does not know the pilot, the sun, or how a pulse is made.
An interruption is an offer withdrawn after current flowed under it, or a pulse: whoever caused it, the car counts it.
"""

from array import array

from micropython import const

from evse.core.car import Car
from evse.core.limits import MAX_OFFER_MA

_WELCOME_WITHIN_S = const(300)  # cars that mind an unfed start mind it within minutes (Taycan, Explorer, Smart ED)
_MORE_AFTER_S = const(45)  # one that does not take 6 A by then may need 8 to 9 (Zoe)
_MORE_MA = const(10000)
_UNLIMITED = const(99)
_PROOF_S = const(20)
_WIDE_AWAKE_S = const(900)  # most cars that fall asleep at all do so within a quarter of an hour
_KEPT = const(8)  # times of the last interruptions: per_h is at most this
_HOUR_S = const(3600)
_STOP_WH = const(200)  # price of the last interruption of a budget; one of n costs an n-th
_LOST_W = const(3000)  # sun lost to the pause a car needs and to waking it, if the sun is back at once: 13 A


class Patience:
    """spent, left: interruptions since the plug-in, and how many more it may have; may_pulse: one of them by a pulse;
    pause_s: length of the pause before the offer that stands; is_welcome: its first charge is due, with welcome_ma;
    proven_ma: the least offer under which it charged for 20 s in this plug-in."""

    def __init__(self, car: Car) -> None:
        self.spent = 0
        self.left = 0
        self.may_pulse = True
        self.proven_ma = MAX_OFFER_MA
        self.pause_s = 0
        self.is_welcome = False
        self.welcome_ma = 0
        self.car = car
        self._is_fed = False  # current flowed under the offer that stands
        self._was_fed = False  # and under any since the plug-in
        self._fed_s = 0  # since when current flows
        self._plugged_s = 0
        self._since_s = 0  # no offer since
        self._stopped_s = 0  # the last charge was stopped at
        self._weighed_s = 0
        self._pulses = 0
        self._trial_ma = 0
        self._trial_s = 0
        self._at_s = array("i", [0] * _KEPT)
        self._weigh(0)

    def plugged(self, now_s: int) -> None:
        """A car is plugged in: it has forgotten everything."""
        self.spent = self._pulses = 0
        self.proven_ma = MAX_OFFER_MA
        self.is_welcome = self.car.welcome_s > 0
        self.welcome_ma = self.car.min_ma
        self._is_fed = self._was_fed = False
        self._plugged_s = self._since_s = now_s
        self._weigh(now_s)

    def offered(self, now_s: int) -> None:
        """An offer begins."""
        self.pause_s = now_s - self._since_s

    def withdrawn(self, now_s: int) -> None:
        """The offer ends; after current flowed that is an interruption."""
        self._since_s = now_s
        if self._is_fed:
            self._is_fed = False
            self._stopped_s = now_s
            self.count(now_s)

    def fed(self, now_s: int) -> None:
        """The contactor has closed under the offer."""
        self._is_fed = self._was_fed = True
        self._fed_s = self._trial_s = now_s
        self._trial_ma = 0

    def count(self, now_s: int) -> None:
        """One more interruption."""
        self._at_s[self.spent % _KEPT] = now_s
        self.spent += 1
        self._weigh(now_s)

    def pulse(self, now_s: int) -> None:
        """A pulse is given, which is one more interruption."""
        self._pulses += 1
        self.count(now_s)

    def second(self, is_charging: bool, offer_ma: int, now_s: int) -> None:
        """Once a second: the first charge goes on, an offer proves itself, and hours pass."""
        if is_charging:
            self._prove(offer_ma, now_s)
        if self.is_welcome:
            if not self._is_fed and now_s - self._plugged_s >= _MORE_AFTER_S:
                self.welcome_ma = max(self.car.min_ma, _MORE_MA)
            is_fed = is_charging and now_s - self._fed_s >= self.car.welcome_s
            self.is_welcome = not is_fed and now_s - self._plugged_s < min(_WELCOME_WITHIN_S, self.car.welcome_s * 5)
        if now_s - self._weighed_s >= 60:
            self._weigh(now_s)

    def _prove(self, offer_ma: int, now_s: int) -> None:
        self._trial_ma = max(self._trial_ma, offer_ma)
        if now_s - self._trial_s >= _PROOF_S:
            self.proven_ma = min(self.proven_ma, self._trial_ma)
            self._trial_ma = offer_ma
            self._trial_s = now_s

    def paused_s(self, now_s: int) -> int:
        """How long the pause lasts that runs now: since the last offer, or the plug-in."""
        return now_s - self._since_s

    def needs_pause(self, now_s: int) -> bool:
        """Whether an offer now would come too soon after the last charge for this car."""
        return self._was_fed and not self._is_fed and now_s - self._stopped_s <= self.car.min_off_s

    def price(self) -> None:
        """Put what one more stop would cost into the car's record: a stop may need a pulse to wake it again."""
        car = self.car
        pulses = 0 if car.awake_s >= _WIDE_AWAKE_S and not car.sleeps_s else 1
        self.may_pulse = self.left > 0 and (car.pulses == 0 or self._pulses < car.pulses - 1)
        car.may_stop = self.left > pulses and (pulses == 0 or self.may_pulse)
        lost_s = car.min_off_s + (car.pulse_ms // 1000 + car.woke_s if car.sleeps_s else 0)
        car.stop_wh = _STOP_WH * (1 + pulses) // max(1, self.left) + lost_s * _LOST_W // 3600

    def _weigh(self, now_s: int) -> None:
        car = self.car
        self._weighed_s = now_s
        self.left = car.limit - 1 - self.spent if car.limit else _UNLIMITED
        if car.per_h:
            kept = min(self.spent, _KEPT)
            recent = 0
            for slot in range(kept):
                recent += now_s - self._at_s[slot] < _HOUR_S
            self.left = min(self.left, car.per_h - recent)
        self.price()
