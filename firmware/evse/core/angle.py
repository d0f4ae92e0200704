"""Angles in millionths of a turn (`_ut`): the sine's table, and the angle of a vector.

Knows whole numbers and a circle; does not know what turns.
"""

from array import array

from micropython import const

TURN_UT = const(1000000)
UNIT = const(1024)  # a sine of 1
_STEPS = const(336)  # 256 a turn, a quarter more for the cosine, and some room
_UT_PER_RADIAN = const(159155)


def _table() -> "array[int]":
    # Turned by 1/256 at a time, at 2^24 for one: larger than a small int, but at boot only.
    table = array("h", [0] * _STEPS)
    sine, cosine = 0, 1 << 24
    for step in range(_STEPS):
        table[step] = (sine + (1 << 13)) >> 14
        sine, cosine = (sine * 16772163 + cosine * 411733) >> 24, (cosine * 16772163 - sine * 411733) >> 24
    return table


SINE = _table()  # sin() * 1024, 256 steps a turn; the cosine is 64 steps on


def sine(angle_ut: int) -> int:
    """sin() * 1024 of any angle, between two table entries by a straight line."""
    scaled = angle_ut % TURN_UT * 16
    step = scaled // 62500
    low = SINE[step]
    return low + (SINE[step + 1] - low) * (scaled % 62500) // 62500


def wrap(angle_ut: int) -> int:
    """The same angle as -500000..499999."""
    return (angle_ut + 500000) % TURN_UT - 500000


def angle(y: int, x: int) -> int:
    """The angle of the vector (x, y), both within 2^18: exact near an axis, 0.3 degrees off at worst; 0 for none."""
    if abs(y) > abs(x):
        return wrap(250000 - angle(x, y))
    if x == 0:
        return 0
    slope = (y << 12) // x
    turn_ut = slope * _UT_PER_RADIAN // (4096 + (slope * slope * 9 >> 17))  # x / (1 + 0.28 x^2)
    return turn_ut if x > 0 else wrap(turn_ut + 500000)
