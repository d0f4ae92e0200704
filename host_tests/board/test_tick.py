"""The charger's tick: what it reads and puts out in which turn, and what becomes of late ticks, Ctrl-C and errors."""

import contextlib
import tempfile

from chip import load

from rouse.virtual.host import make_world

app, boards, meters, power, guard, limits = load(
    "evse.app.charger", "evse.app.boards", "evse.drivers.meter", "evse.meter.power", "evse.safety.guard",
    "evse.safety.limits",
)  # fmt: skip

BEGIN_MS = 5000


class Bench:
    """A charger whose ticks are called by hand, the outputs of its chip, and what it was asked for."""

    def __init__(self, has_meter=False, car=None, **changes):
        self.world = make_world(changes, **(car or {}))
        board = self.world.board
        metering = boards.metering(board) if has_meter else None
        meter = meters.Meter(*boards.burst_figures(board), power.SINE) if has_meter else None
        self.world.run_ms(BEGIN_MS)
        self.charger = app.Charger(board, metering, meter)
        self.core = self.charger.controller
        self.fed = 0
        self.calls = []

    def feed(self):
        self.fed += 1

    def arm(self):
        """As a boot does."""
        self.charger.start(self.feed)

    def arm_by_hand(self):
        """The same, but no timer calls the tick, only tick()."""
        self.arm()
        self.charger._timer.deinit()
        self.charger._housekeeper.deinit()

    def tick(self, gap_ms=20):
        """One tick, so long after the last that was made."""
        self.world.run_ms(self.charger._last_ms + gap_ms - self.world.ms)
        self.charger.tick(None)

    def watch(self, part, name, answer=None):
        """From now on `name` of `part` is only noted, and answers so."""
        setattr(part, name, lambda *arguments: self.calls.append((name, *arguments)) or answer)

    def calls_of(self, name):
        """The arguments of each call noted, oldest first."""
        return [call[1:] for call in self.calls if call[0] == name]

    def pin(self, name):
        """The chip's side of a pin."""
        return self.world.pins.all[self.world.board["pins"][name]]


@contextlib.contextmanager
def bench(**changes):
    """A bench in an empty flash."""
    with tempfile.TemporaryDirectory() as flash, contextlib.chdir(flash):
        yield Bench(**changes)


def test_armed_it_ticks_every_20_ms_keeps_house_each_second_and_feeds_the_watchdog():
    with bench() as desk:
        charger = desk.charger
        desk.watch(charger.keeper, "second")
        desk.arm()
        assert (charger._timer.due_ms, charger._housekeeper.due_ms) == (BEGIN_MS + 20, BEGIN_MS + 1000)
        nows = []
        tick = desk.core.tick
        desk.core.tick = lambda now_ms, slot, open_now: (nows.append((now_ms, slot)), tick(now_ms, slot, open_now))
        desk.world.run_ms(2019)
        assert nows == [(BEGIN_MS + 20 + 20 * index, index % 12) for index in range(100)]
        assert desk.fed == charger.tick_count == 100 and len(desk.calls_of("second")) == 2
        assert desk.core.uptime_s == 2 and charger.facts is desk.core.facts
        assert (charger.tick_errors, charger.late_count, charger.last_error) == (0, 0, None)


def test_it_charges_closes_and_may_load_with_the_contactor_open_alone():
    for fan, wants_fan in ((22, 1), (22, 0), (None, 0), (None, 1)):
        with bench(fan=fan, car={"wants_fan": wants_fan}) as desk:
            world = desk.world
            desk.core.settings.mode = "fast"
            desk.arm()
            assert desk.charger.may_load
            world.plug()
            world.run_ms(9000)
            is_refused = wants_fan == 1 and fan is None
            assert (world.car.ma > 6000) != is_refused, (fan, wants_fan)
            assert desk.core.faults.bits == (guard.FAULT_VENTILATION if is_refused else 0)
            assert desk.charger.may_load == is_refused
            assert world.judge.violations == 0, world.judge.last


def test_pilot_and_contacts_are_read_in_each_tick_plug_and_heat_in_each_fourth():
    with bench() as desk:
        desk.world.plug()
        desk.arm_by_hand()
        desk.watch(desk.core, "tick")
        desk.core.session.pilot, desk.core.duty_bp = limits.PILOT_PWM, 5000
        desk.tick()
        inputs = desk.core.inputs
        for slot in range(1, 25):
            level = slot % 2
            desk.pin("residual_trip").outside = desk.pin("contactor_readback").outside = level
            inputs.high_mv = inputs.low_mv = inputs.cable_ma = inputs.temperature_cdeg = None
            desk.tick()
            assert abs(inputs.high_mv - 9000) < 250 and abs(inputs.low_mv + 12000) < 250, slot
            assert inputs.residual_tripped == inputs.contactor_closed == (level == 1)
            is_read = slot % 4 == 0
            assert inputs.cable_ma == (32000 if is_read else None), slot
            assert abs(inputs.temperature_cdeg - 2500) < 100 if is_read else inputs.temperature_cdeg is None, slot


def test_a_tethered_cable_carries_what_the_board_says():
    for proximity_adc, cable_ma in ((36, 32000), (None, 20000)):
        with bench(proximity_adc=proximity_adc, cable_ma=20000) as desk:
            desk.world.plug()
            desk.arm_by_hand()
            desk.tick()
            assert desk.core.inputs.cable_ma == cable_ma


