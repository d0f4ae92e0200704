"""Cases: stretches of lost time with the facts behind them, so that a verdict can be checked by somebody else.

Knows the cause of a second (blame.py) and the readings of it; does not know words or the time of day.
"""

from array import array

from micropython import const

from evse.core import blame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evse.core.controller import Controller
    from evse.core.ledger import Ledger

CAPACITY = const(6)
LEAST_S = const(30)  # a shorter case without a pulse is no case: the ledger's seconds say it all
LEAST_DELAY_S = const(300)  # the charger's own delays come with every cloud

# The figures of one case. ENDED_BY is the cause that came after it, -1 while it is open; ANSWER_MS: from the last offer
# to S2, 0 without; PULSE_MS: the last pulse, negative at -12 V; DETAIL: fault bits, 0.01 C of heat, mA of the main fuse
# left, or W of surplus; BASE_S: as in a row of the ledger.
AT_S = const(0)
CAUSE = const(1)
LOST_S = const(2)
OFFER_MA = const(3)
HIGH_MV = const(4)
LOW_MV = const(5)
PULSES = const(6)
PULSE_MS = const(7)
ANSWER_MS = const(8)
DETAIL = const(9)
ENDED_BY = const(10)
BASE_S = const(11)
FIELDS = const(12)

# Waiting for the car is one case, its pulses and pauses included; it bears the name of the weightiest cause in it.
_PASSING = (blame.PULSE, blame.SEQUENCE, blame.TESTING)
_WAITS = (blame.PULSE, blame.SEQUENCE, blame.TESTING, blame.SLOW, blame.ASLEEP, blame.REFUSES, blame.IDLE)


class Evidence:
    """A ring of the last cases, the newest perhaps still open; count: how many there are, dropped: overwritten ones."""

    def __init__(self) -> None:
        self.cells = array("i", [0] * (CAPACITY * FIELDS))
        self.count = 0
        self.dropped = 0
        self.next = 0  # slot of the next case, and of the open one
        self.is_open = False

    def cell(self, case: int, field: int) -> int:
        """One figure of case 0 (oldest) to count - 1, the open one last."""
        first = self.next - self.count + (1 if self.is_open else 0)
        return self.cells[(first + case) % CAPACITY * FIELDS + field]

    def second(self, cause: int, at_s: int, core: "Controller", book: "Ledger") -> None:
        """Take one second, booked to `cause` at `at_s`."""
        if self.is_open and not self._goes_on(cause):
            self.close(cause)
        if not self.is_open:
            if cause <= blame.NO_SUN:  # nothing is lost
                return
            self._begin(cause, at_s)
        cells = self.cells
        at = self.next * FIELDS
        cells[at + LOST_S] += 1
        was = cells[at + CAUSE]
        if was != cause and (cause in _PASSING or (cause == blame.SLOW and was not in _PASSING)):
            return
        cells[at + CAUSE] = cause
        inputs = core.inputs
        cells[at + OFFER_MA] = core.offer.offer_ma
        cells[at + DETAIL] = _detail(cause, core, book)
        is_still = core.pilot.raw == core.pilot.stable  # not while S2 is being debounced
        if is_still and inputs.high_mv is not None and inputs.low_mv is not None:
            cells[at + HIGH_MV] = inputs.high_mv
            cells[at + LOW_MV] = inputs.low_mv

    def pulse(self, length_ms: int) -> None:
        """A wake pulse begins; negative: at -12 V."""
        if self.is_open:
            at = self.next * FIELDS
            self.cells[at + PULSES] += 1
            self.cells[at + PULSE_MS] = length_ms

    def answered(self, after_ms: int) -> None:
        """The car closed S2 so long after the offer."""
        if self.is_open:
            self.cells[self.next * FIELDS + ANSWER_MS] = after_ms

    def close(self, by: int) -> None:
        """End the open case, if there is one; `by`: the cause that comes after it."""
        if not self.is_open:
            return
        self.is_open = False
        at = self.next * FIELDS
        self.cells[at + ENDED_BY] = by
        least_s = LEAST_DELAY_S if self.cells[at + CAUSE] == blame.DELAY else LEAST_S
        if self.cells[at + LOST_S] < least_s and self.cells[at + PULSES] == 0:
            self.count -= 1
            return
        self.next = (self.next + 1) % CAPACITY

    def _goes_on(self, cause: int) -> bool:
        was = self.cells[self.next * FIELDS + CAUSE]
        return cause == was or (was in _WAITS and cause in _WAITS)

    def _begin(self, cause: int, at_s: int) -> None:
        if self.count == CAPACITY:
            self.dropped += 1
        else:
            self.count += 1
        self.is_open = True
        at = self.next * FIELDS
        for field in range(FIELDS):
            self.cells[at + field] = 0
        self.cells[at + AT_S] = at_s
        self.cells[at + CAUSE] = cause
        self.cells[at + ENDED_BY] = -1


def _detail(cause: int, core: "Controller", book: "Ledger") -> int:
    if core.faults.bits:
        return core.faults.bits
    if cause == blame.HEAT:
        return core.inputs.temperature_cdeg or 0
    return book.free_ma if cause == blame.FUSE else book.surplus_w
