"""Angles in millionths of a turn (`_ut`): the sine's table, a rotation, and the angle of a vector.

Knows whole numbers and a circle; does not know what turns.
"""

from array import array

from micropython import const

TURN_UT = const(1000000)
SINE_PEAK = const(1024)  # of the burst's table
SINE_STEPS = const(256)  # of it in a turn
UNIT = const(4096)  # a cosine of 1 in rotations

_UT_PER_RADIAN = const(159155)
# sin() * 4096 over a quarter turn, in 64 steps.
_QUARTER = (
    *(0, 101, 201, 301, 401, 501, 601, 700, 799, 897, 995, 1092, 1189, 1285, 1380, 1474, 1567),
    *(1660, 1751, 1842, 1931, 2019, 2106, 2191, 2276, 2359, 2440, 2520, 2598, 2675, 2751, 2824),
    *(2896, 2967, 3035, 3102, 3166, 3229, 3290, 3349, 3406, 3461, 3513, 3564, 3612, 3659, 3703),
    *(3745, 3784, 3822, 3857, 3889, 3920, 3948, 3973, 3996, 4017, 4036, 4052, 4065, 4076, 4085),
    *(4091, 4095, 4096),
)


def _sine_of_step(step: int) -> int:
    step %= SINE_STEPS
    if step >= 128:
        return -_sine_of_step(step - 128)
    return _QUARTER[step if step <= 64 else 128 - step]


_SINE = array("h", [_sine_of_step(step) for step in range(SINE_STEPS + 1)])


def burst_table() -> "array[int]":
    """sin() * 1024 in 256 steps a turn, for a turn and a quarter (the cosine stands 64 further on) and a little more."""
    return array("h", [(_sine_of_step(step) + 2) >> 2 for step in range(SINE_STEPS + 80)])


def sine(angle_ut: int) -> int:
    """sin() * 4096 of any angle, between two table entries by a straight line."""
    scaled = angle_ut % TURN_UT * 16
    step = scaled // 62500
    low = _SINE[step]
    return low + (_SINE[step + 1] - low) * (scaled % 62500) // 62500


def cosine(angle_ut: int) -> int:
    """cos() * 4096."""
    return sine(angle_ut + 250000)


def wrap(angle_ut: int) -> int:
    """The same angle as -500000..499999."""
    return (angle_ut + 500000) % TURN_UT - 500000


def angle(y: int, x: int) -> int:
    """The angle of the vector (x, y), both within 2^18; exact near an axis, 0.3 degrees off at worst. 0 for no vector."""
    if abs(y) > abs(x):
        return wrap(250000 - angle(x, y))
    if x == 0:
        return 0
    slope = y * UNIT // x
    turn_ut = slope * _UT_PER_RADIAN // (UNIT + (slope * slope * 9 >> 17))  # x / (1 + 0.28 x^2)
    return turn_ut if x > 0 else wrap(turn_ut + 500000)
