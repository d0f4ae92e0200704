"""Waking a sleeping car: which interruption of the pilot, how long, when, and when never.

Knows how long the offer went unanswered and what the session does; does not know how a pulse is made. Why these rungs:
docs/safety.md, S24.
"""

from micropython import const

from evse.safety.limits import (
    PILOT_MINUS12,
    PILOT_OPEN,
    PILOT_PWM,
    STATE_A,
    STATE_B1,
    STATE_B2,
    STATE_C2,
    STATE_WAKE,
    Hold,
)
from evse.safety.session import OUTPUTS
from evse.sun.car import Car, Patience

_FIRST_RUNG_MS = const(30000)  # what Phoenix, EVerest, SmartEVSE and evcc wait in B2
_ITSELF_RUNG_MS = const(90000)  # WARP: some cars wake by themselves
_NEXT_RUNG_MS = const(75000)  # longer than those need, and most cars' way from the pulse to S2
_LATEST_S = const(400)  # an answer later than this was not the pulse's doing (Smart #1 takes minutes)
_PROMPT_S = const(40)  # i3 and Tesla take 30 s; a later answer may be that to the pulse before (Smart #1, Spring)
_LOW_MA = const(9600)  # some cars do not charge with less than 8 to 9 A
_JUDGED_MS = const(70000)  # batteries are cooled for 10 to 60 s (Zoe, e-Niro, Kona)
_OPEN_MS = const(46000)  # iX3 and Tavascan need 45 s, Polestar 15, the others 3 to 10: one long pulse stands for all
_MINUS12_MS = const(12000)  # Think, MG ZS and old Zoes need 10 s
_EARLY_MS = const(1000)  # a pulse before the offer ends so long before it is due
_KNOWN = const(1)
_OPEN = const(2)
_MINUS12 = const(3)


