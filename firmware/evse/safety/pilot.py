"""Control pilot: offered current to duty, and the two halves of one burst to a level, at once and debounced.

Knows voltages, duty and time held; does not know states, cars or pins.
"""

from micropython import const

from evse.safety.limits import (
    LEVEL_A,
    LEVEL_B,
    LEVEL_BAD,
    LEVEL_C,
    LEVEL_D,
    LEVEL_DIODE,
    LEVEL_E,
    LEVEL_F,
    MIN_OFFER_MA,
    PILOT_MINUS12,
    PILOT_OPEN,
    PILOT_PWM,
    Hold,
    elapsed_ms,
)

# Duty, in 0.01 % (IEC 61851-1 tables A.7, A.8): the gap between the two formulas offers 51 A.
_STEADY_BP = const(10000)
_LOW_END_BP = const(8500)
_HIGH_END_BP = const(9600)

# Levels at the connector: B is 1870-4610 ohm, C 909-1723 ohm of the R3 branch, so B/C meet at 7.5 V.
_EDGES_MV = (10800, 7500, 3900, 1600)  # A/B, B/C, C/D, D/E
_E_LOW_MV = const(-2000)
_HYSTERESIS_MV = const(200)
_NEGATIVE_MV = const(-10000)  # weaker than this is no -12 V: no diode, or a broken generator
_STEADY_RIPPLE_MV = const(1200)  # steady +12 V: both halves are the same level

# Debounce of the session's level; the interlock never waits for it.
_CLOSE_DEBOUNCE_MS = const(500)  # a car's B-C-B toggles last 200-400 ms (ISO 15118-3 table 3)
_LEAVE_DEBOUNCE_MS = const(60)
_MAX_GLITCH_MS = const(550)  # BMW hybrids show B for 500 ms after a new duty: for a car so named B waits so long


def duty_bp_from_ma(offer_ma: int) -> int:
    """Duty in 0.01 % that offers `offer_ma` or a little less; under 6 A: 10000, steady +12 V.

    10-85 % is duty * 0.6 A, 85-96 % is (duty - 64 %) * 2.5 A; 51-52.5 A offers 51 A, over 80 A offers 80 A.
    """
    if offer_ma < MIN_OFFER_MA:
        return _STEADY_BP
    high_range_bp = min(offer_ma // 25 + 6400, _HIGH_END_BP)
    return min(offer_ma // 6, max(high_range_bp, _LOW_END_BP))


def band(high_mv: int, was: int) -> int:
    """Level A..E of a high half; F at -12 V; `was` supplies the hysteresis side, LEVEL_BAD when no band fits."""
    level = LEVEL_A
    for edge_mv in _EDGES_MV:
        if was <= level:
            edge_mv -= _HYSTERESIS_MV
        else:
            edge_mv += _HYSTERESIS_MV
        if high_mv >= edge_mv:
            return level
        level += 1
    if high_mv >= _E_LOW_MV:
        return LEVEL_E
    return LEVEL_F if high_mv <= _NEGATIVE_MV else LEVEL_BAD


def classify(high_mv: int | None, low_mv: int | None, pilot: int, was: int) -> int:
    """Level of one burst while the charger drives `pilot` (PILOT_...); never a guess.

    LEVEL_DIODE when PWM shows a car above and no -12 V below (IEC 61851-1 table A.4);
    LEVEL_BAD when a half is missing, or steady +12 V is not steady.
    """
    if high_mv is None or low_mv is None:
        return LEVEL_BAD
    level = band(high_mv, was)
    if pilot == PILOT_PWM:
        if low_mv <= _NEGATIVE_MV:
            return level
        if level == LEVEL_E:
            return LEVEL_E
        return LEVEL_DIODE if LEVEL_B <= level <= LEVEL_D else LEVEL_BAD
    if high_mv - low_mv > _STEADY_RIPPLE_MV:
        return LEVEL_BAD
    if pilot == PILOT_MINUS12 and level != LEVEL_F:
        return LEVEL_BAD
    return level


class Pilot:
    """The level as read, and the level that has stood still."""

    def __init__(self) -> None:
        self.raw = LEVEL_BAD  # of this tick, for the interlock
        self.stable = LEVEL_A  # debounced, for the session
        self.is_fresh = False  # `stable` was seen since the pilot was last blind (open, at -12 V, just booted)
        # For a car so named, while it charges: B within so long of a new duty, and of the last C, counts as C.
        self.glitch_ms = 0
        self._duty_ms = 0
        self._c_ms = 0
        self._candidate = LEVEL_A
        self._held = Hold(_LEAVE_DEBOUNCE_MS)

    def take(self, high_mv: int | None, low_mv: int | None, pilot: int, now_ms: int) -> None:
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
            self._held.lasts(False, now_ms)
            self.is_fresh = False
            return
        if raw != self._candidate:
            self._candidate = raw
            self._held.lasts(False, now_ms)
            self._held.hold_ms = _CLOSE_DEBOUNCE_MS if raw == LEVEL_C or raw == LEVEL_D else _LEAVE_DEBOUNCE_MS
        if (raw != self.stable or not self.is_fresh) and self._held.lasts(True, now_ms):
            self.stable = raw
            self.is_fresh = True

    def duty_changed(self, now_ms: int) -> None:
        """The charger puts out another duty from now on."""
        self._duty_ms = now_ms

    def _is_glitch(self, now_ms: int) -> bool:
        # Both, so that many changes of the duty, one after another, buy no time.
        limit_ms = min(self.glitch_ms, _MAX_GLITCH_MS)
        return elapsed_ms(now_ms, self._duty_ms) <= limit_ms and elapsed_ms(now_ms, self._c_ms) <= limit_ms
