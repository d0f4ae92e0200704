"""What a person found out about one clamp: offset, phase at two currents, gain, and whether it is on backwards.

Knows how raw power becomes true power and what a calibration may be; does not know how it is measured or stored.
"""

from micropython import const

from evse.core.angle import cosine, sine
from evse.core.meter import Power, magnitude

LEAST_GAIN_PPM = const(500000)
MOST_GAIN_PPM = const(2000000)
MOST_PHASE_UT = const(60000)  # 21.6 degrees: more is a clamp on another wire
MOST_ZERO_DW = const(3000)
_BEND_DW = const(11500)  # a clamp's phase falls with current as 1 / (1 + I / 5 A), more or less
_UNIT = const(4096)
MOST_DVA = const(400000)
_UNSET_DVA = const(1)

# name, lowest, highest, default
FIELDS = (
    ("gain_ppm", LEAST_GAIN_PPM, MOST_GAIN_PPM, 1000000),
    ("is_flipped", 0, 1, 0),
    ("zero_active_dw", -MOST_ZERO_DW, MOST_ZERO_DW, 0),
    ("zero_reactive_dw", -MOST_ZERO_DW, MOST_ZERO_DW, 0),
    ("low_ut", -MOST_PHASE_UT, MOST_PHASE_UT, 0),
    ("low_dva", _UNSET_DVA, MOST_DVA, _UNSET_DVA),
    ("high_ut", -MOST_PHASE_UT, MOST_PHASE_UT, 0),
    ("high_dva", _UNSET_DVA, MOST_DVA, _UNSET_DVA),
    ("error_permille", 0, 1000, 0),
    ("day", 0, 99999999, 0),
)


class Calibration:
    """One clamp's figures as attributes, named and bounded by FIELDS; as made here it changes nothing.

    zero_..: raw power with the clamp around nothing; low_ut, high_ut: by how much the current seems to lag at
    low_dva and high_dva (0.1 VA); error_permille: what was left at the last check; day: as 20261124, 0 unknown.
    """

    def __init__(self) -> None:
        self.gain_ppm = 0
        self.is_flipped = 0
        self.zero_active_dw = 0
        self.zero_reactive_dw = 0
        self.low_ut = 0
        self.low_dva = 0
        self.high_ut = 0
        self.high_dva = 0
        self.error_permille = 0
        self.day = 0
        for name, _, _, default in FIELDS:
            setattr(self, name, default)

    def set(self, name: str, value: object) -> None:
        """Check and take one figure; raises ValueError with one line and changes nothing then."""
        for known, lowest, highest, _ in FIELDS:
            if known == name:
                if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
                    raise ValueError("%s must be %d..%d, not %r" % (name, lowest, highest, value))
                setattr(self, name, value)
                return
        raise ValueError("no figure %r in a calibration" % name)

    def as_dict(self) -> "dict[str, int]":
        """Every figure by name."""
        return {row[0]: getattr(self, row[0]) for row in FIELDS}

    def lag_ut(self, dva: int) -> int:
        """By how much the current seems to lag at `dva` (0.1 VA): through the two points, twice their gap beyond at most."""
        low = _bend(self.low_dva)
        high = _bend(self.high_dva)
        if low == high:
            return self.low_ut
        place = (_bend(dva) - high) * 256 // (low - high)
        return self.high_ut + (self.low_ut - self.high_ut) * max(-512, min(768, place)) // 256

    def apparent_dw(self, power: Power) -> int:
        """The fundamental's apparent power less the offset, 0.1 VA."""
        return magnitude(power.active_dw - self.zero_active_dw, power.reactive_dw - self.zero_reactive_dw)

    def true_w(self, active_dw: int, reactive_dw: int, board_gain_ppm: int) -> int:
        """Raw power (within 45 kVA) without offset and phase error, at the right gain: W, import positive.

        board_gain_ppm: the board file's own correction, negative for a clamp it knows to be backwards.
        """
        active_dw -= self.zero_active_dw
        reactive_dw -= self.zero_reactive_dw
        lag_ut = self.lag_ut(magnitude(active_dw, reactive_dw))
        turned_dw = (active_dw // 2 * cosine(lag_ut) + reactive_dw // 2 * sine(lag_ut)) >> 11
        gained_dw = turned_dw * (self.gain_ppm // 500) // 2000 * (board_gain_ppm // 500) // 2000
        return ((-gained_dw if self.is_flipped else gained_dw) + 5) // 10

    def put_phase(self, lag_ut: int, dva: int) -> None:
        """A resistive load at `dva` (0.1 VA) seemed to lag by `lag_ut`: keep it as one of the two points.

        A load less than half as large again as the only one so far replaces it; of two, the nearer is replaced.
        """
        dva = max(2, min(MOST_DVA, dva))
        is_lone = self.low_dva == self.high_dva
        is_same = self.low_dva == _UNSET_DVA or (2 * dva < 3 * self.low_dva and 2 * self.low_dva < 3 * dva)
        is_low = dva < self.low_dva if is_lone else dva * dva < self.low_dva * self.high_dva
        if is_low or (is_lone and is_same):
            self.low_ut = lag_ut
            self.low_dva = dva
        if not is_low or (is_lone and is_same):
            self.high_ut = lag_ut
            self.high_dva = dva


def _bend(dva: int) -> int:
    return _BEND_DW * _UNIT // (_BEND_DW + dva)
