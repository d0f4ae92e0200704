"""The chronicle: what happened, noted for the journal, and every second booked in the ledger.

Told by the controller, with facts; changes none of them.
"""

from evse.record.facts import (
    EVENT_ANSWERED,
    EVENT_CLOSED,
    EVENT_ENDED,
    EVENT_FAULT,
    EVENT_HIGH,
    EVENT_LET_GO,
    EVENT_LOW,
    EVENT_MODE,
    EVENT_OFFERED,
    EVENT_OPENED,
    EVENT_OPENED_HOT,
    EVENT_PLUGGED,
    EVENT_PULSE,
    EVENT_UNPLUGGED,
    EVENT_WITHDRAWN,
    EVENT_WOKEN,
    Facts,
    Journal,
)
from evse.record.ledger import Ledger
from evse.safety.limits import (
    LEVEL_A,
    LEVEL_B,
    LEVEL_BAD,
    PILOT_MINUS12,
    STATE_A,
    STATE_B1,
    STATE_B2,
    STATE_C1,
    STATE_C2,
    elapsed_ms,
)


class Chronicle:
    """The events and the seconds of one charger; mode: the place in settings.MODES it begins with."""

    def __init__(self, has_meter: bool, fuse_ma: int, nominal_v: int, mode: int) -> None:
        self.journal = Journal()
        self.ledger = Ledger(has_meter, fuse_ma, nominal_v)
        # The time of day at uptime 0, in seconds since 2020-01-01 by the clock on the wall; 0 while it is not known.
        self.base_s = 0
        self.told_faults = 0
        self.is_told_closed = False
        self._told_mode = mode
        self._is_unsure = False
        self._offered_ms = 0
        self._withdrawn_ms = 0

    def second(self, facts: Facts) -> None:
        """Once a second: note a change of mode, and find the second's cause."""
        if facts.mode != self._told_mode:
            self._told_mode = facts.mode
            self.journal.add(facts.uptime_s, EVENT_MODE, facts.mode)
        self.ledger.look(facts, self.base_s)

    def switched(self, facts: Facts) -> None:
        """Faults or the contactor are not as told: note what changed."""
        if facts.faults & ~self.told_faults:
            self._note_fault(facts)
        self.told_faults = facts.faults
        if facts.is_permitted != self.is_told_closed:
            self._note_contactor(facts)

    def pulse(self, at_s: int, pilot: int, length_ms: int) -> None:
        """A wake pulse begins."""
        self.journal.add(at_s, EVENT_PULSE, length_ms)
        self.ledger.evidence.pulse(-length_ms if pilot == PILOT_MINUS12 else length_ms)

    def changed(self, facts: Facts, was: int, now_ms: int) -> None:
        """The session left state `was` in this tick; to be called before anything is forgotten over it."""
        state = facts.state
        at_s = facts.uptime_s
        if state == STATE_A:
            self.journal.add(at_s, EVENT_UNPLUGGED, facts.session_wh)
        elif was == STATE_A:
            self.journal.add(at_s, EVENT_PLUGGED, facts.cable_ma)
            self.ledger.begin(at_s)
        if state == STATE_C2:
            self._answered(facts, was, now_ms)
        elif state == STATE_B2 and was == STATE_C2:
            self.journal.add(at_s, EVENT_ENDED, facts.session_wh)
        elif state == STATE_B2:
            self._offered_ms = now_ms
            self.journal.add(at_s, EVENT_OFFERED, facts.offer_ma)
        elif state == STATE_C1 and was == STATE_C2:
            self._withdrawn_ms = now_ms
            self.journal.add(at_s, EVENT_WITHDRAWN, facts.limiter)
        elif state == STATE_B1 and was == STATE_C1:
            self.journal.add(at_s, EVENT_LET_GO, elapsed_ms(now_ms, self._withdrawn_ms))

    def _answered(self, facts: Facts, was: int, now_ms: int) -> None:
        if was != STATE_B2:
            return  # it never let go, or there was no offer to answer
        after_ms = elapsed_ms(now_ms, self._offered_ms)
        self.journal.add(facts.uptime_s, EVENT_ANSWERED, after_ms)
        self.ledger.evidence.answered(after_ms)
        if facts.has_pulsed:
            self.journal.add(facts.uptime_s, EVENT_WOKEN, facts.pulses)

    def _note_fault(self, facts: Facts) -> None:
        self.journal.add(facts.uptime_s, EVENT_FAULT, facts.faults)
        if facts.high_mv is not None and facts.low_mv is not None:
            self.journal.add(facts.uptime_s, EVENT_HIGH, facts.high_mv)
            self.journal.add(facts.uptime_s, EVENT_LOW, facts.low_mv)

    def _note_contactor(self, facts: Facts) -> None:
        raw = facts.raw
        is_closed = facts.is_permitted
        if not is_closed and raw == LEVEL_BAD and not self._is_unsure:
            self._is_unsure = True  # S2 may have opened in the middle of the burst: the next one tells
            return
        self._is_unsure = False
        self.is_told_closed = is_closed
        if is_closed:
            self.journal.add(facts.uptime_s, EVENT_CLOSED, facts.offer_ma)
        elif raw == LEVEL_A or raw == LEVEL_B:
            self.journal.add(facts.uptime_s, EVENT_OPENED, facts.session_wh)
        else:
            self.journal.add(facts.uptime_s, EVENT_OPENED_HOT, raw)
