"""Control pilot reading: the two halves of one burst become a level, at once and debounced.

Knows voltages and time held; does not know states, cars or pins.
"""

from evse.core.limits import (
    CLOSE_DEBOUNCE_MS,
    EDGE_AB_MV,
    EDGE_BC_MV,
    EDGE_CD_MV,
    EDGE_DE_MV,
    EDGE_E_LOW_MV,
    HYSTERESIS_MV,
    LEAVE_DEBOUNCE_MS,
    MAX_GLITCH_MS,
    NEGATIVE_MV,
    STEADY_RIPPLE_MV,
)
from evse.core.ticks import Hold, elapsed_ms
from evse.core.types import (
    LEVEL_A,
    LEVEL_B,
    LEVEL_BAD,
    LEVEL_C,
    LEVEL_D,
    LEVEL_DIODE,
    LEVEL_E,
    LEVEL_F,
    PILOT_MINUS12,
    PILOT_OPEN,
    PILOT_PWM,
)

_EDGES_MV = (EDGE_AB_MV, EDGE_BC_MV, EDGE_CD_MV, EDGE_DE_MV)


def band(high_mv: int, was: int) -> int:
    """Level A..E of a high half; F at -12 V; `was` supplies the hysteresis side, LEVEL_BAD when no band fits."""
    level = LEVEL_A
    for edge_mv in _EDGES_MV:
        if was <= level:
            edge_mv -= HYSTERESIS_MV
        else:
            edge_mv += HYSTERESIS_MV
        if high_mv >= edge_mv:
            return level
        level += 1
    if high_mv >= EDGE_E_LOW_MV:
        return LEVEL_E
    return LEVEL_F if high_mv <= NEGATIVE_MV else LEVEL_BAD


def classify(high_mv: int | None, low_mv: int | None, pilot: int, was: int) -> int:
    """Level of one burst while the charger drives `pilot` (PILOT_...); never a guess.

    LEVEL_DIODE when PWM shows a car above and no -12 V below (IEC 61851-1 table A.4);
    LEVEL_BAD when a half is missing, or steady +12 V is not steady.
    """
    if high_mv is None or low_mv is None:
        return LEVEL_BAD
    level = band(high_mv, was)
    if pilot == PILOT_PWM:
        if low_mv <= NEGATIVE_MV:
            return level
        if level == LEVEL_E:
            return LEVEL_E
        return LEVEL_DIODE if LEVEL_B <= level <= LEVEL_D else LEVEL_BAD
    if high_mv - low_mv > STEADY_RIPPLE_MV:
        return LEVEL_BAD
    if pilot == PILOT_MINUS12 and level != LEVEL_F:
        return LEVEL_BAD
    return level


class Pilot:
    """The level now (`raw`, for the interlock) and the level that has stood still (`stable`, for the session).

    is_fresh: `stable` was seen since the pilot was last blind (open, at -12 V, just booted).
    glitch_ms: for a car so named, while it charges, B within so long of a new duty, and of the last C, counts as C.
    """

    def __init__(self) -> None:
        self.raw = LEVEL_BAD
        self.stable = LEVEL_A
        self.is_fresh = False
        self.glitch_ms = 0
        self._duty_ms = 0
        self._c_ms = 0
        self._candidate = LEVEL_A
        self._held = Hold(LEAVE_DEBOUNCE_MS)

    def step(self, high_mv: int | None, low_mv: int | None, pilot: int, now_ms: int) -> None:
        """Take one burst, read while the charger drives `pilot`.

        While the pilot is open or at -12 V a car cannot be seen: `stable` keeps what it was.
        """
        raw = classify(high_mv, low_mv, pilot, self.raw)
        if raw == LEVEL_C:
            self._c_ms = now_ms
        elif raw == LEVEL_B and self.glitch_ms and self._is_glitch(now_ms):
            raw = LEVEL_C
        self.raw = raw
        if pilot == PILOT_MINUS12 or pilot == PILOT_OPEN:
            self._held.step(False, now_ms)
            self.is_fresh = False
            return
        if raw != self._candidate:
            self._candidate = raw
            self._held.step(False, now_ms)
        self._held.hold_ms = CLOSE_DEBOUNCE_MS if raw == LEVEL_C or raw == LEVEL_D else LEAVE_DEBOUNCE_MS
        if self._held.step(True, now_ms):
            self.stable = raw
            self.is_fresh = True

    def duty_changed(self, now_ms: int) -> None:
        """The charger puts out another duty from now on."""
        self._duty_ms = now_ms

    def _is_glitch(self, now_ms: int) -> bool:
        # Both, so that many changes of the duty, one after another, buy no time.
        limit_ms = min(self.glitch_ms, MAX_GLITCH_MS)
        return elapsed_ms(now_ms, self._duty_ms) <= limit_ms and elapsed_ms(now_ms, self._c_ms) <= limit_ms
