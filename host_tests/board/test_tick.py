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
ROUNDS = [slot for ticks in (13, 13, 13, 14) for slot in range(ticks)]  # the turns of 53 ticks


class Bench:
    """A charger that is armed, its ticks called by hand; the outputs of its chip, and what it asked for."""

    def __init__(self, has_meter, car, changes):
        self.world = make_world(changes, **car)
        board = self.world.board
        metering = boards.metering(board) if has_meter else None
        meter = meters.Meter(*boards.burst_figures(board), power.SINE) if has_meter else None
        self.world.run_ms(BEGIN_MS)
        self.charger = app.Charger(board, metering, meter)
        self.core = self.charger.controller
        self.calls = []
        self.charger.start(lambda: self.calls.append(("feed",)))
        self.timers = (self.charger._timer, self.charger._housekeeper)
        for timer in self.timers:
            self.world.scheduler.stop(timer)

    def run_ms(self, span_ms):
        """Ticks by the timers, as after a boot."""
        for timer in self.timers:
            self.world.scheduler.start(timer)
        self.world.run_ms(span_ms)

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
def bench(has_meter=False, car=None, **changes):
    """A bench in an empty flash."""
    with tempfile.TemporaryDirectory() as flash, contextlib.chdir(flash):
        yield Bench(has_meter, car or {}, changes)


def test_it_ticks_every_20_ms_keeps_house_each_second_and_feeds_the_watchdog():
    with bench() as desk:
        charger, tick, asked = desk.charger, desk.core.tick, []
        assert [timer.due_ms for timer in desk.timers] == [BEGIN_MS + 20, BEGIN_MS + 1000]
        desk.watch(charger.keeper, "second")
        desk.core.tick = lambda now_ms, slot, open_now: (asked.append((now_ms, slot)), tick(now_ms, slot, open_now))
        desk.run_ms(2019)
        assert asked == [(BEGIN_MS + 20 + 20 * index, ROUNDS[index % 53]) for index in range(100)]
        assert len(desk.calls_of("feed")) == charger.tick_count == 100 and len(desk.calls_of("second")) == 2
        assert (desk.core.uptime_s, charger.since_tick_ms) == (2, 19) and charger.facts is desk.core.facts
        assert (charger.tick_errors, charger.late_count, charger.last_error) == (0, 0, None)


def test_it_charges_a_car_its_board_is_made_for_and_loads_modules_with_the_contactor_open_alone():
    for fan, wants_fan in ((22, 1), (22, 0), (None, 0), (None, 1)):
        with bench(fan=fan, car={"wants_fan": wants_fan}) as desk:
            world = desk.world
            desk.core.settings.mode = "fast"
            assert desk.charger.may_load
            seen = []

            def tick(*now, charger=desk.charger, core=desk.core, tick=desk.core.tick, seen=seen):
                tick(*now)
                seen.append((charger.may_load, core.interlock.permits))

            desk.core.tick = tick
            world.plug()
            desk.run_ms(9000)
            for index, (may_load, _) in enumerate(seen):
                assert not may_load or not any(permits for _, permits in seen[index : index + 20]), "for 400 ms"
            is_refused = wants_fan == 1 and fan is None
            assert (world.car.ma > 6000) != is_refused, (fan, wants_fan)
            assert desk.core.faults.bits == (guard.FAULT_VENTILATION if is_refused else 0)
            assert desk.charger.may_load == is_refused
            assert world.judge.violations == 0, world.judge.last


def test_pilot_and_contacts_are_read_in_each_tick_plug_and_heat_in_their_turn():
    for proximity_adc, cable_ma in ((36, 32000), (None, 20000)):  # a socket, and a tethered cable
        with bench(proximity_adc=proximity_adc, cable_ma=20000) as desk:
            desk.world.plug()
            desk.watch(desk.core, "tick")
            desk.core.session.pilot, desk.core.duty_bp = limits.PILOT_PWM, 5000
            desk.tick()
            inputs = desk.core.inputs
            for slot in ROUNDS[1:45]:  # less than a second: then the car asks
                level = slot % 2
                desk.pin("residual_trip").outside = desk.pin("contactor_readback").outside = level
                inputs.high_mv = inputs.low_mv = inputs.cable_ma = inputs.temperature_cdeg = None
                desk.tick()
                assert abs(inputs.high_mv - 9000) < 250 and abs(inputs.low_mv + 12000) < 250, slot
                assert inputs.residual_tripped == inputs.contactor_closed == (level == 1)
                is_read = slot % 4 == 0
                assert inputs.cable_ma == (cable_ma if is_read else None), slot
                assert (inputs.temperature_cdeg in range(2400, 2600)) if is_read else inputs.temperature_cdeg is None


