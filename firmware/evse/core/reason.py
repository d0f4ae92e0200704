"""Why the charger does what it does: one code, one sentence, one lamp pattern.

Reads the parts; changes nothing.
"""

from micropython import const

from evse.core import panel
from evse.core.offer import CAP_MODE, CAP_STOP, CAP_SUN, Offer
from evse.core.types import STATE_A, STATE_E, STATE_FAULT, STATE_WAKE
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
MODE_OFF = const(12)
SHORTED = const(13)

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
    ("mode is off", panel.RESTING),
    ("the pilot is shorted to earth", panel.FAULT),
)

# Where the state, or what keeps the offer at nothing, says it all.
_BY_STATE = {STATE_FAULT: FAULT, STATE_A: NO_CAR, STATE_WAKE: WAKING, STATE_E: SHORTED}
_BY_CAP = {CAP_STOP: STOPPED, CAP_MODE: MODE_OFF, CAP_SUN: NO_SUN}


def code(state: int, offer: Offer, wake: Wake, is_closed: bool, is_tested: bool, is_stuck: bool) -> int:
    """The reason now, an index into TEXTS.

    state: STATE_...; is_closed: the contactor is permitted; is_tested: a residual self-test stands;
    is_stuck: the car was opened under load and has not let go.
    """
    if state in _BY_STATE:
        return _BY_STATE[state]
    if offer.offer_ma == 0:
        return _BY_CAP.get(offer.limiter, CAPPED)
    if is_closed:
        return CHARGING
    if not is_tested:
        return TESTING
    if is_stuck:
        return STUCK
    if wake.is_full:
        return FULL
    return ASLEEP if wake.is_given_up else CAR_WAITS
