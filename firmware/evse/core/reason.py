"""Why the charger does what it does: one code, one sentence, one lamp pattern.

Reads the parts; changes nothing.
"""

from micropython import const

from evse.core import panel
from evse.core.offer import CAP_STOP, CAP_SUN, Offer
from evse.core.types import STATE_A, STATE_FAULT, STATE_WAKE
from evse.core.wake import Wake

NO_CAR = const(0)
CHARGING = const(1)
FAULT = const(2)
WAKING = const(3)
STOPPED = const(4)
NO_SUN = const(5)
CAPPED = const(6)
TESTING = const(7)
FULL = const(8)
ASLEEP = const(9)
CAR_WAITS = const(10)
STUCK = const(11)

# code: (sentence, lamp pattern)
TEXTS = (
    ("no car", panel.READY),
    ("charging", panel.CHARGING),
    ("fault", panel.FAULT),
    ("waking the car", panel.WAKING),
    ("stopped by you", panel.RESTING),
    ("waiting for sun", panel.WAITING),
    ("no current to give", panel.WAITING),
    ("testing the residual-current monitor", panel.WAITING),
    ("the car ended its charge: full, or on a timer", panel.RESTING),
    ("the car does not wake; left alone until replugged", panel.RESTING),
    ("waiting for the car to take the offer", panel.WAITING),
    ("waiting for the car to let go", panel.WAITING),
)


def code(state: int, offer: Offer, wake: Wake, is_closed: bool, is_tested: bool, is_stuck: bool) -> int:
    """The reason now, an index into TEXTS.

    state: STATE_...; is_closed: the contactor is permitted; is_tested: a residual self-test stands;
    is_stuck: the car was opened under load and has not let go.
    """
    if state == STATE_FAULT:
        return FAULT
    if state == STATE_A:
        return NO_CAR
    if state == STATE_WAKE:
        return WAKING
    if offer.offer_ma == 0:
        if offer.limiter == CAP_STOP:
            return STOPPED
        return NO_SUN if offer.limiter == CAP_SUN else CAPPED
    if is_closed:
        return CHARGING
    if not is_tested:
        return TESTING
    if is_stuck:
        return STUCK
    if wake.is_full:
        return FULL
    return ASLEEP if wake.is_spent else CAR_WAITS