def test_outputs_follow_the_controller_in_each_tick_the_lamp_in_each_second():
    with bench(fan=22) as desk:
        desk.arm_by_hand()
        core = desk.core
        core.duty_bp = 5000
        desk.watch(core, "tick")
        desk.watch(core, "press")
        desk.watch(core, "is_lit", True)
        desk.watch(desk.charger.keeper, "tick")
        alive = desk.pin("alive").value
        for state in (*range(10), limits.STATE_C2, limits.STATE_WAKE):
            for permits, is_closed in ((True, True), (True, None), (False, True), (False, False), (False, None)):
                core.session.state, core.interlock.permits = state, permits
                core.session.pilot, core.self_test.is_pressing = limits.PILOT_PWM, permits
                desk.pin("contactor_readback").outside = 1 if is_closed else 0
                desk.pin("button").outside = 0 if permits else 1
                desk.tick()
                alive ^= permits
                assert desk.pin("contactor").next_duty_u16 == (65535 if permits else 0)
                assert (desk.pin("alive").value, desk.pin("residual_test").value) == (alive, permits)
                assert desk.pin("fan").value == (state == limits.STATE_D2), state
                assert desk.calls_of("press")[-1] == (permits, desk.charger._last_ms)
                may_write = not permits and not is_closed and state != limits.STATE_WAKE
                assert desk.calls[-1] == ("tick", may_write), (state, permits, is_closed)
        lit = [call[0] for call in desk.calls if call[0] in ("is_lit", "press")]
        assert lit == ["press", "is_lit", "press"] * 30 and desk.pin("status_led").value == 1
        assert desk.pin("pilot_pwm").next_duty_u16 == 32768


def test_a_burst_is_taken_where_the_meter_s_round_asks_for_one():
    with bench(has_meter=True) as desk:
        desk.arm_by_hand()
        metering = desk.charger.metering
        desk.watch(desk.charger._meter, "measure")
        for slot, is_due in ((0, True), (1, False), (2, True)):
            desk.watch(metering, "work", is_due)
            desk.core.interlock.permits = False
            desk.tick()
            assert desk.calls_of("work")[-1] == (slot, False, desk.core.inputs, desk.charger._last_ms)
        assert (
            desk.calls_of("measure") == [(metering.reference, metering.current, metering.lock.rate, metering.sums)] * 2
        )


def test_a_meter_s_reading_limits_and_without_one_the_board_alone():
    for has_meter, offer_ma in ((True, 0), (False, 32000)):
        with bench(has_meter=has_meter) as desk:
            desk.core.settings.mode = "fast"
            desk.world.plug()
            desk.arm_by_hand()
            if has_meter:
                desk.watch(desk.charger.metering, "work")
            for _ in range(30):
                desk.tick()
            assert desk.core.offer.offer_ma == offer_ma, has_meter


def test_a_person_s_word_on_turning_a_clamp_reaches_the_meter():
    with bench(has_meter=True) as desk:
        for fix_clamp in (1, 0):
            desk.core.settings.fix_clamp = fix_clamp
            desk.charger._keep_house(None)
            assert desk.charger.metering.may_flip == (fix_clamp == 1)


def test_callbacks_that_waited_behind_a_stall_are_no_ticks():
    for gap_ms, is_tick in ((0, False), (9, False), (10, True), (20, True)):
        with bench() as desk:
            desk.arm_by_hand()
            desk.watch(desk.core, "tick")
            desk.tick(gap_ms)
            assert (len(desk.calls), desk.charger.tick_count, desk.fed) == (is_tick,) * 3, gap_ms


def test_a_gap_past_58_ms_is_late_and_told_while_the_contactor_is_permitted():
    for gap_ms, is_late in ((20, False), (58, False), (59, True), (200, True)):
        for permits in (False, True):
            with bench() as desk:
                desk.arm_by_hand()
                desk.watch(desk.core, "tick")
                desk.watch(desk.core.journal, "add")
                desk.core.interlock.permits = permits
                desk.core.uptime_s = 7
                desk.tick(gap_ms)
                told = [(7, app.EVENT_LATE, gap_ms)] if is_late and permits else []
                assert desk.calls_of("add") == told, (gap_ms, permits)
                assert (desk.core.inputs.is_late, desk.charger.late_count) == (is_late, len(told))


def fail_with(desk, errors):
    """A tick whose controller raises these, one a call, and then works."""
    desk.arm_by_hand()
    desk.world.rtc_memory = b""
    desk.core.session.pilot = limits.PILOT_X1
    desk.tick()
    desk.core.interlock.permits = True
    desk.charger.contactor.renew()
    waiting = list(errors)

    def decide(*_):
        if waiting:
            raise waiting.pop(0)

    desk.core.tick = decide
    desk.tick()
    return desk.charger


def test_one_ctrl_c_in_a_tick_is_survived():
    with bench() as desk:
        charger = fail_with(desk, [KeyboardInterrupt()])
        assert (charger.tick_errors, charger.tick_count, desk.fed, charger.last_error) == (0, 2, 2, None)
        assert desk.pin("contactor").next_duty_u16 == 65535 and desk.core.faults.bits == 0


def test_an_error_or_a_second_ctrl_c_opens_and_stays():
    error = ZeroDivisionError()
    for errors, last_error in (([error], error), ([KeyboardInterrupt()] * 2, None), ([SystemExit()], None)):
        with bench() as desk:
            charger = fail_with(desk, errors)
            assert (charger.tick_errors, charger.tick_count, desk.fed) == (1, 1, 1), errors
            assert desk.pin("contactor").next_duty_u16 == desk.pin("pilot_pwm").next_duty_u16 == 0, "open, and -12 V"
            assert desk.core.faults.bits == guard.FAULT_TICK
            assert last_error is None or charger.last_error is last_error
            assert desk.world.rtc_memory != b"", "the mark of the crash"
