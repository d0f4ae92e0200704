"""What a person found out about one clamp: offset, phase at two currents, gain, and whether it is on backwards.

Knows how raw power becomes true power; does not know how the figures are found, checked or stored.
"""

from micropython import const

from evse.core.angle import UNIT, sine
from evse.core.meter import Power, magnitude

UNSET_DVA = const(1)
_BEND_DW = const(11500)  # a clamp's phase falls with current as 1 / (1 + I / 5 A), more or less


class Calibration:
    """One clamp's figures; as made here it changes nothing.

    zero_..: raw power with the clamp round nothing; low_ut, high_ut: how much the current seems to lag at low_dva and
    high_dva (0.1 VA); error_permille: what was left at the last check; day: as 20261124, 0 unknown.
    """

    def __init__(self) -> None:
        self.gain_ppm = 1000000
        self.is_flipped = 0
        self.zero_active_dw = 0
        self.zero_reactive_dw = 0
        self.low_ut = 0
        self.low_dva = UNSET_DVA
        self.high_ut = 0
        self.high_dva = UNSET_DVA
        self.error_permille = 0
        self.day = 0

    def lag_ut(self, dva: int) -> int:
        """How much the current seems to lag at `dva` (0.1 VA): through both points, at most twice their gap beyond."""
        high = _bend(self.high_dva)
        gap = _bend(self.low_dva) - high
        if gap == 0:
            return self.low_ut
        place = (_bend(dva) - high) * 256 // gap
        return self.high_ut + (self.low_ut - self.high_ut) * max(-512, min(768, place)) // 256

    def apparent_dva(self, power: Power) -> int:
        """The fundamental's apparent power less the offset, 0.1 VA."""
        return magnitude(power.active_dw - self.zero_active_dw, power.reactive_dw - self.zero_reactive_dw)

    def true_w(self, active_dw: int, reactive_dw: int, board_gain_ppm: int) -> int:
        """Raw power (within 45 kVA) without offset and phase error, at the right gain: W, import positive.

        board_gain_ppm: the board file's own correction, negative for a clamp it knows to be backwards.
        """
        active_dw -= self.zero_active_dw
        reactive_dw -= self.zero_reactive_dw
        turn = sine(self.lag_ut(magnitude(active_dw, reactive_dw)))
        # The cosine by its series: 0.01 % off at 10 degrees.
        turned_dw = (active_dw * (UNIT - turn * turn // (2 * UNIT)) + reactive_dw * turn) // UNIT
        return self.plain_w(turned_dw + self.zero_active_dw, board_gain_ppm)

    def plain_w(self, active_dw: int, board_gain_ppm: int) -> int:
        """As true_w() for a load in phase with the voltage, such as a car: no phase to correct."""
        gained_dw = (active_dw - self.zero_active_dw) * (self.gain_ppm // 500) // 2000 * (board_gain_ppm // 500) // 2000
        return ((-gained_dw if self.is_flipped else gained_dw) + 5) // 10


def _bend(dva: int) -> int:
    return (_BEND_DW << 12) // (_BEND_DW + dva)
