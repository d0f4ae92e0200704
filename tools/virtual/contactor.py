"""The contactor: coil, retriggerable one-shot behind the alive pin, residual-current cut, release time, welding.

Electromechanics only; does not know the pilot.
"""

from .clock import FAR_MS

CLOSE_MS = 15
RELEASE_MS = 12


class Contactor:
    """`held`: the coil keeps the main contacts closed (or they are still releasing). `is_closed`: held or welded."""

    def __init__(self, one_shot_ms: int | None) -> None:
        self.one_shot_ms = one_shot_ms  # None: the board has none, and the coil obeys the pin alone
        self.release_ms = RELEASE_MS
        self.wanted = False  # the coil pin is high
        self.cut = False  # residual current, in hardware
        self.energised = False
        self.held = False
        self.welded = False
        self.starts = 0  # closings of the main contacts
        self.alive_ms = -1000  # long ago
        self.close_ms = FAR_MS
        self.open_ms = FAR_MS

    @property
    def is_closed(self) -> bool:
        """True when the main contacts conduct."""
        return self.held or self.welded

    def alive(self, ms: int) -> None:
        """An edge on the alive pin: the one-shot runs anew."""
        self.alive_ms = ms
        if not self.energised:
            self.update(ms)

    def update(self, ms: int) -> None:
        """Follow pin, one-shot and cut; contacts move later, in step()."""
        on = self.wanted and not self.cut and (self.one_shot_ms is None or ms - self.alive_ms < self.one_shot_ms)
        if on == self.energised:
            return
        self.energised = on
        self.open_ms = self.close_ms = FAR_MS
        if on and not self.held:
            self.close_ms = ms + CLOSE_MS
        elif not on and self.held:
            self.open_ms = ms + self.release_ms

    def step(self, ms: int) -> bool:
        """Let the one-shot run out and the contacts move; True when `held` changed."""
        self.update(ms)
        if ms >= self.close_ms:
            self.close_ms = FAR_MS
            self.held = True
            self.starts += 1
            return True
        if ms >= self.open_ms:
            self.open_ms = FAR_MS
            self.held = False
            return True
        return False

    def due_ms(self) -> int:
        """When step() has something to do next."""
        due_ms = self.close_ms if self.close_ms < self.open_ms else self.open_ms
        if self.energised and self.one_shot_ms is not None:
            drop_ms = self.alive_ms + self.one_shot_ms
            if drop_ms < due_ms:
                return drop_ms
        return due_ms
