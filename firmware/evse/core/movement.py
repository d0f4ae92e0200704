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
_SETTLED = const(3)  # readings of 240 ms within _STEADY_W of each other, or on a slow ramp
_JUMP_W = const(250)
_ANCHOR_READINGS = const(4)  # the older reading to compare with is at least 1 s old ...
_STALE_READINGS = const(25)  # ... and at most 6 s: a house changes by itself
_BACKWARDS_W = const(-500)


class Movement:
    """step() gives a verdict for each step of the car's power of 1 kW; is_confirmed: the sign was seen to be right."""

    def __init__(self) -> None:
        self.is_confirmed = False
        self._doubts = 0
        self._anchor_grid_w = 0
        self._anchor_car_w = 0
        self._age = -1
        self._last_w = 0
        self._settled = 0

    def forget(self) -> None:
        """The readings stopped, or the clamp was turned."""
        self._age = -1
        self._doubts = 0

    def step(self, grid_w: int, car_w: int) -> int:
        """Take one reading, import positive; returns RIGHT, WRONG, STILL (twice in a row), BACKWARDS or NOTHING."""
        self._settled = 0 if abs(car_w - self._last_w) > _JUMP_W else self._settled + 1
        self._last_w = car_w
        moved_w = car_w - self._anchor_car_w
        if self._age < 0 or (abs(moved_w) < _STEADY_W and self._age >= _ANCHOR_READINGS) or self._age > _STALE_READINGS:
            self._anchor(grid_w, car_w)
            return NOTHING
        self._age += 1
        if self._settled < _SETTLED or abs(moved_w) < _STEP_W:
            return NOTHING
        verdict = self._judge(grid_w - self._anchor_grid_w, moved_w)
        if car_w < _BACKWARDS_W:
            verdict = BACKWARDS
        self._anchor(grid_w, car_w)
        return verdict

    def _anchor(self, grid_w: int, car_w: int) -> None:
        self._anchor_grid_w = grid_w
        self._anchor_car_w = car_w
        self._age = 0

    def _judge(self, grid_w: int, car_w: int) -> int:
        percent = grid_w * 100 // car_w
        if 50 <= percent <= 150:
            self.is_confirmed = True
            self._doubts = 0
            return RIGHT
        is_wrong = -150 <= percent <= -50
        if not is_wrong and not -15 <= percent <= 15:
            return NOTHING  # the house moved at the same moment: no evidence
        self._doubts += 1
        # The first start finds a clamp on backwards; once the sign was right, or nothing moved, it takes two.
        if self._doubts < 2 and (self.is_confirmed or not is_wrong):
            return NOTHING
        self.is_confirmed = False
        return WRONG if is_wrong else STILL
