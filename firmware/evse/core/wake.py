"""Waking a sleeping car, in its simple form: a ladder of pilot interruptions with a budget.

Knows how long the offer went unanswered; does not know how a pulse is made. Sources of the rungs: docs/safety.md.
"""

from micropython import const

from evse.core.ticks import Hold
from evse.core.types import PILOT_MINUS12, PILOT_OPEN

FIRST_RUNG_MS = const(30000)  # what Phoenix, EVerest, SmartEVSE and evcc wait in B2
NEXT_RUNG_MS = const(30000)
BUDGET = const(3)  # cars lock up after 5 to 10 interruptions; a plug-in gets fewer

_RUNGS_WITH_SWITCH = ((PILOT_OPEN, 4000), (PILOT_OPEN, 30000), (PILOT_MINUS12, 4000))
_RUNGS_WITHOUT = ((PILOT_MINUS12, 4000), (PILOT_MINUS12, 30000))


class Wake:
    """Which pulse is due; attempts: pulses since the plug-in; is_full: the car ended its charge itself."""

    def __init__(self, has_switch: bool) -> None:
        self.attempts = 0
        self.is_full = False
        self._rungs = _RUNGS_WITH_SWITCH if has_switch else _RUNGS_WITHOUT
        self._rung = 0
        self._unanswered = Hold(FIRST_RUNG_MS)

    @property
    def is_spent(self) -> bool:
        """Whether the budget of this plug-in, or the ladder, is used up."""
        return self.attempts >= BUDGET or self._rung >= len(self._rungs)

    @property
    def is_given_up(self) -> bool:
        """Whether the offer stands unanswered and there is no pulse left for it."""
        return self.is_spent and self._unanswered.is_over

    @property
    def has_pulsed(self) -> bool:
        """Whether the car was pulsed since it last answered."""
        return self._rung > 0

    def forget(self) -> None:
        """The car is gone."""
        self.attempts = 0
        self._rung = 0
        self.is_full = False
        self._unanswered.hold_ms = FIRST_RUNG_MS

    def car_answered(self) -> None:
        """The car closed S2: the ladder starts at its foot next time; the budget does not come back."""
        self._rung = 0
        self.is_full = False
        self._unanswered.hold_ms = FIRST_RUNG_MS

    def car_stopped(self) -> None:
        """The car opened S2 while current was offered: it is full or on a timer, not asleep."""
        self.is_full = True

    def step(self, is_unanswered: bool, now_ms: int) -> tuple[int, int] | None:
        """The pulse (PILOT_..., length_ms) that is due in this tick, or None.

        is_unanswered: PWM is offered and the car stays in B.
        """
        is_due = self._unanswered.step(is_unanswered and not self.is_full, now_ms)
        return self._take() if is_due and not self.is_spent else None

    def now(self) -> tuple[int, int] | None:
        """The next pulse at a person's wish; the budget holds all the same."""
        return None if self.is_spent else self._take()

    def _take(self) -> tuple[int, int]:
        pulse = self._rungs[self._rung]
        self._rung += 1
        self.attempts += 1
        self._unanswered.hold_ms = NEXT_RUNG_MS
        return pulse
