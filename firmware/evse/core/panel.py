"""The charger's face: one lamp and one button.

Knows patterns and times; does not know pins, or what a press leads to.
"""

from micropython import const

from evse.core.ticks import Hold

READY = const(0)  # a blip every 3 s
CHARGING = const(1)  # steady
WAITING = const(2)  # slow: 1 s on, 1 s off (sun, or the car)
WAKING = const(3)  # fast: 5 a second
RESTING = const(4)  # two blips every 3 s: car asleep or full, or stopped
FAULT = const(5)  # as many blinks as the fault's number, then a pause

PRESS_NONE = const(0)
PRESS_SHORT = const(1)
PRESS_LONG = const(2)

_DEBOUNCE_MS = const(40)
_LONG_MS = const(2000)


def is_lit(pattern: int, blinks: int, now_ms: int) -> bool:
    """Whether the lamp is on at `now_ms`; `blinks` counts only for FAULT."""
    if pattern == CHARGING:
        return True
    if pattern == WAITING:
        return now_ms % 2000 < 1000
    if pattern == WAKING:
        return now_ms % 200 < 100
    if pattern == FAULT:
        return now_ms % (400 * blinks + 1600) < 400 * blinks and now_ms % (400 * blinks + 1600) % 400 < 200
    phase_ms = now_ms % 3000
    return phase_ms < 100 or (pattern == RESTING and 300 <= phase_ms < 400)


class Button:
    """A press is short when let go within 2 s; it is long at 2 s, without waiting for the finger."""

    def __init__(self) -> None:
        self._down = Hold(_DEBOUNCE_MS)
        self._long = Hold(_LONG_MS)
        self._was_down = False
        self._was_long = False
        self._was_up = False

    def step(self, is_pressed: bool, now_ms: int) -> int:
        """PRESS_... that this tick completes."""
        self._was_up = self._was_up or not is_pressed  # a button stuck since boot presses nothing
        is_down = self._down.step(is_pressed and self._was_up, now_ms)
        is_long = self._long.step(is_pressed and self._was_up, now_ms)
        press = PRESS_NONE
        if is_long and not self._was_long:
            press = PRESS_LONG
        elif self._was_down and not is_down and not self._was_long:
            press = PRESS_SHORT
        self._was_down = is_down
        self._was_long = is_long
        return press
