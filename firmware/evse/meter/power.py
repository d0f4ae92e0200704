"""Burst sums become watts: sine table and angles, the lock on the mains' phase, power, and a clamp's calibration.

Whole numbers below 2^30 all the way. Knows sums, scales and a circle; does not know pins, or what power is for.
Angles are in millionths of a turn (`_ut`).
"""

from array import array

from micropython import const

from evse.meter.burst import Sums

_TURN_UT = const(1000000)
_UNIT = const(1024)  # a sine of 1
_SINE_STEPS = const(336)  # 256 a turn, a quarter more for the cosine, and some room
_UT_PER_RADIAN = const(159155)


def _sine_table() -> "array[int]":
    # Turned by 1/256 at a time, at 2^24 for one: larger than a small int, but at boot only.
    table = array("h", [0] * _SINE_STEPS)
    sine, cosine = 0, 1 << 24
    for step in range(_SINE_STEPS):
        table[step] = (sine + (1 << 13)) >> 14
        sine, cosine = (sine * 16772163 + cosine * 411733) >> 24, (cosine * 16772163 - sine * 411733) >> 24
    return table


SINE = _sine_table()  # sin() * 1024, 256 steps a turn; the cosine is 64 steps on


def sine(angle_ut: int) -> int:
    """sin() * 1024 of any angle, between two table entries by a straight line."""
    scaled = angle_ut % _TURN_UT * 16
    step = scaled // 62500
    low = SINE[step]
    return low + (SINE[step + 1] - low) * (scaled % 62500) // 62500


def wrap(angle_ut: int) -> int:
    """The same angle as -500000..499999."""
    return (angle_ut + 500000) % _TURN_UT - 500000


def angle(y: int, x: int) -> int:
    """The angle of the vector (x, y), both within 2^18: exact near an axis, 0.3 degrees off at worst; 0 for none."""
    if abs(y) > abs(x):
        return wrap(250000 - angle(x, y))
    if x == 0:
        return 0
    slope = (y << 12) // x
    turn_ut = slope * _UT_PER_RADIAN // (4096 + (slope * slope * 9 >> 17))  # x / (1 + 0.28 x^2)
    return turn_ut if x > 0 else wrap(turn_ut + 500000)


_LEAST_MHZ = const(45000)
_MOST_MHZ = const(65000)
_START_MHZ = const(55000)  # 40 ms between two bursts tell 42.5 from 67.5 Hz by the angle alone
_SHORT_MS = const(45)
_LONGEST_MS = const(1500)  # the angle tells nothing after so long
_SURE = const(4)  # angles in a row that fell where they were expected
_NEAR_UT = const(60000)
# Of an error 1/32 is taken for a wrong frequency at bursts 80 ms apart, a third at those of a round apart, with no car:
# so the lag behind mains that drift is the same.
_UT_MS_PER_MHZ = const(204800)
_LONGEST_ROUND_MS = const(300)
_WHEEL_US = const(0x3FFFFFFF)  # of ticks_us


class Lock:
    """A phase-locked loop in software: the mains' frequency, and where the reference's sine stands at any time."""

    def __init__(self) -> None:
        self.frequency_mhz = _START_MHZ
        self.is_sure = False  # the frequency is known; until then bursts must come 40 ms apart now and then
        self._hits = 0
        self._angle_ut = 0
        self._at_us = 0
        self._is_set = False

    @property
    def rate(self) -> int:
        """The burst's steps of the sine's table: 256 * 2^20 by the length of a mains cycle in us."""
        return max(_LEAST_MHZ, min(_MOST_MHZ, self.frequency_mhz)) * 2684 // 10000

    @property
    def is_good(self) -> bool:
        """Whether the frequency is known and one that mains can have."""
        return self.is_sure and _LEAST_MHZ <= self.frequency_mhz <= _MOST_MHZ

    def lose(self) -> None:
        """The reference is gone: the frequency is the best guess, the phase must be found anew."""
        self._is_set = False
        self.is_sure = False
        self._hits = 0

    def at(self, start_us: int) -> int:
        """Angle of the reference's sine at `start_us` (0..2^30-1, as ticks_us), expected from the bursts before."""
        return (self._angle_ut + _advance_ut(self.frequency_mhz, (start_us - self._at_us) & _WHEEL_US)) % _TURN_UT

    def take(self, v_cos: int, v_sin: int, start_us: int) -> None:
        """Take the reference's vector of one burst, both within 2^18, whose sine began at `start_us`."""
        seen_ut = angle(v_cos, v_sin)
        past_ms = ((start_us - self._at_us) & _WHEEL_US) // 1000
        if not self._is_set or past_ms > _LONGEST_MS or past_ms == 0:
            self.lose()
            self.frequency_mhz = _START_MHZ
            self._is_set = True
            expected_ut = seen_ut
        else:
            expected_ut = self._follow(seen_ut, start_us, past_ms)
        self._angle_ut = expected_ut
        self._at_us = start_us

    def _follow(self, seen_ut: int, start_us: int, past_ms: int) -> int:
        expected_ut = self.at(start_us)
        error_ut = wrap(seen_ut - expected_ut)
        if self.is_sure:
            self.frequency_mhz += error_ut * min(past_ms, _LONGEST_ROUND_MS) // _UT_MS_PER_MHZ
            if abs(error_ut) > 4 * _NEAR_UT:
                self.lose()
            return expected_ut + error_ut // 4
        if self._hits == 0:
            if past_ms <= _SHORT_MS:
                self.frequency_mhz = _START_MHZ + wrap(
                    seen_ut - self._angle_ut - _advance_ut(_START_MHZ, (start_us - self._at_us) & _WHEEL_US)
                ) // past_ms
                self._hits = 1
        elif abs(error_ut) > _NEAR_UT * self._slack():
            self._hits = 0
        else:
            self.frequency_mhz += error_ut // past_ms
            self._hits += 1
            self.is_sure = self._hits > _SURE
        return seen_ut

    def _slack(self) -> int:
        return 3 if self._hits == 1 else 1  # the first guess was made over 40 ms, at the wrong burst length


