"""A scene in which something happens at random every few ticks, watched by an onlooker.

Knows what can happen to a charger; does not know what it ought to do about it.
"""

from observer import Observer
from scene import TICK_MS, Scene

from evse.safety.limits import PILOT_PWM

FOLLOWING = {"A": "BBBC", "B": "CCCA", "C": "BBAD", "D": "CCAE", "E": "AABC"}  # what a car does next


class Storm:
    """A scene that changes something at random every few ticks, watched by an onlooker."""

    def __init__(self, board):
        self.closings = 0
        self.asked_to_stop = 0  # ticks in which it was closed without an offer
        self._scene = Scene(board)
        self._observer = Observer(self._scene)
        self._seed = board.max_ma + board.has_fan + 2 * board.has_switch + 4 * board.has_readback
        self._quiet = 0

    def _random(self, below):
        self._seed = (self._seed * 1103 + 12345) % 1048573  # small ints on the chip's interpreter too
        return self._seed // 7 % below

    def tick(self):
        """One tick, and before it perhaps something that happens."""
        scene = self._scene
        scene.halves = None
        gap_ms = TICK_MS
        if self._quiet:
            self._quiet -= 1
        else:
            gap_ms = self._happen()
        is_hidden = scene.halves or (scene.driven == PILOT_PWM and not scene.has_diode)
        shown = "" if is_hidden else scene.car
        was_closed = scene.permits
        is_tripped = scene.is_tripped
        scene.tick(gap_ms)
        self._observer.see(shown, gap_ms > 58, is_tripped)
        self.closings += scene.permits and not was_closed
        self.asked_to_stop += scene.permits and scene.pilot != PILOT_PWM

    def _happen(self):
        """Change something; the ms until the next tick."""
        scene = self._scene
        what = self._random(16)
        gap_ms = TICK_MS
        self._quiet = self._random(60)
        scene.is_tripped = what == 0
        scene.has_diode = what != 1 or scene.car == "A"
        scene.controller.wishes.is_stopped = 2 <= what <= 5
        if what == 6:
            gap_ms = 40 + self._random(40)
        elif what == 7:
            scene.halves = (None, None)
        elif what >= 8:
            scene.car = "A" if scene.state == "fault" else FOLLOWING[scene.car][self._random(4)]
            self._quiet = self._random(240)
        return gap_ms
