"""One car's record, its patience and its ladder, fed from what the session does.

Knows session states and offers; decides no offer and makes no pulse.
"""

from evse.core.caps import Caps
from evse.core.car import Car
from evse.core.offer import CAP_CAR, CAP_SUN, Offer
from evse.core.patience import Patience
from evse.core.session import OUTPUTS
from evse.core.types import PILOT_PWM, STATE_A, STATE_B1, STATE_B2, STATE_C2, STATE_WAKE
from evse.core.wake import Wake


class Waking:
    """car, patience, wake: the parts, for those who ask them; is_auto: pulses without a person's wish."""

    def __init__(self, has_switch: bool) -> None:
        self.car = Car()
        self.patience = Patience(self.car)
        self.wake = Wake(has_switch, self.car, self.patience)
        self.is_auto = True

    def is_due(self, state: int, offer: Offer, caps: Caps, is_wished: bool, now_ms: int, now_s: int) -> bool:
        """Whether a pulse is due in this tick; wake.pilot and wake.length_ms say which.

        state: STATE_... of the session, its contactor surely open; is_wished: a person asks for one.
        """
        wake = self.wake
        is_waiting = state == STATE_B2 and caps.is_for_sun
        is_asked = is_waiting and self.is_auto and offer.offer_ma >= self.car.min_ma
        if wake.step(is_asked, offer.offer_ma, now_ms, now_s):
            return True
        if state == STATE_B1 and self.is_auto and offer.limiter == CAP_SUN and offer.caps_ma[CAP_CAR] > 0:
            return wake.early(caps.surplus.waiting_ms(), now_s)
        return is_wished and is_waiting and wake.now(now_s)

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
