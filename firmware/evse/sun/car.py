"""The car that is plugged in: what is known of it, what is learned while it charges, and what it puts up with.

Knows currents, offers, pulses and seconds since boot; does not know the pilot, the sun, how a pulse is made, or where a
record is kept (app/cars.py).
"""

from array import array

from micropython import const

from evse.safety.limits import MIN_OFFER_MA, Hold, elapsed_ms

# Assumed of a car of which nothing is known; sources in docs/safety.md, S24.
_UNKNOWN_LIMIT = const(5)
_UNKNOWN_PER_H = const(6)
_UNKNOWN_OFF_S = const(300)
_UNKNOWN_WELCOME_S = const(60)
_LEAST_SLEEP_S = const(100)


class Car:
    """One car's record; as made here it is an unknown car, of which nothing is taken for granted."""

    def __init__(self) -> None:
        self.name = ""
        self.forget()

    def forget(self) -> None:
        """Nothing is known any more, but the name."""
        self.is_changed = False  # something was learned that is not on flash yet
        # Learned while it charges.
        self.lag_ms = 0  # from a new offer to the current's answer, 0: not seen yet
        self.below_ma = 0  # draws this much less than offered
        self.step_ma = 0  # its smallest change of current, 0: none seen
        self.min_ma = MIN_OFFER_MA  # least offer it charges at
        # Learned when it slept.
        self.pulse = 0  # PILOT_... that woke it, 0: none yet
        self.pulse_ms = 0
        self.woke_s = 0  # from the pulse to its answer
        self.sleeps_s = 0  # shortest pause it did not answer after, 0: none yet
        self.awake_s = 0  # longest pause it answered after
        self.bad = 0  # interruptions in a plug-in that ended with a car that does not wake, 0: none did
        # What it minds, stated by a person.
        self.limit = _UNKNOWN_LIMIT  # interruptions a plug-in at which it refuses, 0: none
        self.pulses = 0  # the same, of pulses alone
        self.per_h = _UNKNOWN_PER_H  # at most so many interruptions an hour
        self.minus12 = 1  # 0: it must not see -12 V
        self.itself = 0  # 1: an offer left standing wakes it
        self.glitch_ms = 0  # so long after a new duty its B means nothing
        self.welcome_s = _UNKNOWN_WELCOME_S  # charged so long after the plug-in, at the least current
        # For the switch.
        self.min_off_s = _UNKNOWN_OFF_S  # shortest pause ...
        self.min_on_s = 60  # ... and shortest charge it takes well
        self.stop_wh = 0  # what one more stop costs in its patience, in Wh of import
        self.may_stop = True  # False: its patience is spent

    def answered(self, pause_s: int) -> None:
        """It took an offer by itself after a pause of `pause_s`."""
        if pause_s > self.awake_s:
            self.awake_s = pause_s
            self.is_changed = True

    def woke(self, pulse: int, pulse_ms: int, took_s: int, pause_s: int) -> None:
        """It took an offer `took_s` after a pulse (PILOT_..., length), having slept in a pause of `pause_s`.

        After a short pause it was slow, not asleep: the plug-in, or the last charge, had it awake.
        """
        if pause_s < _LEAST_SLEEP_S:
            return
        self.pulse = pulse
        self.pulse_ms = pulse_ms
        self.woke_s = took_s
        if self.sleeps_s == 0 or pause_s < self.sleeps_s:
            self.sleeps_s = pause_s
        self.is_changed = True

    def is_asleep_after(self, pause_s: int) -> bool:
        """Whether it surely sleeps after a pause of `pause_s`, and a pulse is known that wakes it."""
        return self.pulse != 0 and self.sleeps_s > 0 and pause_s >= self.sleeps_s and pause_s > self.awake_s


DRAWS_MA = const(500)  # less is a car's standby
PROBE_MS = const(45000)  # a car that draws nothing so long is offered more; some take 50 s after a pause, once
PROBE_MOST_MA = const(10000)  # no car is known that needs more to begin
_MOVED_MA = const(300)
_MOVE_MA = const(80)
_FINE_MA = const(300)
_STEADY_MS = const(4000)
_LONGEST_LAG_MS = const(15000)
_MOST_BELOW_MA = const(2000)  # more is a limit of the car's own
_SAMPLES = const(4)


