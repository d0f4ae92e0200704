"""An onlooker for scenes: sees what goes in and what comes out each tick, and says when a safety rule is broken.

Shares no code with what it watches: it keeps its own clocks, in plain counts of simulated time.
"""

from evse.safety.limits import PILOT_MINUS12, PILOT_OPEN, PILOT_PWM, PILOT_X1


class Observer:
    """Call see() after every tick; it asserts."""

    def __init__(self, scene):
        self._scene = scene
        self._pwm_since_ms = None
        self._x1_since_ms = None
        self._fault_since_ms = None
        self._left_c_ms = 0  # when the car was first seen in A or B since the last opening; None while it was not
        self._was_closed = False
        self._steady_ms = 0

    def see(self, shown, is_late, is_tripped):
        """Check one tick in which the car showed `shown` (a letter, "" for a reading that is none)."""
        scene = self._scene
        now_ms = scene.ran_ms
        self._keep_clocks(shown, now_ms)
        if scene.permits:
            self._check_closed(shown, is_late, is_tripped, now_ms)
        if scene.pilot == PILOT_PWM:
            self._check_offer(now_ms)
        if scene.state == "fault":
            self._check_fault(now_ms)
        elif scene.faults:
            raise AssertionError(("a fault without its state", scene.faults, scene.state))
        else:
            self._fault_since_ms = None
        self._was_closed = scene.permits

    def _keep_clocks(self, shown, now_ms):
        """Since when the car shows C under PWM, and steady +12 V lasts; whether it left C after we opened."""
        scene = self._scene
        charges = shown == "C" or (shown == "D" and scene.board.has_fan)
        if not (charges and scene.pilot == PILOT_PWM):
            self._pwm_since_ms = None
        elif self._pwm_since_ms is None:
            self._pwm_since_ms = now_ms
        if self._was_closed and not scene.permits:
            self._left_c_ms = None
        elif self._left_c_ms is None and shown in ("A", "B"):
            self._left_c_ms = now_ms
        if scene.pilot == PILOT_X1 and scene.state != "fault":
            self._x1_since_ms = now_ms if self._x1_since_ms is None else self._x1_since_ms
            self._steady_ms = now_ms - self._x1_since_ms
        else:
            self._x1_since_ms = None

    def _check_closed(self, shown, is_late, is_tripped, now_ms):
        scene = self._scene
        case = (now_ms, scene.state, shown, is_late, is_tripped, scene.faults, scene.trace[-4:])
        assert scene.state in ("C1", "C2", "D1", "D2"), case
        assert shown == "C" or (shown == "D" and scene.board.has_fan), case
        assert not is_late and not is_tripped and scene.faults == 0, case
        assert scene.pilot in (PILOT_PWM, PILOT_X1), case
        assert scene.controller.self_test.is_passed, case
        if scene.pilot == PILOT_X1:
            assert self._was_closed and self._steady_ms < 6000, case
        if not self._was_closed:
            assert self._pwm_since_ms is not None and now_ms - self._pwm_since_ms >= 500, case
            assert self._left_c_ms is not None, case

    def _check_offer(self, now_ms):
        scene = self._scene
        case = (now_ms, scene.state, scene.controller.offer.offer_ma)
        assert scene.state in ("B2", "C2", "D2"), case
        assert 6000 <= scene.controller.offer.offer_ma <= scene.board.max_ma, case
        assert self._steady_ms >= 500, case  # 3 s, or 0.5 s behind a wake pulse

    def _check_fault(self, now_ms):
        scene = self._scene
        if self._fault_since_ms is None:
            self._fault_since_ms = now_ms
        expected = PILOT_MINUS12 if now_ms - self._fault_since_ms < 300 else PILOT_X1
        assert scene.pilot == expected, (now_ms, self._fault_since_ms, scene.pilot)
        assert scene.pilot != PILOT_OPEN and not scene.permits
