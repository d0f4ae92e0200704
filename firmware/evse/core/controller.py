"""The controller: composes the core, in the order of one sample from pilot to contactor.

Knows the order and nothing else: every rule is in the file it calls. Time is an argument; nothing is allocated.
"""

from evse.core import faults, panel, reason
from evse.core.caps import Caps
from evse.core.chronicle import Chronicle
from evse.core.contactor import ContactorWatch
from evse.core.duty import duty_bp_from_ma
from evse.core.energy import Energy
from evse.core.faults import Faults
from evse.core.interlock import Interlock
from evse.core.limits import STUCK_MS
from evse.core.offer import Offer
from evse.core.panel import Button
from evse.core.pilot import Pilot
from evse.core.residual import SelfTest
from evse.core.session import Session
from evse.core.settings import Settings
from evse.core.ticks import Hold, elapsed_ms
from evse.core.types import (
    LEVEL_A,
    LEVEL_D,
    LEVEL_DIODE,
    LEVEL_E,
    STATE_A,
    STATE_C2,
    STATE_E,
    STATE_FAULT,
    Inputs,
)
from evse.core.waking import Waking


class Controller:
    """One charger's mind.

    board_max_ma: 6000..63000; has_fan, has_switch (pilot-open), has_meter: what the board has; fuse_ma: main fuse;
    nominal_v: mains voltage; phases: 1 or 3; clamps: on how many the grid is
    measured.
    Feed `inputs`, call read() and then decide() once a tick; the outputs are session.pilot, duty_bp,
    interlock.permits, self_test.is_pressing, is_lit and session.state.
    """

    def __init__(
        self,
        board_max_ma: int,
        has_fan: bool,
        has_switch: bool,
        has_meter: bool,
        fuse_ma: int,
        nominal_v: int,
        phases: int = 1,
        clamps: int = 1,
    ) -> None:
        self.inputs = Inputs()
        self.settings = Settings()
        self.pilot = Pilot()
        self.faults = Faults()
        self.waking = Waking(has_switch)
        self.car = self.waking.car
        self.wake = self.waking.wake
        self.caps = Caps(board_max_ma, has_meter, fuse_ma, nominal_v, self.waking.patience, phases, clamps)
        self.offer = Offer()
        self.session = Session()
        self.interlock = Interlock(has_fan)
        self.self_test = SelfTest()
        self.watch = ContactorWatch()
        self.energy = Energy()
        self.chronicle = Chronicle(has_meter, fuse_ma, nominal_v, self.settings.mode)
        self.journal = self.chronicle.journal
        self.button = Button()
        self.is_stuck = False
        self.wants_pulse = False  # a person's wish, taken up in the next tick
        self.duty_bp = 10000
        self.uptime_s = 0
        self._has_fan = has_fan
        self._was_closed = False
        self._stuck = Hold(STUCK_MS)
        self._last_ms = 0
        self._rest_ms = 0

    def begin(self, now_ms: int) -> None:
        """Count time from here; the clock runs on through a soft reset."""
        self._last_ms = now_ms

    def read(self, now_ms: int) -> bool:
        """Take this tick's burst and residual current; returns whether the contactor may stay as it is.

        The answer is ready before any other work is done: False opens at once.
        """
        inputs = self.inputs
        self.pilot.glitch_ms = self.car.glitch_ms if self.interlock.permits else 0
        self.pilot.step(inputs.high_mv, inputs.low_mv, self.session.pilot, now_ms)
        return self._ask_interlock(now_ms)

    def decide(self, now_ms: int) -> None:
        """Do the rest of the tick: faults, caps, offer, wake, one session step, and the interlock's last word."""
        spent_ms = elapsed_ms(now_ms, self._last_ms)
        self._last_ms = now_ms
        self._count_time(spent_ms)
        self._find_faults(now_ms)
        self.self_test.step(self._may_test(), self.inputs.residual_tripped, now_ms)
        self.caps.step(self.inputs, self.settings, self.interlock.permits, self.offer, now_ms, self.uptime_s)
        duty_bp = duty_bp_from_ma(self.offer.step(now_ms))
        if duty_bp != self.duty_bp:
            self.duty_bp = duty_bp
            self.pilot.duty_changed(now_ms)
        self._wake(now_ms)
        was = self.session.state
        self.session.step(self.pilot.stable, self._is_offering(now_ms), self.faults.bits != 0, now_ms)
        if self.session.state != was:
            self.chronicle.changed(self, was, now_ms)
            self._changed(was)
        permits = self._ask_interlock(now_ms)
        if permits and not self._was_closed:
            self.waking.patience.fed(self.uptime_s)
        self._was_closed = permits
        self.chronicle.step(self)

    @property
    def reason(self) -> int:
        """Why it does what it does: a code of core/reason.py."""
        is_closed = self.interlock.permits
        is_tested = self.self_test.is_passed
        why = reason.code(self.session.state, self.offer, self.wake, is_closed, is_tested, self.is_stuck)
        return reason.refined(why, self.caps, self.settings)

    def is_lit(self, now_ms: int) -> bool:
        """Whether the status lamp is on."""
        bits = faults.SHORT if self.session.state == STATE_E else self.faults.bits
        return panel.is_lit(reason.LAMPS[self.reason], faults.blinks(bits), now_ms)

    def press(self, is_pressed: bool, now_ms: int) -> None:
        """Take the button: short stops or resumes, long charges fast until unplugged."""
        press = self.button.step(is_pressed, now_ms)
        if press == panel.PRESS_SHORT:
            self.caps.is_stopped = not self.caps.is_stopped
        elif press == panel.PRESS_LONG:
            self.caps.is_stopped = False
            self.caps.is_boosted = True

    def _ask_interlock(self, now_ms: int) -> bool:
        inputs = self.inputs
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
        return self.interlock.step(session.want, session.pilot, pilot.raw, pilot.stable, is_blocked, now_ms)

    def _count_time(self, spent_ms: int) -> None:
        self._rest_ms += spent_ms
        if self._rest_ms >= 1000:
            self.uptime_s += self._rest_ms // 1000
            self._rest_ms %= 1000
            self.waking.patience.second(self.interlock.permits, self.offer.offer_ma, self.uptime_s)
        if self.interlock.permits:
            self.energy.step(self.caps.car_w, spent_ms)
        if self.caps.boost.is_running:
            self.caps.boost.step(self.energy.wh, self._last_ms)

    def _find_faults(self, now_ms: int) -> None:
        inputs = self.inputs
        session = self.session
        is_unplugged = self.pilot.is_fresh and self.pilot.stable == LEVEL_A
        if session.state == STATE_FAULT and is_unplugged and session.is_fault_shown:
            self.faults.clear()
            self.self_test.forget()
        self.watch.step(self.interlock.permits, inputs.contactor_closed, now_ms)
        if inputs.residual_tripped and not self.self_test.is_running:
            self.faults.latch(faults.RESIDUAL)
        if self.self_test.has_failed:
            self.faults.latch(faults.SELF_TEST)
        if self.watch.is_welded:
            self.faults.latch(faults.WELDED)
        if self.watch.is_missing:
            self.faults.latch(faults.NO_CLOSE)
        if self.pilot.stable == LEVEL_D and not self._has_fan:
            self.faults.latch(faults.VENTILATION)
        if self.caps.overdraw.is_over:
            self.faults.latch(faults.OVERDRAW)

    def _is_surely_open(self) -> bool:
        return not self.interlock.permits and self.inputs.contactor_closed is not True

    def _may_test(self) -> bool:
        return self.session.state != STATE_A and self.session.state != STATE_FAULT and self._is_surely_open()

    def _is_offering(self, now_ms: int) -> bool:
        is_in_c = self.interlock.must_leave_c and not self.interlock.permits
        self.is_stuck = self._stuck.step(is_in_c, now_ms)
        return self.offer.offer_ma > 0 and self.self_test.is_passed and not self.is_stuck

    def _wake(self, now_ms: int) -> None:
        session = self.session
        if self.inputs.cable_ma == 0:
            session.end_pulse()
        waking = self.waking
        waking.is_auto = self.settings.wake != 0
        state = session.state if self._is_surely_open() else STATE_C2
        is_due = waking.is_due(state, self.offer, self.caps, self.wants_pulse, now_ms, self.uptime_s)
        self.wants_pulse = False
        if is_due:
            session.start_pulse(self.wake.pilot, self.wake.length_ms)
            self.chronicle.pulse(self, self.wake.pilot, self.wake.length_ms)

    def _changed(self, was: int) -> None:
        state = self.session.state
        if state == STATE_FAULT and self.faults.bits == 0:
            level = self.pilot.stable
            self.faults.latch(
                faults.SHORT if level == LEVEL_E else faults.DIODE if level == LEVEL_DIODE else faults.PILOT
            )
        self.waking.changed(state, was, self.offer.offer_ma, self.uptime_s)
        if state == STATE_A:
            self._unplugged()

    def _unplugged(self) -> None:
        self.waking.unplugged()
        self.self_test.forget()
        self.energy.clear()
        self.caps.is_stopped = False
        self.caps.is_boosted = False
        self.caps.boost.end()
        self.caps.learn.forget()