class Learn:
    """Learns a car while it charges: its lag, how far below the offer it draws, its step, and its real minimum.

    Needs a clamp on the car.
    """

    def __init__(self) -> None:
        self.is_idle = False  # the contactor is closed and the car draws nothing, at an offer that should do
        self._offer_ma = 0
        self._steady_ma = 0
        self._asked_ms = -1  # since when a new offer waits for its answer
        self._from_ma = 0
        self._is_rise = False
        self._below_ma = array("i", [0] * _SAMPLES)
        self._sampled = 0
        self._sampled_offer_ma = 0
        self._sampled_ma = 0
        self._drew_at_ma = PROBE_MOST_MA  # the least offer at which it drew; 0: it drew at none
        self._steady = Hold(_STEADY_MS)
        self._idle = Hold(PROBE_MS)

    def forget(self) -> None:
        """The car is gone."""
        self.is_idle = False
        self._sampled = 0
        self._drew_at_ma = PROBE_MOST_MA

    def study(self, car: Car, offer_ma: int, drawn_ma: int, now_ms: int) -> None:
        """Take one reading; offer_ma: through a closed contactor, else 0."""
        if offer_ma == 0:
            self._asked_ms = -1
            self._idle.lasts(False, now_ms)
            self.is_idle = False
        else:
            self._find_lag(car, offer_ma, drawn_ma, now_ms)
            self._find_minimum(car, offer_ma, drawn_ma, now_ms)
        is_same = offer_ma == self._offer_ma and abs(drawn_ma - self._steady_ma) < _MOVE_MA and drawn_ma > DRAWS_MA
        if self._steady.lasts(is_same and offer_ma > 0 and self._asked_ms < 0, now_ms):
            self._sample(car, offer_ma, drawn_ma)
        elif not self._steady.is_running:
            self._steady_ma = drawn_ma
        self._offer_ma = offer_ma

    def _find_lag(self, car: Car, offer_ma: int, drawn_ma: int, now_ms: int) -> None:
        if self._asked_ms >= 0:
            waited_ms = elapsed_ms(now_ms, self._asked_ms)
            moved_ma = drawn_ma - self._from_ma if self._is_rise else self._from_ma - drawn_ma
            if moved_ma >= _MOVED_MA:
                car.lag_ms = waited_ms if car.lag_ms == 0 else (car.lag_ms * 3 + waited_ms) // 4
                self._asked_ms = -1
            elif waited_ms > _LONGEST_LAG_MS:
                self._asked_ms = -1
        elif self._steady.is_over and abs(offer_ma - self._offer_ma) > _MOVED_MA:
            self._asked_ms = now_ms
            self._from_ma = drawn_ma
            self._is_rise = offer_ma > self._offer_ma

    def _find_minimum(self, car: Car, offer_ma: int, drawn_ma: int, now_ms: int) -> None:
        if drawn_ma >= DRAWS_MA:
            self._drew_at_ma = min(self._drew_at_ma or PROBE_MOST_MA, offer_ma)
        is_silent = drawn_ma < DRAWS_MA and offer_ma == self._offer_ma
        if not self._idle.lasts(is_silent, now_ms):
            self.is_idle = self.is_idle and drawn_ma < DRAWS_MA
        elif offer_ma < self._drew_at_ma and car.min_ma < PROBE_MOST_MA:
            car.min_ma = max(car.min_ma, offer_ma) + 1000
            self._idle.lasts(False, now_ms)
        else:
            self.is_idle = True
            if self._drew_at_ma >= PROBE_MOST_MA:
                car.min_ma = MIN_OFFER_MA  # it drew at nothing: that is no minimum
                self._drew_at_ma = 0

    def _sample(self, car: Car, offer_ma: int, drawn_ma: int) -> None:
        """A steady current: once an offer."""
        below_ma = offer_ma - drawn_ma
        if offer_ma == self._sampled_offer_ma or abs(below_ma) > _MOST_BELOW_MA:
            return
        change_ma = abs(drawn_ma - self._sampled_ma)
        if self._sampled and change_ma >= _MOVE_MA and (car.step_ma == 0 or change_ma < car.step_ma):
            car.step_ma = change_ma
        self._sampled_offer_ma = offer_ma
        self._sampled_ma = drawn_ma
        self._below_ma[self._sampled % _SAMPLES] = below_ma
        self._sampled += 1
        if self._sampled >= _SAMPLES:
            # A coarse car's shortfall is its step's, now more, now less: counting on it would import.
            car.below_ma = min(self._below_ma) if 0 < car.step_ma <= _FINE_MA else 0


_WELCOME_WITHIN_S = const(300)  # cars that mind an unfed start mind it within minutes (Taycan, Explorer, Smart ED)
_MORE_AFTER_S = const(45)  # one that does not take 6 A by then may need 8 to 9 (Zoe)
_MORE_MA = const(10000)
_UNLIMITED = const(99)
_UNPROVEN_MA = const(80000)  # more than any offer
_PROOF_S = const(20)
_WIDE_AWAKE_S = const(900)  # most cars that fall asleep at all do so within a quarter of an hour
_KEPT = const(8)  # times of the last interruptions: per_h is at most this
_HOUR_S = const(3600)
_STOP_WH = const(200)  # price of the last interruption of a budget; one of n costs an n-th
_LOST_W = const(3000)  # sun lost to the pause a car needs and to waking it, if the sun is back at once: 13 A


class Patience:
    """What the plugged car has put up with, the budget left, the pause it needs, its first charge.

    An interruption is an offer withdrawn after current flowed under it, or a pulse: whoever caused it, the car counts.
    """

    def __init__(self, car: Car) -> None:
        self.spent = 0  # interruptions since the plug-in
        self.left = 0  # how many more it may have
        self.may_pulse = True  # one of them by a pulse
        self.proven_ma = _UNPROVEN_MA  # the least offer under which it charged for 20 s in this plug-in
        self.pause_s = 0  # length of the pause before the offer that stands
        self.is_welcome = False  # its first charge is due ...
        self.welcome_ma = 0  # ... with so much
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
        self.proven_ma = _UNPROVEN_MA
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
