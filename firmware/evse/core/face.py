"""The charger's face: why it does what it does as one code, and one lamp and one button.

Knows codes, patterns and times; does not know words (app/text.py), pins, or what a press leads to.
"""

from micropython import const

from evse.safety.limits import STATE_A, STATE_E, STATE_FAULT, STATE_WAKE, Hold
from evse.safety.offer import CAP_CAR, CAP_METER, CAP_MODE, CAP_STOP, CAP_SUN, Offer
from evse.sun.wake import Wake

# The reasons; their sentences are in app/text.py, in this order.
WHY_NO_CAR = const(0)
WHY_CHARGING = const(1)
WHY_FAULT = const(2)
WHY_WAKING = const(3)
WHY_STOPPED = const(4)
WHY_NO_SUN = const(5)
WHY_CAPPED = const(6)
WHY_TESTING = const(7)
WHY_FULL = const(8)
WHY_ASLEEP = const(9)
WHY_CAR_WAITS = const(10)
WHY_STUCK = const(11)
WHY_MODE_OFF = const(12)
WHY_SHORTED = const(13)
WHY_BRIDGING = const(14)
WHY_HELD = const(15)
WHY_SUN_COMING = const(16)
WHY_SUN_RESTING = const(17)
WHY_SUN_SPENT = const(18)
WHY_SUN_BLIND = const(19)
WHY_NO_METER = const(20)
WHY_IDLE = const(21)
WHY_PAUSING = const(22)
WHY_HOLDING = const(23)
WHY_LEAST = const(24)

LAMP_READY = const(0)  # a blip every 3 s
LAMP_CHARGING = const(1)  # steady
LAMP_WAITING = const(2)  # slow: 1 s on, 1 s off (sun, or the car)
LAMP_WAKING = const(3)  # fast: 5 a second
LAMP_RESTING = const(4)  # two blips every 3 s: car asleep or full, or stopped
LAMP_FAULT = const(5)  # as many blinks as the fault's number, then a pause

# The lamp of each reason, in the order of the reasons.
LAMPS = bytes((
    LAMP_READY, LAMP_CHARGING, LAMP_FAULT, LAMP_WAKING, LAMP_RESTING, LAMP_WAITING, LAMP_WAITING,
    LAMP_WAITING, LAMP_RESTING, LAMP_RESTING, LAMP_WAITING, LAMP_WAITING, LAMP_RESTING, LAMP_FAULT,
    LAMP_CHARGING, LAMP_CHARGING, LAMP_WAITING, LAMP_WAITING, LAMP_RESTING, LAMP_RESTING, LAMP_WAITING,
    LAMP_RESTING, LAMP_WAITING, LAMP_CHARGING, LAMP_CHARGING,
))  # fmt: skip

PRESS_NONE = const(0)
PRESS_SHORT = const(1)
PRESS_LONG = const(2)

_DEBOUNCE_MS = const(40)
_LONG_MS = const(2000)

# Where the state, or what keeps the offer at nothing, says it all.
_BY_STATE = {STATE_FAULT: WHY_FAULT, STATE_A: WHY_NO_CAR, STATE_WAKE: WHY_WAKING, STATE_E: WHY_SHORTED}
_BY_CAP = {
    CAP_STOP: WHY_STOPPED,
    CAP_MODE: WHY_MODE_OFF,
    CAP_SUN: WHY_NO_SUN,
    CAP_METER: WHY_NO_METER,
    CAP_CAR: WHY_PAUSING,
}
# In the order of SUN_... in sun/switch.py.
_BY_SUN = (
    WHY_CHARGING,
    WHY_BRIDGING,
    WHY_HELD,
    WHY_NO_SUN,
    WHY_SUN_COMING,
    WHY_SUN_RESTING,
    WHY_SUN_SPENT,
    WHY_HOLDING,
    WHY_LEAST,
)


def reason(state: int, offer: Offer, wake: Wake, is_closed: bool, is_tested: bool, is_stuck: bool) -> int:
    """Why it does what it does, WHY_....

    state: STATE_...; is_closed: the contactor is permitted; is_tested: a residual self-test stands;
    is_stuck: the car was opened under load and has not let go.
    """
    if state in _BY_STATE:
        return _BY_STATE[state]
    if offer.offer_ma == 0:
        return _BY_CAP.get(offer.limiter, WHY_CAPPED)
    if is_closed:
        return WHY_CHARGING
    if not is_tested:
        return WHY_TESTING
    if is_stuck:
        return WHY_STUCK
    if wake.is_full:
        return WHY_FULL
    return WHY_ASLEEP if wake.is_given_up else WHY_CAR_WAITS


def refined(why: int, is_idle: bool, is_sun_blind: bool, is_led: bool, sun_why: int) -> int:
    """`why`, said more exactly where the sun or the car decides.

    is_idle: the car draws nothing; is_sun_blind: too few clamps to see the sun; is_led: the sun has a say; sun_why:
    SUN_....
    """
    if why == WHY_CHARGING and is_idle:
        return WHY_IDLE
    if why == WHY_NO_SUN and is_sun_blind:
        return WHY_SUN_BLIND
    if why == WHY_NO_SUN or (why == WHY_CHARGING and is_led):
        return _BY_SUN[sun_why]
    return why


def blinks(faults: int) -> int:
    """Blink code of the first fault in these bits, from 1; 0 when there is none."""
    count = 0
    while faults:
        count += 1
        if faults & 1:
            return count
        faults >>= 1
    return 0


def is_lit(pattern: int, blinks: int, now_ms: int) -> bool:
    """Whether the lamp is on at `now_ms`; `blinks` counts only for LAMP_FAULT."""
    if pattern == LAMP_CHARGING:
        return True
    if pattern == LAMP_WAITING:
        return now_ms % 2000 < 1000
    if pattern == LAMP_WAKING:
        return now_ms % 200 < 100
    if pattern == LAMP_FAULT:
        return now_ms % (400 * blinks + 1600) < 400 * blinks and now_ms % (400 * blinks + 1600) % 400 < 200
    phase_ms = now_ms % 3000
    return phase_ms < 100 or (pattern == LAMP_RESTING and 300 <= phase_ms < 400)


class Button:
    """A press is short when let go within 2 s; it is long at 2 s, without waiting for the finger."""

    def __init__(self) -> None:
        self._down = Hold(_DEBOUNCE_MS)
        self._long = Hold(_LONG_MS)
        self._was_down = False
        self._was_long = False
        self._was_up = False

    def press(self, is_pressed: bool, now_ms: int) -> int:
        """PRESS_... that this tick completes."""
        if not is_pressed and self._was_up and not self._down.is_running:
            return PRESS_NONE
        self._was_up = self._was_up or not is_pressed  # a button stuck since boot presses nothing
        is_down = self._down.lasts(is_pressed and self._was_up, now_ms)
        is_long = self._long.lasts(is_pressed and self._was_up, now_ms)
        press = PRESS_NONE
        if is_long and not self._was_long:
            press = PRESS_LONG
        elif self._was_down and not is_down and not self._was_long:
            press = PRESS_SHORT
        self._was_down = is_down
        self._was_long = is_long
        return press
