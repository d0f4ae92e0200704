"""Waking a sleeping car: which interruption of the pilot, how long, when, and when never.

Knows how long the offer went unanswered; does not know how a pulse is made. Why these rungs: docs/safety.md, S24.
"""

from micropython import const

from evse.core.car import Car
from evse.core.patience import Patience
from evse.core.ticks import Hold
from evse.core.types import PILOT_MINUS12, PILOT_OPEN

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
    """pilot, length_ms: the pulse that is due; attempts: pulses since the plug-in; is_full: it ended its charge itself.

    is_given_up: the offer stands unanswered and there is no pulse left for it. has_pulsed: since it last answered.
    """

    def __init__(self, has_switch: bool, car: Car, patience: Patience) -> None:
        self.pilot = PILOT_MINUS12
        self.length_ms = 0
        self.attempts = 0
        self.is_full = False
        self.is_given_up = False
        self.has_pulsed = False
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

    def step(self, is_unanswered: bool, offer_ma: int, now_ms: int, now_s: int) -> bool:
        """Whether a pulse is due in this tick.

        is_unanswered: PWM is offered and the car stays in B.
        """
        if self.is_full:
            self._unanswered.step(False, now_ms)
            is_enough = not self._is_low or offer_ma >= _LOW_MA
            if self._judged.step(is_unanswered and is_enough, now_ms):
                self._is_unsure = False
            return False
        if not self._unanswered.step(is_unanswered, now_ms) or self.is_given_up:
            return False
        if self._take(now_s):
            return True
        self.is_given_up = True
        self._car.bad = self._patience.spent
        self._car.is_changed = True
        return False

    def early(self, waiting_ms: int, now_s: int) -> bool:
        """Whether a pulse is due before the offer, which comes in `waiting_ms`, because the car will sleep by then."""
        car = self._car
        if self.has_pulsed or self.is_full or not 0 < waiting_ms <= car.pulse_ms + _EARLY_MS:
            return False
        if not car.is_asleep_after(self._patience.paused_s(now_s) + min(waiting_ms, car.pulse_ms) // 1000):
            return False
        self._patience.offered(now_s)
        return self._take(now_s)

    def now(self, now_s: int) -> bool:
        """Whether the next pulse may be given at a person's wish; the budget holds all the same."""
        return self._take(now_s)

    def _restart(self) -> None:
        self._rung = 0
        self.is_full = self.is_given_up = self.has_pulsed = False
        self._is_unsure = False
        self._before = 0
        self._judged.step(False, 0)

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
