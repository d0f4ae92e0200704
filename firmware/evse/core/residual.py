"""Self-test of the residual-current monitor: press its test input, see the trip come, see it go.

Knows the trip and the time; does not know pins, and a trip outside a test is the controller's fault to latch.
"""

from micropython import const

from evse.core.limits import SELF_TEST_CLEAR_MS, SELF_TEST_TRIP_MS, SELF_TEST_VALID_MS
from evse.core.ticks import Hold

_IDLE = const(0)
_PRESSED = const(1)
_RELEASED = const(2)


class SelfTest:
    """One test a plug-in, and again after 24 h.

    is_pressing: what the test input is to be. is_passed: a valid test stands. has_failed: the last one did not work.
    """

    def __init__(self) -> None:
        self.is_pressing = False
        self.is_passed = False
        self.has_failed = False
        self._phase = _IDLE
        self._in_phase = Hold(SELF_TEST_TRIP_MS)
        self._valid = Hold(SELF_TEST_VALID_MS)

    @property
    def is_running(self) -> bool:
        """Whether a trip seen now belongs to the test."""
        return self._phase != _IDLE

    def forget(self) -> None:
        """The car is gone: the next session tests again."""
        self.is_passed = False
        self.has_failed = False
        self.is_pressing = False
        self._enter(_IDLE, SELF_TEST_TRIP_MS, 0)

    def step(self, may_test: bool, is_tripped: bool, now_ms: int) -> None:
        """Run the test while `may_test` (car plugged, contactor open) and none is valid."""
        if self._valid.step(self.is_passed, now_ms) and may_test:
            self.is_passed = False
        if self._phase == _IDLE:
            if may_test and not self.is_passed and not self.has_failed:
                self.is_pressing = True
                self._enter(_PRESSED, SELF_TEST_TRIP_MS, now_ms)
            return
        is_over = self._in_phase.step(True, now_ms)
        if self._phase == _PRESSED and is_tripped:
            self.is_pressing = False
            self._enter(_RELEASED, SELF_TEST_CLEAR_MS, now_ms)
        elif self._phase == _RELEASED and not is_tripped:
            self.is_passed = True
            self._enter(_IDLE, SELF_TEST_TRIP_MS, now_ms)
        elif is_over:
            self.has_failed = True
            self.is_pressing = False
            self._enter(_IDLE, SELF_TEST_TRIP_MS, now_ms)

    def _enter(self, phase: int, limit_ms: int, now_ms: int) -> None:
        self._phase = phase
        self._in_phase.step(False, now_ms)
        self._in_phase.hold_ms = limit_ms
        self._in_phase.step(True, now_ms)
