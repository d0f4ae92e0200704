"""The charging session: one table says what follows what, a second what each state puts out.

Rules for editors: every change of state is a cell of NEXT; an empty cell is a fault; outputs are looked up from the
state each tick, never set on an edge. Knows levels and time; does not know amps, the sun, or the interlock.

    level       what the car shows, debounced             offering   whether the charger means to give current
    A  no car   B  car, S2 open   C  S2 closed   D  C with ventilation   E  pilot at 0 V
    x1  steady +12 V: wait        x2  PWM: the offer      wake  a pulse, the car cannot be seen
Stopping is C2 -> C1: +12 V first, the car opens S2, the contactor opens cold; the interlock cuts at 6 s.
"""

from micropython import const

from evse.safety.limits import (
    LEVEL_A,
    PILOT_MINUS12,
    PILOT_PWM,
    PILOT_X1,
    STATE_A,
    STATE_B1,
    STATE_B2,
    STATE_C1,
    STATE_C2,
    STATE_D1,
    STATE_D2,
    STATE_E,
    STATE_FAULT,
    STATE_WAKE,
    Hold,
)

# Table A.6: steady +12 V before PWM comes back; after a wake pulse, EV READY: 500-1000 ms.
_X1_HOLD_MS = const(3000)
_X1_AFTER_PULSE_MS = const(750)
_FAULT_F_MS = const(300)  # table A.5: state F is shown at least this long

# NEXT[state][level] = (if offering, if not). Columns A B C D E, then F, no diode and bad, which are faults everywhere.
# Every way to PWM leads through X1, so that steady +12 V is held 3 s first. From C and D a short is a fault (A.6, 12).
NEXT = (
    ((STATE_A, STATE_A), (STATE_B1, STATE_B1), (STATE_C1, STATE_C1), (STATE_D1, STATE_D1), (STATE_E, STATE_E)),  # A
    ((STATE_A, STATE_A), (STATE_B2, STATE_B1), (STATE_C1, STATE_C1), (STATE_D1, STATE_D1), (STATE_E, STATE_E)),  # B1
    ((STATE_A, STATE_A), (STATE_B2, STATE_B1), (STATE_C2, STATE_C1), (STATE_D2, STATE_D1), (STATE_E, STATE_E)),  # B2
    ((STATE_A, STATE_A), (STATE_B1, STATE_B1), (STATE_C2, STATE_C1), (STATE_D1, STATE_D1), None),  # C1
    ((STATE_A, STATE_A), (STATE_B2, STATE_B1), (STATE_C2, STATE_C1), (STATE_D2, STATE_D1), None),  # C2
    ((STATE_A, STATE_A), (STATE_B1, STATE_B1), (STATE_C1, STATE_C1), (STATE_D2, STATE_D1), None),  # D1
    ((STATE_A, STATE_A), (STATE_B2, STATE_B1), (STATE_C2, STATE_C1), (STATE_D2, STATE_D1), None),  # D2
    ((STATE_A, STATE_A), (STATE_B1, STATE_B1), (STATE_C1, STATE_C1), (STATE_D1, STATE_D1), (STATE_E, STATE_E)),  # E
)

# OUTPUTS[state] = (pilot, may the contactor be closed); wake's pilot is the pulse's own, fault's becomes +12 V after
# 300 ms. Under +12 V it may stay closed a moment while the car winds down; the interlock closes under PWM alone.
OUTPUTS = (
    (PILOT_X1, False),  # A
    (PILOT_X1, False),  # B1
    (PILOT_PWM, False),  # B2
    (PILOT_X1, True),  # C1
    (PILOT_PWM, True),  # C2
    (PILOT_X1, True),  # D1
    (PILOT_PWM, True),  # D2
    (PILOT_X1, False),  # E
    (None, False),  # wake
    (PILOT_MINUS12, False),  # fault
)


class Session:
    """The state, and what it puts out: `pilot` (PILOT_...) and `may_be_closed` (the contactor)."""

    def __init__(self) -> None:
        self.state = STATE_A
        self.pilot = PILOT_X1
        self.may_be_closed = False
        self._x1 = Hold(_X1_HOLD_MS)
        self._fault_shown = Hold(_FAULT_F_MS)
        self._pulse = Hold(0)
        self._pulse_pilot = PILOT_MINUS12

    @property
    def is_fault_shown(self) -> bool:
        """Whether state F has been shown long enough and +12 V is back."""
        return self._fault_shown.is_over

    def start_pulse(self, pilot: int, length_ms: int, now_ms: int) -> None:
        """Interrupt the pilot for `length_ms` (PILOT_OPEN or PILOT_MINUS12); only from B1 and B2."""
        if self.state == STATE_B1 or self.state == STATE_B2:
            self.state = STATE_WAKE
            self._pulse_pilot = pilot
            self._pulse.hold_ms = length_ms
            self._pulse.lasts(False, now_ms)

    def end_pulse(self) -> None:
        """Steady +12 V again, if a pulse runs: it is over, or the plug was pulled."""
        if self.state == STATE_WAKE:
            self.state = STATE_B1
            self._x1.hold_ms = _X1_AFTER_PULSE_MS

    def advance(self, level: int, is_offering: bool, is_fault: bool, now_ms: int) -> int:
        """Make one transition, then look the outputs up; returns the new state.

        level: debounced LEVEL_...; is_fault: any latched fault.
        """
        is_x1_over = self._x1.lasts(self.pilot == PILOT_X1 and self.state != STATE_FAULT, now_ms)
        if is_fault:
            self.state = STATE_FAULT
        elif self.state == STATE_FAULT:
            self._leave_fault(level, now_ms)
        elif self.state == STATE_WAKE:
            self._leave_wake(now_ms)
        else:
            self.state = self._next(level, is_offering, is_x1_over)
        self._look_up(now_ms)
        return self.state

    def _next(self, level: int, is_offering: bool, is_x1_over: bool) -> int:
        row = NEXT[self.state]
        cell = row[level] if level < len(row) else None
        if cell is None:
            return STATE_FAULT
        following = cell[0] if is_offering else cell[1]
        if OUTPUTS[following][0] == PILOT_PWM and self.pilot != PILOT_PWM and not is_x1_over:
            return cell[1]
        return following

    def _leave_fault(self, level: int, now_ms: int) -> None:
        if level == LEVEL_A and self.is_fault_shown:
            self.state = STATE_A
            self._fault_shown.lasts(False, now_ms)

    def _leave_wake(self, now_ms: int) -> None:
        if self._pulse.lasts(True, now_ms):
            self.end_pulse()

    def _look_up(self, now_ms: int) -> None:
        pilot, self.may_be_closed = OUTPUTS[self.state]
        self.pilot = self._pulse_pilot if pilot is None else pilot
        if self.state == STATE_FAULT and self._fault_shown.lasts(True, now_ms):
            self.pilot = PILOT_X1
        if self.pilot == PILOT_PWM or self.state == STATE_A:
            self._x1.hold_ms = _X1_HOLD_MS
