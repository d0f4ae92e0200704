"""The physical check: when the car starts or stops, grid power must move by about as much in the same direction.

Knows two powers, read together; does not know clamps, or what a verdict leads to.
"""

from micropython import const

NOTHING = const(0)
RIGHT = const(1)
WRONG = const(2)
STILL = const(3)
BACKWARDS = const(4)  # the car's own clamp: a car gives no power
_STEP_W = const(1000)
_STEADY_W = const(100)
_ANCHOR_READINGS = const(4)  # of 240 ms: the reading compared with is at least 1 s old ...
_STALE_READINGS = const(25)  # ... and at most 6 s: a house changes by itself
_BACKWARDS_W = const(-500)


class Movement:
    """step() gives a verdict for each step of the car's power of 1 kW; is_confirmed: the sign was seen to be right."""

    def __init__(self) -> None:
        self.is_confirmed = False
        self._doubts = 0
        self._grid_w = 0
        self._car_w = 0
        self._age = -1
        self._seen = NOTHING

    def forget(self) -> None:
        """The readings stopped, or the clamp was turned."""
        self._age = -1
        self._doubts = 0

    def step(self, grid_w: int, car_w: int) -> int:
        """Take one reading, import positive; returns RIGHT, WRONG, STILL, BACKWARDS or NOTHING."""
        moved_w = car_w - self._car_w
        if self._age < 0 or (abs(moved_w) < _STEADY_W and self._age >= _ANCHOR_READINGS) or self._age > _STALE_READINGS:
            self._anchor(grid_w, car_w)
            return NOTHING
        self._age += 1
        if abs(moved_w) < _STEP_W:
            self._seen = NOTHING
            return NOTHING
        seen = BACKWARDS if car_w < _BACKWARDS_W else _compare(grid_w - self._grid_w, moved_w)
        if seen != self._seen:  # a jump in the middle of a reading is in one of the two powers only
            self._seen = seen
            return NOTHING
        self._anchor(grid_w, car_w)
        return self._conclude(seen)

    def _anchor(self, grid_w: int, car_w: int) -> None:
        self._grid_w = grid_w
        self._car_w = car_w
        self._age = 0
        self._seen = NOTHING

    def _conclude(self, seen: int) -> int:
        if seen == RIGHT:
            self.is_confirmed = True
            self._doubts = 0
        elif seen == WRONG or seen == STILL:
            self._doubts += 1
            # The first start finds a clamp on backwards; once the sign was right, or where nothing moved, it takes two.
            if self._doubts < 2 and (self.is_confirmed or seen == STILL):
                return NOTHING
            self.is_confirmed = False
        return seen


def _compare(grid_w: int, car_w: int) -> int:
    percent = grid_w * 100 // car_w
    if 50 <= percent <= 150:
        return RIGHT
    if -150 <= percent <= -50:
        return WRONG
    return STILL if -15 <= percent <= 15 else NOTHING  # in between the house moved too: no evidence
