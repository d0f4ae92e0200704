"""The charger's face: why it does what it does as one code, and one lamp and one button.

Knows codes, patterns and times; does not know words (app/text.py), pins, or what a press leads to.
"""

from micropython import const

from evse.safety.limits import STATE_A, STATE_E, STATE_FAULT, STATE_WAKE, Hold
from evse.safety.offer import CAP_CAR, CAP_METER, CAP_MODE, CAP_STOP, CAP_SUN, Offer
from evse.sun.wake import Wake

# The reasons; their sentences are in app/text.py, in this order.
_WHY_NO_CAR = const(0)
_WHY_CHARGING = const(1)
_WHY_FAULT = const(2)
_WHY_WAKING = const(3)
_WHY_STOPPED = const(4)
_WHY_NO_SUN = const(5)
_WHY_CAPPED = const(6)
_WHY_TESTING = const(7)
_WHY_FULL = const(8)
_WHY_ASLEEP = const(9)
_WHY_CAR_WAITS = const(10)
_WHY_STUCK = const(11)
_WHY_MODE_OFF = const(12)
_WHY_SHORTED = const(13)
_WHY_BRIDGING = const(14)
_WHY_HELD = const(15)
_WHY_SUN_COMING = const(16)
_WHY_SUN_RESTING = const(17)
_WHY_SUN_SPENT = const(18)
_WHY_SUN_BLIND = const(19)
_WHY_NO_METER = const(20)
_WHY_IDLE = const(21)
_WHY_PAUSING = const(22)
_WHY_HOLDING = const(23)
_WHY_LEAST = const(24)

LAMP_READY = const(0)  # a blip every 3 s
_LAMP_CHARGING = const(1)  # steady
_LAMP_WAITING = const(2)  # slow: 1 s on, 1 s off (sun, or the car)
_LAMP_WAKING = const(3)  # fast: 5 a second
_LAMP_RESTING = const(4)  # two blips every 3 s: car asleep or full, or stopped
_LAMP_FAULT = const(5)  # as many blinks as the fault's number, then a pause

# The lamp of each reason, in the order of the reasons.
LAMPS = bytes((
    LAMP_READY, _LAMP_CHARGING, _LAMP_FAULT, _LAMP_WAKING, _LAMP_RESTING, _LAMP_WAITING, _LAMP_WAITING,
    _LAMP_WAITING, _LAMP_RESTING, _LAMP_RESTING, _LAMP_WAITING, _LAMP_WAITING, _LAMP_RESTING, _LAMP_FAULT,
    _LAMP_CHARGING, _LAMP_CHARGING, _LAMP_WAITING, _LAMP_WAITING, _LAMP_RESTING, _LAMP_RESTING, _LAMP_WAITING,
    _LAMP_RESTING, _LAMP_WAITING, _LAMP_CHARGING, _LAMP_CHARGING,
))  # fmt: skip

PRESS_NONE = const(0)
PRESS_SHORT = const(1)
PRESS_LONG = const(2)

_DEBOUNCE_MS = const(40)
_LONG_MS = const(2000)

# Where the state, or what keeps the offer at nothing, says it all.
_BY_STATE = {STATE_FAULT: _WHY_FAULT, STATE_A: _WHY_NO_CAR, STATE_WAKE: _WHY_WAKING, STATE_E: _WHY_SHORTED}
_BY_CAP = {
    CAP_STOP: _WHY_STOPPED,
    CAP_MODE: _WHY_MODE_OFF,
    CAP_SUN: _WHY_NO_SUN,
    CAP_METER: _WHY_NO_METER,
    CAP_CAR: _WHY_PAUSING,
}
# In the order of SUN_... in sun/switch.py.
_BY_SUN = (
    _WHY_CHARGING,
    _WHY_BRIDGING,
    _WHY_HELD,
    _WHY_NO_SUN,
    _WHY_SUN_COMING,
    _WHY_SUN_RESTING,
    _WHY_SUN_SPENT,
    _WHY_HOLDING,
    _WHY_LEAST,
)


def reason(state: int, offer: Offer, wake: Wake, is_closed: bool, is_tested: bool, is_stuck: bool) -> int:
    """Why it does what it does, _WHY_....

    state: STATE_...; is_closed: the contactor is permitted; is_tested: a residual self-test stands;
    is_stuck: the car was opened under load and has not let go.
    """
    if state in _BY_STATE:
        return _BY_STATE[state]
    if offer.offer_ma == 0:
        return _BY_CAP.get(offer.limiter, _WHY_CAPPED)
    if is_closed:
        return _WHY_CHARGING
    if not is_tested:
        return _WHY_TESTING
    if is_stuck:
        return _WHY_STUCK
    if wake.is_full:
        return _WHY_FULL
    return _WHY_ASLEEP if wake.is_given_up else _WHY_CAR_WAITS


def refined(why: int, is_idle: bool, is_sun_blind: bool, is_led: bool, sun_why: int) -> int:
    """`why`, said more exactly where the sun or the car decides.

    is_idle: the car draws nothing; is_sun_blind: too few clamps to see the sun; is_led: the sun has a say; sun_why:
    SUN_....
    """
    if why == _WHY_CHARGING and is_idle:
        return _WHY_IDLE
    if why == _WHY_NO_SUN and is_sun_blind:
        return _WHY_SUN_BLIND
    if why == _WHY_NO_SUN or (why == _WHY_CHARGING and is_led):
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
    """Whether the lamp is on at `now_ms`; `blinks` counts only for _LAMP_FAULT."""
    if pattern == _LAMP_CHARGING:
        return True
    if pattern == _LAMP_WAITING:
        return now_ms % 2000 < 1000
    if pattern == _LAMP_WAKING:
        return now_ms % 200 < 100
    if pattern == _LAMP_FAULT:
        return now_ms % (400 * blinks + 1600) < 400 * blinks and now_ms % (400 * blinks + 1600) % 400 < 200
    phase_ms = now_ms % 3000
    return phase_ms < 100 or (pattern == _LAMP_RESTING and 300 <= phase_ms < 400)


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
