"""Why the charger does what it does: one code, one sentence, one lamp pattern.

Reads the parts; changes nothing.
"""

from micropython import const

from evse.core import panel
from evse.core.caps import Caps
from evse.core.offer import CAP_CAR, CAP_METER, CAP_MODE, CAP_STOP, CAP_SUN, Offer
from evse.core.settings import Settings
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
BRIDGING = const(14)
HELD = const(15)
SUN_COMING = const(16)
SUN_RESTING = const(17)
SUN_SPENT = const(18)
SUN_BLIND = const(19)
NO_METER = const(20)
IDLE = const(21)
PAUSING = const(22)
HOLDING = const(23)
LEAST = const(24)

# In the order of the codes: the lamp's pattern.
LAMPS = bytes((
    panel.READY, panel.CHARGING, panel.FAULT, panel.WAKING, panel.RESTING, panel.WAITING, panel.WAITING,
    panel.WAITING, panel.RESTING, panel.RESTING, panel.WAITING, panel.WAITING, panel.RESTING, panel.FAULT,
    panel.CHARGING, panel.CHARGING, panel.WAITING, panel.WAITING, panel.RESTING, panel.RESTING, panel.WAITING,
    panel.RESTING, panel.WAITING, panel.CHARGING, panel.CHARGING,
))  # fmt: skip

# Where the state, or what keeps the offer at nothing, says it all.
_BY_STATE = {STATE_FAULT: FAULT, STATE_A: NO_CAR, STATE_WAKE: WAKING, STATE_E: SHORTED}
_BY_CAP = {CAP_STOP: STOPPED, CAP_MODE: MODE_OFF, CAP_SUN: NO_SUN, CAP_METER: NO_METER, CAP_CAR: PAUSING}


def code(state: int, offer: Offer, wake: Wake, is_closed: bool, is_tested: bool, is_stuck: bool) -> int:
    """The reason now, a code.

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


# In the order of surplus.SUN_...
_BY_SUN = (CHARGING, BRIDGING, HELD, NO_SUN, SUN_COMING, SUN_RESTING, SUN_SPENT, HOLDING, LEAST)


def refined(why: int, caps: Caps, settings: Settings) -> int:
    """`why`, said more exactly where the sun or the car decides."""
    if why == CHARGING and caps.learn.is_idle:
        return IDLE
    if why == NO_SUN and caps.is_sun_blind:
        return SUN_BLIND
    if why == NO_SUN or (why == CHARGING and caps.is_sun_led(settings)):
        return _BY_SUN[caps.surplus.why]
    return why