class Wake:
    """The ladder of pulses for one car."""

    def __init__(self, has_switch: bool, car: Car, patience: Patience) -> None:
        self.pilot = PILOT_MINUS12  # of the pulse that is due ...
        self.length_ms = 0  # ... and its length
        self.attempts = 0  # pulses since the plug-in
        self.is_full = False  # it ended its charge itself
        self.is_given_up = False  # the offer stands unanswered and there is no pulse left for it
        self.has_pulsed = False  # since it last answered
        self._has_switch = has_switch
        self._car = car
        self._patience = patience
        self._rung = 0
        self._pulsed_s = 0
        self._before = 0  # the pulse before, 0 if there was none or it is known by its time not to have done it
        self._before_ms = 0
        self._before_s = 0
        self._is_unsure = False  # whether it is full: a pause to cool is shorter
        self._is_low = False
        self._unanswered = Hold(_FIRST_RUNG_MS)
        self._judged = Hold(_JUDGED_MS)

    def forget(self) -> None:
        """The car is gone."""
        self.attempts = 0
        self._restart()

    def offered(self, now_s: int) -> None:
        """An offer begins: how long it may stand unanswered depends on what is known of the car."""
        if self.has_pulsed:
            return
        self._patience.offered(now_s)
        car = self._car
        if car.is_asleep_after(self._patience.pause_s):
            self._unanswered.hold_ms = 0
        else:
            self._unanswered.hold_ms = _ITSELF_RUNG_MS if car.itself else _FIRST_RUNG_MS

    def car_answered(self, now_s: int) -> None:
        """The car closed S2: what woke it is remembered, and the ladder starts at its foot next time."""
        pause_s = self._patience.pause_s
        took_s = now_s - self._pulsed_s - self.length_ms // 1000
        if self._before and took_s > _PROMPT_S:
            took_s = now_s - self._before_s - self._before_ms // 1000
            self.pilot = self._before
            self.length_ms = self._before_ms
        if self.has_pulsed and took_s <= _LATEST_S:
            self._car.woke(self.pilot, self.length_ms, took_s, pause_s)
        elif not self.has_pulsed and not self.is_full and pause_s > 0:
            self._car.answered(pause_s)
        self._patience.price()
        self._restart()

    def car_stopped(self, offer_ma: int) -> None:
        """The car opened S2 under an offer of `offer_ma`: it is full or on a timer, not asleep.

        Unless it never charged with so little: then that may be why, and more may bring it back.
        """
        self.is_full = self._is_unsure = True
        self._is_low = offer_ma < self._patience.proven_ma

    def withdrawn(self) -> None:
        """The offer ends: one that paused to cool its battery, or let go of little, may sleep now as any other."""
        if self._is_unsure:
            self.is_full = self._is_unsure = False

    def is_due(self, is_unanswered: bool, offer_ma: int, now_ms: int, now_s: int) -> bool:
        """Whether a pulse is due in this tick.

        is_unanswered: PWM is offered and the car stays in B.
        """
        if self.is_full:
            self._unanswered.lasts(False, now_ms)
            is_enough = not self._is_low or offer_ma >= _LOW_MA
            if self._judged.lasts(is_unanswered and is_enough, now_ms):
                self._is_unsure = False
            return False
        if not self._unanswered.lasts(is_unanswered, now_ms) or self.is_given_up:
            return False
        if self._take(now_s):
            return True
        self.is_given_up = True
        self._car.bad = self._patience.spent
        self._car.is_changed = True
        return False

    def is_early(self, waiting_ms: int, now_s: int) -> bool:
        """Whether a pulse is due before the offer, which comes in `waiting_ms`, because the car will sleep by then."""
        car = self._car
        if self.has_pulsed or self.is_full or not 0 < waiting_ms <= car.pulse_ms + _EARLY_MS:
            return False
        if not car.is_asleep_after(self._patience.paused_s(now_s) + min(waiting_ms, car.pulse_ms) // 1000):
            return False
        self._patience.offered(now_s)
        return self._take(now_s)

    def take_now(self, now_s: int) -> bool:
        """Whether the next pulse may be given at a person's wish; the budget holds all the same."""
        return self._take(now_s)

    def _restart(self) -> None:
        self._rung = 0
        self.is_full = self.is_given_up = self.has_pulsed = False
        self._is_unsure = False
        self._before = 0
        self._judged.lasts(False, 0)

    def _take(self, now_s: int) -> bool:
        if not self._patience.may_pulse:
            return False
        was_rung = self._rung
        was = self.pilot
        was_ms = self.length_ms
        rung = was_rung + 1
        while rung <= _MINUS12 and not self._may_use(rung):
            rung += 1
        self._rung = rung
        if rung > _MINUS12:
            return False
        self._before = was if was_rung == _OPEN else 0
        self._before_ms = was_ms
        self._before_s = self._pulsed_s
        self.attempts += 1
        self.has_pulsed = True
        self._pulsed_s = now_s
        self._patience.pulse(now_s)
        self._unanswered.hold_ms = max(_NEXT_RUNG_MS, (self._car.woke_s + 30) * 1000)
        return True

    def _may_use(self, rung: int) -> bool:
        """Set the pulse of this rung; False when the board cannot, the car must not, or a rung before did as much."""
        car = self._car
        pilot = car.pulse
        length_ms = car.pulse_ms
        if rung == _OPEN:
            pilot = PILOT_OPEN
            length_ms = _OPEN_MS
        elif rung == _MINUS12:
            pilot = PILOT_MINUS12
            length_ms = _MINUS12_MS if self._has_switch else _OPEN_MS
        is_possible = self._has_switch if pilot == PILOT_OPEN else pilot == PILOT_MINUS12 and car.minus12 != 0
        is_more = rung == _KNOWN or pilot != car.pulse or length_ms > car.pulse_ms
        if not is_possible or not is_more:
            return False
        self.pilot = pilot
        self.length_ms = length_ms
        return True


class Waking:
    """One car's record, its patience and its ladder, fed from what the session does."""

    def __init__(self, has_switch: bool) -> None:
        self.car = Car()
        self.patience = Patience(self.car)
        self.wake = Wake(has_switch, self.car, self.patience)

    def is_due(self, state: int, offer_ma: int, is_for_sun: bool, sun_in_ms: int, now_ms: int, now_s: int) -> bool:
        """Whether a pulse is due by itself; wake.pilot and wake.length_ms say which.

        state: STATE_... of the session, its contactor surely open; is_for_sun: the offer is more than a first charge;
        sun_in_ms: an offer held back for want of sun alone comes in so long, 0 for none.
        """
        if self.wake.is_due(
            state == STATE_B2 and is_for_sun and offer_ma >= self.car.min_ma, offer_ma, now_ms, now_s
        ):
            return True
        return state == STATE_B1 and self.wake.is_early(sun_in_ms, now_s)

    def changed(self, state: int, was: int, offer_ma: int, now_s: int) -> None:
        """The session went from `was` to `state` (STATE_...) under an offer of `offer_ma`."""
        is_pwm = OUTPUTS[state][0] == PILOT_PWM
        was_pwm = OUTPUTS[was][0] == PILOT_PWM
        if was == STATE_A:
            self.patience.plugged(now_s)
        if is_pwm and not was_pwm:
            self.wake.offered(now_s)
        elif was_pwm and not is_pwm and state != STATE_WAKE:
            self.wake.withdrawn()
            self.patience.withdrawn(now_s)
        if state == STATE_C2:
            self.wake.car_answered(now_s)
        elif state == STATE_B2 and was == STATE_C2:
            self.wake.car_stopped(offer_ma)

    def unplugged(self) -> None:
        """The car is gone; what was learned stays with a car that has a name."""
        self.wake.forget()
        if self.car.name:
            self.car.is_changed = True
        else:
            self.car.forget()
