"""Why the charger does what it does: one code, one sentence, one lamp pattern.

Reads the parts; changes nothing.
"""

from micropython import const

from evse.core import panel
from evse.core.caps import Caps
from evse.core.offer import CAP_CAR, CAP_MODE, CAP_STOP, CAP_SUN, Offer
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
PAUSING = const(14)
SPENT = const(15)
HOLDING = const(16)

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
    ("giving the car the pause it needs after a stop", panel.WAITING),
    ("this car takes no more interruptions: off until replugged", panel.RESTING),
    ("holding the least current through the cloud: this car takes no more interruptions", panel.CHARGING),
)

# Where the state, or what keeps the offer at nothing, says it all.
_BY_STATE = {STATE_FAULT: FAULT, STATE_A: NO_CAR, STATE_WAKE: WAKING, STATE_E: SHORTED}
_BY_CAP = {CAP_STOP: STOPPED, CAP_MODE: MODE_OFF, CAP_SUN: NO_SUN, CAP_CAR: PAUSING}


def code(state: int, offer: Offer, wake: Wake, is_closed: bool, is_tested: bool, is_stuck: bool, caps: Caps) -> int:
    """The reason now, an index into TEXTS.

    state: STATE_...; is_closed: the contactor is permitted; is_tested: a residual self-test stands;
    is_stuck: the car was opened under load and has not let go.
    """
    if state in _BY_STATE:
        return _BY_STATE[state]
    if offer.offer_ma == 0:
        is_spent = offer.limiter == CAP_SUN and caps.surplus.is_spent
        return SPENT if is_spent else _BY_CAP.get(offer.limiter, CAPPED)
    if is_closed:
        return HOLDING if caps.surplus.is_holding else CHARGING
    if not is_tested:
        return TESTING
    if is_stuck:
        return STUCK
    if wake.is_full:
        return FULL
    return ASLEEP if wake.is_given_up else CAR_WAITS
