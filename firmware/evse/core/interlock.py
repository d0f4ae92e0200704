"""The interlock: may the contactor be closed now? The last word, asked afresh every tick.

Rules for editors: it shares no state with the session, it may only ever say no to it, and opening needs no permission.
Knows this tick's readings; does not know why the session wants what it wants.
"""

from evse.core.limits import FORCED_OPEN_MS, READY_MS
from evse.core.ticks import Hold
from evse.core.types import (
    LEVEL_A,
    LEVEL_B,
    LEVEL_C,
    LEVEL_D,
    PILOT_PWM,
    PILOT_X1,
    WANT_CLOSE,
    WANT_OPEN,
)


class Interlock:
    """Permission to close, renewed or refused each tick.

    permits: the answer. must_leave_c: we opened and the car has not been seen to open S2 since.
    """

    def __init__(self, has_fan: bool) -> None:
        self.permits = False
        self.must_leave_c = False
        self._has_fan = has_fan
        self._ready = Hold(READY_MS)
        self._withdrawn = Hold(FORCED_OPEN_MS)

    def step(self, want: int, pilot: int, raw: int, stable: int, is_blocked: bool, now_ms: int) -> bool:
        """Decide on this tick's readings.

        want: WANT_... of the session; pilot: PILOT_... put out; raw, stable: LEVEL_...;
        is_blocked: a fault, a residual current, a late tick or a failed self-test. Idempotent within one tick.
        """
        is_car_ready = raw == LEVEL_C or (raw == LEVEL_D and self._has_fan)
        is_ready = self._ready.step(is_car_ready and pilot == PILOT_PWM and not is_blocked, now_ms)
        # Runs on through C and D, so that switching between them buys no time (A.6 sequence 10.2).
        is_overdue = self._withdrawn.step(pilot != PILOT_PWM, now_ms)
        if raw == stable and (stable == LEVEL_A or stable == LEVEL_B):
            self.must_leave_c = False
        if is_blocked or not is_car_ready or want == WANT_OPEN:
            permits = False
        elif pilot == PILOT_PWM:
            permits = want == WANT_CLOSE and (self.permits or (is_ready and not self.must_leave_c))
        else:
            permits = pilot == PILOT_X1 and self.permits and not is_overdue
        if self.permits and not permits:
            self.must_leave_c = True
        self.permits = permits
        return permits