def _advance_ut(frequency_mhz: int, span_us: int) -> int:
    """What a sine turns in `span_us`; mHz times ms are millionths of a turn."""
    return (frequency_mhz * (span_us // 1000) + frequency_mhz * (span_us % 1000) // 1000) % _TURN_UT


GRID = const(0)  # the channels, as the driver counts them
CAR = const(1)
PHASE = const(2)

_PRODUCT = const(1)
_CURRENT = const(2)


class Power:
    """One clamp's mean over some bursts, by the board's figures alone.

    ua_per_count: current of one count; uw_per_count2: power of one count of voltage times one of current;
    nominal_v: the voltage where the reference carries none.
    """

    def __init__(self, ua_per_count: int, uw_per_count2: int, nominal_v: int) -> None:
        self.bursts = 0  # taken since the last mean
        self.active_dw = 0  # 0.1 W
        self.reactive_dw = 0  # 0.1 var, a lagging current positive
        self.mean_square = 0  # of the whole current, in counts
        self.taken = 0  # bursts in the mean
        self._ua_per_count = ua_per_count
        self._udw_per_product = uw_per_count2 * 32 // 100  # 0.1 mW that 32 squared counts stand for
        self._udw_per_current = nominal_v * (ua_per_count // 10) * 10 // 9051  # 1/64 count of peak, times 1.414 * 64
        self._kind = 0
        self._active = 0
        self._reactive = 0
        self._squares = 0

    def _clear(self) -> None:
        self.bursts = 0
        self._active = 0
        self._reactive = 0
        self._squares = 0

    def add_product(self, sums: Sums) -> None:
        """A burst beside a reference that carries the voltage: the product of both, harmonics and all."""
        weight = sums.weight
        means = (sums.sum_v * 256 // weight) * (sums.sum_i * 256 // weight) >> 15
        v_sin = sums.v_sin // weight >> 6
        v_cos = sums.v_cos // weight >> 6
        across = v_cos * (sums.i_sin // weight) - v_sin * (sums.i_cos // weight)
        self._add(_PRODUCT, sums, sums.sum_vi * 2 // weight - means, across >> 12)

    def add_locked(self, sums: Sums, angle_ut: int) -> None:
        """A burst beside a mere phase, at `angle_ut`: the current's fundamental, at nominal voltage."""
        unit_sin = sine(angle_ut + 250000)
        unit_cos = sine(angle_ut)
        i_sin = sums.i_sin // sums.weight
        i_cos = sums.i_cos // sums.weight
        active = i_sin * unit_sin + i_cos * unit_cos >> 10
        self._add(_CURRENT, sums, active, i_sin * unit_cos - i_cos * unit_sin >> 10)

    def add_unsigned(self, sums: Sums) -> None:
        """A burst without a reference: all of the current is taken for import."""
        self.add_peak(sums, magnitude(sums.i_sin // sums.weight, sums.i_cos // sums.weight))

    def add_peak(self, sums: Sums, peak_64: int) -> None:
        """A current of that peak, in 1/64 count, in phase with the voltage."""
        self._add(_CURRENT, sums, peak_64, 0)

    def _add(self, kind: int, sums: Sums, active: int, reactive: int) -> None:
        if kind != self._kind:
            self._clear()
            self._kind = kind
        self.bursts += 1
        self._active += active
        self._reactive += reactive
        mean_i = sums.sum_i * 8 // sums.weight
        self._squares += max(0, (sums.sum_ii // sums.weight << 6) - mean_i * mean_i)

    def work_out(self) -> None:
        """Make active_dw, reactive_dw and mean_square from the bursts since the last call, 0 without any."""
        bursts = self.bursts
        unit = self._udw_per_product if self._kind == _PRODUCT else self._udw_per_current
        self.active_dw = self._active // bursts * unit // 1000 if bursts else 0
        self.reactive_dw = self._reactive // bursts * unit // 1000 if bursts else 0
        self.mean_square = self._squares // bursts if bursts else 0
        self.taken = bursts
        self._clear()

    def rms_ma(self) -> int:
        """The whole current, harmonics and all."""
        return root(self.mean_square) * self._ua_per_count // 1000


def magnitude(x: int, y: int) -> int:
    """Length of the vector (x, y), at most 4 % wrong."""
    x = abs(x)
    y = abs(y)
    longer = max(x, y)
    return max(longer, longer * 7 // 8 + min(x, y) // 2)


def root(square: int) -> int:
    """Square root, rounded down; 0..2^24-1."""
    low = 0
    bit = 1 << 11
    while bit:
        if (low + bit) * (low + bit) <= square:
            low += bit
        bit >>= 1
    return low


UNSET_DVA = const(1)
_BEND_DW = const(11500)  # a clamp's phase falls with current as 1 / (1 + I / 5 A), more or less


class Calibration:
    """One clamp's figures; as made here it changes nothing."""

    def __init__(self) -> None:
        self.gain_ppm = 1000000
        self.is_flipped = 0
        self.zero_active_dw = 0  # raw power with the clamp round nothing
        self.zero_reactive_dw = 0
        self.low_ut = 0  # how much the current seems to lag at low_dva (0.1 VA) ...
        self.low_dva = UNSET_DVA
        self.high_ut = 0  # ... and at high_dva
        self.high_dva = UNSET_DVA
        self.error_permille = 0  # what was left at the last check
        self.day = 0  # of the calibration, as 20261124; 0 unknown

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
        turned_dw = (active_dw * (_UNIT - turn * turn // (2 * _UNIT)) + reactive_dw * turn) // _UNIT
        return self.plain_w(turned_dw + self.zero_active_dw, board_gain_ppm)

    def plain_w(self, active_dw: int, board_gain_ppm: int) -> int:
        """As true_w() for a load in phase with the voltage, such as a car: no phase to correct."""
        gained_dw = (active_dw - self.zero_active_dw) * (self.gain_ppm // 500) // 2000 * (board_gain_ppm // 500) // 2000
        return ((-gained_dw if self.is_flipped else gained_dw) + 5) // 10


def _bend(dva: int) -> int:
    return (_BEND_DW << 12) // (_BEND_DW + dva)


LEAST_GAIN_PPM = const(500000)
MOST_GAIN_PPM = const(2000000)
MOST_PHASE_UT = const(60000)  # 21.6 degrees: more is a clamp on another wire
MOST_ZERO_DW = const(3000)
MOST_DVA = const(400000)
BOUNDS = {
    "gain_ppm": (LEAST_GAIN_PPM, MOST_GAIN_PPM),
    "is_flipped": (0, 1),
    "zero_active_dw": (-MOST_ZERO_DW, MOST_ZERO_DW),
    "zero_reactive_dw": (-MOST_ZERO_DW, MOST_ZERO_DW),
    "low_ut": (-MOST_PHASE_UT, MOST_PHASE_UT),
    "low_dva": (UNSET_DVA, MOST_DVA),
    "high_ut": (-MOST_PHASE_UT, MOST_PHASE_UT),
    "high_dva": (UNSET_DVA, MOST_DVA),
    "error_permille": (0, 1000),
    "day": (0, 99999999),
}


def calibration_of(values: "dict[str, object]") -> Calibration:
    """A calibration of these figures; raises ValueError or KeyError with one line."""
    calibration = Calibration()
    for name, value in values.items():
        lowest, highest = BOUNDS[name]
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            raise ValueError("%s must be %d..%d, not %r" % (name, lowest, highest, value))
        setattr(calibration, name, value)
    return calibration


def figures_of(calibration: Calibration) -> "dict[str, int]":
    """Every figure by name."""
    return {name: getattr(calibration, name) for name in BOUNDS}
