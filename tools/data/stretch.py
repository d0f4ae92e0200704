"""Finds the most broken stretch of a day: the one worth watching when there is no time for all of it.

Knows days and the least power a charge needs; nothing of how a charger decides.
"""

from collections.abc import Sequence

from rouse.data.day_file import Day, DayError

LEAST_W = 6 * 230  # the least a car may be offered, one phase (IEC 61851-1 table A.7)
AMPLE_W = 7 * 230  # an ampere more: not a day that hovers at the limit
STAY_S = 120  # shorter gleams and shadows (an air fryer, a wisp of cloud) do not count
STEP_S = 60
RULE = "surplus comes (1610 W) and goes (below 1380 W) most often, for two minutes or more, with the largest swings"


def most_broken(day: Day, length_s: int) -> Day:
    """The `length_s` seconds of `day` picked by RULE, the first of equals; raises DayError when `day` is shorter."""
    if len(day) < length_s:
        raise DayError(f"day file {day.name}: {len(day)} s long; at least {length_s} s are needed")
    surplus_w = day.surplus_w()
    firsts = range(0, len(day) - length_s + 1, STEP_S)
    return day.cut(max(firsts, key=lambda first: brokenness(surplus_w[first : first + length_s])), length_s)


def brokenness(surplus_w: Sequence[int]) -> tuple[int, int]:
    """Comings and goings of enough surplus that stay STAY_S, beginning without; then the sum of all swings in W."""
    changes, since_s, is_sunny = 0, 0, False
    for watts in surplus_w:
        has_changed = watts < LEAST_W if is_sunny else watts >= AMPLE_W
        since_s = since_s + 1 if has_changed else 0
        if since_s == STAY_S:
            is_sunny, since_s, changes = not is_sunny, 0, changes + 1
    return changes, sum(abs(b - a) for a, b in zip(surplus_w, surplus_w[1:], strict=False))
