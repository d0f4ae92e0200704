"""The chronicle: what happened, noted for the journal, and every second booked in the ledger.

Looks at the parts after they have decided; changes none of them.
"""

from evse.core import journal
from evse.core.journal import Journal
from evse.core.ledger import Ledger
from evse.core.settings import MODES
from evse.core.ticks import elapsed_ms
from evse.core.types import (
    LEVEL_A,
    LEVEL_B,
    LEVEL_BAD,
    PILOT_MINUS12,
    STATE_A,
    STATE_B1,
    STATE_B2,
    STATE_C1,
    STATE_C2,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evse.core.controller import Controller


class Chronicle:
    """journal: the events; ledger: the seconds.

    base_s: the time of day at uptime 0, in seconds since 2020-01-01 by the clock on the wall; 0 while it is not known.
    """

    def __init__(self, has_meter: bool, fuse_ma: int, nominal_v: int, mode: str) -> None:
        self.journal = Journal()
        self.ledger = Ledger(has_meter, fuse_ma, nominal_v)
        self.base_s = 0
        self._told_bits = 0
        self._told_mode = mode
        self._told_closed = False
        self._is_unsure = False
        self._offered_ms = 0
        self._withdrawn_ms = 0

    def step(self, core: "Controller") -> None:
        """The end of a tick: note a change of mode, faults or contactor, and keep the ledger."""
        if core.settings.mode != self._told_mode:
            self._told_mode = core.settings.mode
            self.journal.add(core.uptime_s, journal.MODE, MODES.index(self._told_mode))
        bits = core.faults.bits
        if bits & ~self._told_bits:
            self._note_fault(core, bits)
        self._told_bits = bits
        if core.interlock.permits != self._told_closed:
            self._note_contactor(core)
        self.ledger.step(core, self.base_s)

    def pulse(self, core: "Controller", pilot: int, length_ms: int) -> None:
        """A wake pulse begins."""
        self.journal.add(core.uptime_s, journal.PULSE, length_ms)
        self.ledger.evidence.pulse(-length_ms if pilot == PILOT_MINUS12 else length_ms)

    def changed(self, core: "Controller", was: int, now_ms: int) -> None:
        """The session left state `was` in this tick; to be called before anything is forgotten over it."""
        state = core.session.state
        at_s = core.uptime_s
        if state == STATE_A:
            self.journal.add(at_s, journal.UNPLUGGED, core.energy.wh)
        elif was == STATE_A:
            self.journal.add(at_s, journal.PLUGGED, core.inputs.cable_ma)
            self.ledger.begin(at_s)
        if state == STATE_C2:
            self._answered(core, was, now_ms)
        elif state == STATE_B2 and was == STATE_C2:
            self.journal.add(at_s, journal.ENDED, core.energy.wh)
        elif state == STATE_B2:
            self._offered_ms = now_ms
            self.journal.add(at_s, journal.OFFERED, core.offer.offer_ma)
        elif state == STATE_C1 and was == STATE_C2:
            self._withdrawn_ms = now_ms
            self.journal.add(at_s, journal.WITHDRAWN, core.offer.limiter)
        elif state == STATE_B1 and was == STATE_C1:
            self.journal.add(at_s, journal.LET_GO, elapsed_ms(now_ms, self._withdrawn_ms))

    def _answered(self, core: "Controller", was: int, now_ms: int) -> None:
        if was != STATE_B2:
            return  # it never let go, or there was no offer to answer
        after_ms = elapsed_ms(now_ms, self._offered_ms)
        self.journal.add(core.uptime_s, journal.ANSWERED, after_ms)
        self.ledger.evidence.answered(after_ms)
        if core.wake.has_pulsed:
            self.journal.add(core.uptime_s, journal.WOKEN, core.wake.attempts)

    def _note_fault(self, core: "Controller", bits: int) -> None:
        self.journal.add(core.uptime_s, journal.FAULT, bits)
        if core.inputs.high_mv is not None and core.inputs.low_mv is not None:
            self.journal.add(core.uptime_s, journal.HIGH, core.inputs.high_mv)
            self.journal.add(core.uptime_s, journal.LOW, core.inputs.low_mv)

    def _note_contactor(self, core: "Controller") -> None:
        raw = core.pilot.raw
        is_closed = core.interlock.permits
        if not is_closed and raw == LEVEL_BAD and not self._is_unsure:
            self._is_unsure = True  # S2 may have opened in the middle of the burst: the next one tells
            return
        self._is_unsure = False
        self._told_closed = is_closed
        if is_closed:
            self.journal.add(core.uptime_s, journal.CLOSED, core.offer.offer_ma)
        elif raw == LEVEL_A or raw == LEVEL_B:
            self.journal.add(core.uptime_s, journal.OPENED, core.energy.wh)
        else:
            self.journal.add(core.uptime_s, journal.OPENED_HOT, raw)
