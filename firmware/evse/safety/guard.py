"""The guard: may the contactor be closed now, what is a fault, did the contactor obey, does the car overdraw?

Rules for editors: the interlock shares no state with the session and may only ever say no to it; opening needs no
permission; a fault goes away by unplugging alone. Knows readings; does not know why the session wants what it wants.
"""

from micropython import const

from evse.safety.limits import (
    LEVEL_A,
    LEVEL_B,
    LEVEL_C,
    LEVEL_D,
    LEVEL_DIODE,
    LEVEL_E,
    PILOT_PWM,
    PILOT_X1,
    STATE_A,
    STATE_FAULT,
    Hold,
    Inputs,
)
from evse.safety.pilot import Pilot
from evse.safety.residual import SelfTest
from evse.safety.session import Session

# Bits of the faults; a fault's place, from 1, is its number of blinks. Their sentences are in app/text.py.
FAULT_PILOT = const(1)
FAULT_DIODE = const(2)
FAULT_SHORT = const(4)
FAULT_RESIDUAL = const(8)
FAULT_SELF_TEST = const(16)
FAULT_WELDED = const(32)
FAULT_NO_CLOSE = const(64)
FAULT_VENTILATION = const(128)
FAULT_TICK = const(256)
FAULT_SETTINGS = const(512)
FAULT_OVERDRAW = const(1024)

_READY_MS = const(500)
_FORCED_OPEN_MS = const(6000)  # table A.6, 10.2: the car does not obey, the charger opens under load
_STUCK_MS = const(200)  # a car still in C so long after we opened has to be stopped with steady +12 V

# Read-back: mirror contact checked 200 ms after opening (Phoenix), 1 s after closing (OpenEVSE).
_WELD_MS = const(200)
_NO_CLOSE_MS = const(1000)

# A car that draws more than its offer (own; table A.6, sequence 6: the car has 5 s to follow).
_OVERDRAW_MA = const(500)  # on top of 10 %
_OVERDRAW_MS = const(7000)
_FOLLOW_MS = const(5000)
_FOLLOW_MOST_MS = const(15000)  # a slower car does not follow


class Interlock:
    """Permission to close, renewed or refused each tick."""

    def __init__(self, has_fan: bool) -> None:
        self.permits = False
        self.must_leave_c = False  # we opened, and the car has not been seen to open S2 since
        self._has_fan = has_fan
        self.ready = Hold(_READY_MS)  # running: a closing has begun
        self._withdrawn = Hold(_FORCED_OPEN_MS)

    def ask(self, may_be_closed: bool, pilot: int, raw: int, stable: int, is_blocked: bool, now_ms: int) -> bool:
        """Decide on this tick's readings; idempotent within one tick.

        may_be_closed: by the session; pilot: PILOT_... put out; raw, stable: LEVEL_...;
        is_blocked: a fault, a residual current, a late tick, no cable or a failed self-test.
        """
        is_car_ready = raw == LEVEL_C or (raw == LEVEL_D and self._has_fan)
        is_offered = pilot == PILOT_PWM
        is_ready = self.ready.lasts(is_car_ready and is_offered and not is_blocked, now_ms)
        # Runs on through C and D, so that switching between them buys no time (A.6 sequence 10.2).
        is_overdue = self._withdrawn.lasts(not is_offered, now_ms)
        was = self.permits
        if raw == stable and (stable == LEVEL_A or stable == LEVEL_B):
            self.must_leave_c = False
        if is_blocked or not is_car_ready or not may_be_closed:
            permits = False
        elif is_offered:
            permits = was or (is_ready and not self.must_leave_c)
        else:
            permits = pilot == PILOT_X1 and was and not is_overdue
        if was and not permits:
            self.must_leave_c = True
        self.permits = permits
        return permits


class Faults:
    """The latched faults; only unplugging clears them, a broken settings file only saving anew."""

    def __init__(self) -> None:
        self.bits = 0

    def latch(self, bit: int) -> None:
        """Remember a fault until it is cleared."""
        self.bits |= bit

    def clear(self) -> None:
        """Forget the faults; one that is still there latches again in the same tick. FAULT_SETTINGS stays."""
        self.bits &= FAULT_SETTINGS


class ContactorWatch:
    """Whether the contactor did what it was told; latches nothing, says what stands now."""

    def __init__(self) -> None:
        self.is_welded = False  # closed though commanded open
        self.is_missing = False  # open though commanded closed
        self.has_dropped = False  # the contacts opened in this tick though commanded closed (one-shot, monitor)
        self._was_closed = False
        self._welded = Hold(_WELD_MS)
        self._missing = Hold(_NO_CLOSE_MS)

    def compare(self, is_commanded: bool, is_closed: bool | None, now_ms: int) -> None:
        """Compare the command of the last tick with the read-back (None where not wired: nothing to say)."""
        is_open = is_closed is False
        is_closed = is_closed is True
        self.is_welded = self._welded.lasts(is_closed and not is_commanded, now_ms)
        self.has_dropped = is_open and is_commanded and self._was_closed
        self._was_closed = is_closed
        self.is_missing = self._missing.lasts(is_open and is_commanded, now_ms)