def test_outputs_follow_the_controller_in_each_tick_the_lamp_in_its_turn():
    with bench(fan=22) as desk:
        core = desk.core
        core.session.pilot, core.duty_bp = limits.PILOT_PWM, 5000
        desk.watch(core, "tick")
        desk.watch(core, "press")
        desk.watch(core, "is_lit", True)
        desk.watch(desk.charger.keeper, "tick")
        alive = 0
        for state in range(10):
            for permits, is_closed in ((True, True), (True, False), (False, True), (False, False)):
                core.session.state, core.interlock.permits, core.self_test.is_pressing = state, permits, permits
                desk.pin("contactor_readback").outside = int(is_closed)
                desk.pin("button").outside = int(not permits)
                desk.tick()
                alive ^= permits
                assert desk.pin("contactor").next_duty_u16 == (65535 if permits else 0)
                assert (desk.pin("alive").value, desk.pin("residual_test").value) == (alive, permits)
                assert desk.pin("fan").value == (state == limits.STATE_D2), state
                assert desk.calls_of("press")[-1] == (permits, desk.charger._last_ms)
                may_write = not permits and not is_closed and state != limits.STATE_WAKE
                assert desk.calls_of("tick")[-1] == (may_write,), (state, permits, is_closed)
        lit = [call[0] for call in desk.calls if call[0] in ("is_lit", "press")]
        due = [name for slot in ROUNDS[:40] for name in (("press",) if slot % 2 else ("press", "is_lit"))]
        assert lit == due and desk.pin("status_led").value == 1
        assert desk.pin("pilot_pwm").next_duty_u16 == 32768


def test_a_burst_is_taken_where_the_meter_s_round_asks_for_one():
    with bench(has_meter=True) as desk:
        metering = desk.charger.metering
        desk.watch(desk.charger._meter, "measure")
        for slot, is_due in ((0, True), (1, False), (2, True)):
            desk.watch(metering, "work", is_due)
            desk.tick()
            assert desk.calls_of("work")[-1] == (slot, False, desk.core.inputs, desk.charger._last_ms)
        burst = (metering.reference, metering.current, metering.lock.rate, metering.sums)
        assert desk.calls_of("measure") == [burst, burst]


def test_a_meter_that_says_nothing_stops_the_charge_and_a_board_may_have_none():
    for has_meter, offer_ma in ((True, 0), (False, 32000)):
        with bench(has_meter=has_meter) as desk:
            desk.core.settings.mode = "fast"
            desk.world.plug()
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


def test_a_callback_behind_a_stall_is_no_tick_and_one_after_more_than_58_ms_is_late():
    for gap_ms in (0, 9, 10, 20, 58, 59, 200):
        for permits in (False, True):
            with bench() as desk:
                core = desk.core
                desk.watch(core, "tick")
                desk.watch(core, "note_gap")
                core.interlock.permits, core.inputs.is_late = permits, False
                desk.tick(gap_ms)
                is_late = gap_ms >= 59
                told = [(gap_ms, False)] if is_late and permits else []
                assert desk.calls_of("note_gap") == told, (gap_ms, permits)
                assert (core.inputs.is_late, desk.charger.late_count) == (is_late, len(told))
                counts = len(desk.calls_of("tick")), desk.charger.tick_count, len(desk.calls_of("feed"))
                assert counts == (gap_ms >= 10,) * 3, gap_ms


def test_one_ctrl_c_is_survived_a_second_or_an_error_opens_and_stays():
    stop, error = KeyboardInterrupt(), ZeroDivisionError()
    for errors, last_error in (([stop], None), ([stop, stop], None), ([error], error), ([stop, error], error)):
        with bench() as desk:
            charger, core = desk.charger, desk.core
            core.session.pilot, core.interlock.permits = limits.PILOT_X1, True
            desk.world.rtc_memory = b""
            waiting = [None, *errors]

            def decide(*_, waiting=waiting):
                error = waiting.pop(0) if waiting else None
                if error:
                    raise error

            core.tick = decide
            desk.tick()
            desk.tick()
            has_failed = errors != [stop]
            counts = charger.tick_errors, charger.tick_count, len(desk.calls_of("feed"))
            assert counts == ((1, 1, 1) if has_failed else (0, 2, 2)), errors
            outputs_u16 = [desk.pin(name).next_duty_u16 for name in ("contactor", "pilot_pwm")]
            assert outputs_u16 == ([0, 0] if has_failed else [65535, 65535]), "open and -12 V"
            assert core.faults.bits == charger.facts.faults == (guard.FAULT_TICK if has_failed else 0)
            assert charger.last_error is last_error
            assert (desk.world.rtc_memory != b"") == has_failed, "the mark of the crash"
