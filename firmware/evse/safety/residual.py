"""Self-test of the residual-current monitor: press its test input, see the trip come, see it go.

Knows the trip and the time; does not know pins, and a trip outside a test is the controller's fault to latch.
"""

from micropython import const

from evse.safety.limits import Hold

# The trip must come and go within these times (IEC 62955; docs/safety.md, S26).
_TRIP_MS = const(500)
_CLEAR_MS = const(3000)
_VALID_MS = const(86400000)  # again after 24 h


class SelfTest:
    """One test a plug-in, and again after 24 h.

    is_pressing: what the test input is to be. is_passed: a valid test stands. has_failed: the last one did not work.
    """

    def __init__(self) -> None:
        self.is_running = False  # a trip seen now belongs to the test
        self.is_pressing = False  # it waits for the trip, else for its end
        self.is_passed = False
        self.has_failed = False
        self._waiting = Hold(_TRIP_MS)
        self._valid = Hold(_VALID_MS)

    def forget(self) -> None:
        """The car is gone: the next session tests again."""
        self.is_running = False
        self.is_pressing = False
        self.is_passed = False
        self.has_failed = False

    def run(self, may_test: bool, is_tripped: bool, now_ms: int) -> None:
        """Run the test while `may_test` (car plugged, contactor open) and none is valid."""
        if self._valid.lasts(self.is_passed, now_ms) and may_test:
            self.is_passed = False
        if not self.is_running:
            if may_test and not self.is_passed and not self.has_failed:
                self.is_running = True
                self.is_pressing = True
                self._wait(_TRIP_MS, now_ms)
            return
        is_over = self._waiting.lasts(True, now_ms)
        if self.is_pressing and is_tripped:
            self.is_pressing = False
            self._wait(_CLEAR_MS, now_ms)
        elif not (self.is_pressing or is_tripped):
            self.is_passed = True
            self.is_running = False
        elif is_over:
            self.has_failed = True
            self.is_pressing = False
            self.is_running = False

    def _wait(self, limit_ms: int, now_ms: int) -> None:
        self._waiting.lasts(False, now_ms)
        self._waiting.hold_ms = limit_ms
        self._waiting.lasts(True, now_ms)