class Overdraw:
    """is_over: the car has drawn over 10 % and 0.5 A more than its offer for 7 s, its time to follow not counted."""

    def __init__(self) -> None:
        self.is_over = False
        self._offer_ma = 0
        self._following = Hold(_FOLLOW_MS)
        self._over = Hold(_OVERDRAW_MS)

    def watch(self, offer_ma: int, drawn_ma: int, lag_ms: int, now_ms: int) -> None:
        """Take one reading; offer_ma: through a closed contactor, else 0; lag_ms: as learned, 0 when not."""
        self._following.hold_ms = min(max(lag_ms, _FOLLOW_MS), _FOLLOW_MOST_MS)
        if offer_ma < self._offer_ma:
            self._following.lasts(False, now_ms)
        may_count = self._following.lasts(offer_ma != 0, now_ms)
        self._offer_ma = offer_ma
        is_too_much = drawn_ma > offer_ma + offer_ma // 10 + _OVERDRAW_MA
        self.is_over = self._over.lasts(may_count and is_too_much, now_ms)


class Guard:
    """The parts above with the pilot, the session and the monitor's test, asked in the order of one tick."""

    def __init__(self, has_fan: bool) -> None:
        self.pilot = Pilot()
        self.session = Session()
        self.interlock = Interlock(has_fan)
        self.faults = Faults()
        self.self_test = SelfTest()
        self.watch = ContactorWatch()
        self.overdraw = Overdraw()
        self.is_stuck = False  # we opened under load, and the car has not let go
        self._has_fan = has_fan
        self._stuck = Hold(_STUCK_MS)

    def ask(self, inputs: Inputs, now_ms: int) -> bool:
        """The interlock's word on this tick's readings."""
        is_blocked = (
            inputs.is_late
            or inputs.residual_tripped
            or self.faults.bits != 0
            or inputs.cable_ma == 0
            or not self.self_test.is_passed
            or self.watch.has_dropped
        )
        session = self.session
        pilot = self.pilot
        return self.interlock.ask(session.may_be_closed, session.pilot, pilot.raw, pilot.stable, is_blocked, now_ms)

    def find_faults(self, inputs: Inputs, now_ms: int) -> None:
        """Latch what is wrong in this tick, and test the monitor; a car that has left clears what is over."""
        session = self.session
        self_test = self.self_test
        stable = self.pilot.stable
        latch = 0
        if session.state == STATE_FAULT and self.pilot.is_fresh and stable == LEVEL_A and session.is_fault_shown:
            self.faults.clear()
            self_test.forget()
        is_commanded = self.interlock.permits
        watch = self.watch
        watch.compare(is_commanded, inputs.contactor_closed, now_ms)
        if inputs.residual_tripped and not self_test.is_running:
            latch = FAULT_RESIDUAL
        if self_test.has_failed:
            latch |= FAULT_SELF_TEST
        if watch.is_welded:
            latch |= FAULT_WELDED
        if watch.is_missing:
            latch |= FAULT_NO_CLOSE
        if stable == LEVEL_D and not self._has_fan:
            latch |= FAULT_VENTILATION
        if self.overdraw.is_over:
            latch |= FAULT_OVERDRAW
        if latch:
            self.faults.latch(latch)
        state = session.state
        may_test = state != STATE_A and state != STATE_FAULT and self.is_surely_open(inputs)
        self_test.run(may_test, inputs.residual_tripped, now_ms)

    def is_surely_open(self, inputs: Inputs) -> bool:
        """Whether the contacts are told to be open, and do not read back as closed."""
        return not self.interlock.permits and inputs.contactor_closed is not True

    def advance(self, is_wanted: bool, now_ms: int) -> int:
        """One step of the session; is_wanted: there is current to offer. Returns the new state."""
        interlock = self.interlock
        self.is_stuck = self._stuck.lasts(interlock.must_leave_c and not interlock.permits, now_ms)
        is_offering = is_wanted and self.self_test.is_passed and not self.is_stuck
        state = self.session.advance(self.pilot.stable, is_offering, self.faults.bits != 0, now_ms)
        if state == STATE_FAULT and self.faults.bits == 0:
            self.faults.latch(_fault_of(self.pilot.stable))
        return state


def _fault_of(level: int) -> int:
    """Which fault an empty cell of the session's table is."""
    if level == LEVEL_E:
        return FAULT_SHORT
    return FAULT_DIODE if level == LEVEL_DIODE else FAULT_PILOT
