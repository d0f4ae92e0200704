"""The residual-current monitor: its trip output, which also cuts the coil in hardware, and its test input.

Times as of a self-testing 6 mA DC sensor; does not know the contactor.
"""

from .clock import FAR_MS

ANSWER_MS = 50  # test input high or leakage present -> trip output
RELEASE_MS = 300  # cause gone -> trip output low again


class Residual:
    """`tripped` follows leakage and the test pin with a delay each way."""

    def __init__(self) -> None:
        self.leaking = False  # set by leak()
        self.testing = False  # level of the test pin, set by test()
        self.broken = False  # never answers
        self.tripped = False
        self.change_ms = FAR_MS

    def leak(self, leaking: bool, ms: int) -> None:
        """Fault current flows, or stops flowing."""
        self.leaking = leaking
        self._plan(ms)

    def test(self, testing: bool, ms: int) -> None:
        """The test pin changes."""
        self.testing = testing
        self._plan(ms)

    def _plan(self, ms: int) -> None:
        wanted = (self.leaking or self.testing) and not self.broken
        if wanted == self.tripped:
            self.change_ms = FAR_MS
        else:
            self.change_ms = ms + (ANSWER_MS if wanted else RELEASE_MS)

    def step(self, ms: int) -> bool:
        """Let a planned change happen; True when `tripped` changed."""
        if ms < self.change_ms:
            return False
        self.change_ms = FAR_MS
        self.tripped = not self.tripped
        return True

    def due_ms(self) -> int:
        """When step() has something to do next."""
        return self.change_ms
