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
        self.world.run_ms(self.charger.beat.last_ms + gap_ms - self.world.ms)
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
        assert (desk.core.uptime_s, charger.room_ms) == (2, 1) and charger.facts is desk.core.facts
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


def test_outputs_follow_the_controller_in_each_tick_lamp_button_and_fan_in_each_other():
    with bench(fan=22) as desk:
        core = desk.core
        core.session.pilot, core.duty_bp = limits.PILOT_PWM, 5000
        desk.watch(core, "tick")
        desk.watch(core, "press")
        desk.watch(core, "is_lit", True)
        desk.watch(desk.charger.keeper, "tick")
        alive, slots = 0, iter(ROUNDS)
        for state in range(10):
            for permits, is_closed in ((True, True), (True, False), (False, True), (False, False)):
                core.session.state, core.interlock.permits, core.self_test.is_pressing = state, permits, permits
                desk.pin("contactor_readback").outside = int(is_closed)
                desk.pin("button").outside = int(not permits)
                desk.pin("fan").value = int(state != limits.STATE_D2)
                desk.calls.clear()
                desk.tick()
                alive ^= permits
                assert desk.pin("contactor").next_duty_u16 == (65535 if permits else 0)
                assert (desk.pin("alive").value, desk.pin("residual_test").value) == (alive, permits)
                may_write = not permits and not is_closed and state != limits.STATE_WAKE
                assert desk.calls_of("tick")[-1] == (may_write,), (state, permits, is_closed)
                has_turn = next(slots) % 2 == 0
                now_ms = desk.charger.beat.last_ms
                assert desk.calls_of("press") == ([(permits, now_ms)] if has_turn else [])
                assert desk.calls_of("is_lit") == ([(now_ms,)] if has_turn else [])
                assert desk.pin("fan").value == ((state == limits.STATE_D2) == has_turn), state
        assert desk.pin("status_led").value == 1
        assert desk.pin("pilot_pwm").next_duty_u16 == 32768


def test_a_burst_is_taken_where_the_meter_s_round_asks_for_one():
    with bench(has_meter=True) as desk:
        metering = desk.charger.metering
        desk.watch(desk.charger._meter, "measure")
        for slot, is_due in ((0, True), (1, False), (2, True)):
            desk.watch(metering, "work", is_due)
            desk.tick()
            assert desk.calls_of("work")[-1] == (slot, False, False, desk.core.inputs, desk.charger.beat.last_ms)
        burst = (metering.reference, metering.current, metering.lock.rate, metering.sums)
        assert desk.calls_of("measure") == [burst, burst]
        for state in range(10):
            desk.core.session.state = state
            desk.core.tick = lambda *_: None
            desk.tick()
            assert desk.calls_of("work")[-1][1] == (state != limits.STATE_A), "whether a car is plugged in"


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
        desk.watch(desk.charger.beat, "weigh")
        for fix_clamp in (1, 0):
            desk.core.settings.fix_clamp = fix_clamp
            desk.charger._keep_house(None)
            assert desk.charger.metering.may_flip == (fix_clamp == 1)
        assert desk.calls_of("weigh") == [(desk.world.ms,)] * 2, "and the busy share is weighed"


def test_a_tick_is_due_each_20_ms_and_one_after_more_than_58_ms_is_late():
    for gap_ms in (0, 19, 20, 58, 59, 200):
        for permits in (False, True):
            with bench() as desk:
                core = desk.core
                desk.watch(core, "tick")
                desk.watch(core, "note_gap")
                core.interlock.permits, core.inputs.is_late, core.uptime_s = permits, False, 7
                desk.tick(gap_ms)
                is_late = gap_ms >= 59
                told = [(gap_ms, True)] if is_late and permits else []  # nothing but the wait was between them
                assert desk.calls_of("note_gap") == told, (gap_ms, permits)
                assert (core.inputs.is_late, desk.charger.late_count) == (is_late, len(told))
                counts = len(desk.calls_of("tick")), desk.charger.tick_count, len(desk.calls_of("feed"))
                assert counts == (gap_ms >= 20,) * 3, gap_ms
                assert desk.charger.beat.longest_ms == (max(gap_ms, 20) if permits else 20)


def test_a_queue_behind_a_stall_is_one_tick():
    with bench() as desk:
        desk.watch(desk.core, "tick")
        for timer in desk.timers:
            desk.world.scheduler.start(timer)
        desk.world.stall_ms(100)
        desk.world.run_ms(18)
        assert len(desk.calls_of("tick")) == 1
        desk.world.run_ms(20)
        assert len(desk.calls_of("tick")) == 2


def test_the_tick_that_is_due_when_a_burst_ends_comes_before_anything_else():
    with bench(has_meter=True) as desk:
        began = []
        desk.watch(desk.core, "tick")
        desk.watch(desk.charger.metering, "work", True)
        desk.core.tick = lambda now_ms, *_: began.append(now_ms)
        desk.charger._meter.measure = lambda *_: desk.world.stall_ms(20)
        desk.tick()
        assert len(began) == 2 and 20 <= began[1] - began[0] < 35
        desk.charger._meter.measure = lambda *_: None
        desk.tick()
        assert len(began) == 3, "one alone where there is time left"


STOP, ERROR = KeyboardInterrupt(), ZeroDivisionError()


def test_ctrl_c_in_a_tick_is_no_fault_and_reaches_the_program_an_error_opens_and_stays():
    for errors, ticks, last_error in (
        ([STOP], 2, None), ([STOP, STOP], 1, None), ([ERROR], 1, ERROR), ([STOP, ERROR], 1, ERROR),
    ):  # fmt: skip
        with bench() as desk:
            charger, core = desk.charger, desk.core
            core.session.pilot, core.interlock.permits = limits.PILOT_X1, True
            desk.world.rtc_memory = b""
            desk.watch(charger._keyboard, "deafen")
            desk.watch(charger._keyboard, "press")
            waiting = [None, *errors]

            def decide(*_, waiting=waiting):
                error = waiting.pop(0) if waiting else None
                if error:
                    raise error

            core.tick = decide
            desk.tick()
            desk.tick()
            has_failed = last_error is not None
            counts = charger.tick_errors, charger.tick_count, len(desk.calls_of("feed"))
            assert counts == (has_failed, ticks, ticks), errors
            outputs_u16 = [desk.pin(name).next_duty_u16 for name in ("contactor", "pilot_pwm")]
            assert outputs_u16 == ([0, 0] if has_failed else [65535, 65535]), "open and -12 V"
            assert core.faults.bits == charger.facts.faults == (guard.FAULT_TICK if has_failed else 0)
            assert charger.last_error is last_error
            assert (desk.world.rtc_memory != b"") == has_failed, "the mark of the crash"
            assert len(desk.calls_of("press")) == len(desk.calls_of("deafen")) == (STOP in errors)
            core.tick = lambda *_: None
            desk.tick()
            assert charger.tick_count == ticks + 1, "the next one is made"


def test_ctrl_c_in_a_burst_costs_the_burst_alone():
    with bench(has_meter=True) as desk:
        charger = desk.charger
        desk.watch(desk.core, "tick")
        desk.watch(charger.metering, "work", True)
        desk.watch(charger._keyboard, "press")
        charger.metering.sums.weight = 700  # of the burst before

        def adc():
            raise STOP

        charger._meter._reads = [adc] * 3
        desk.tick()
        assert (len(desk.calls_of("tick")), charger.tick_count, charger.tick_errors) == (1, 1, 0)
        assert charger.metering.sums.weight == 0 and len(desk.calls_of("press")) == 1


def test_what_a_tick_takes_is_told_to_its_clock_from_begin_to_end_over_the_wrap_too():
    with bench() as desk:
        world, charger = desk.world, desk.charger
        world.scheduler.in_callback = True  # elsewhere a look at the clock takes time
        desk.watch(charger.beat, "ended")
        read = charger._read
        charger._read = lambda *arguments: (world.stall_ms(7), read(*arguments))
        desk.tick()
        ((ended_ms, spent_us),) = desk.calls_of("ended")
        assert ended_ms == world.ms and spent_us > 7000 + 60 * 58
        assert spent_us == world.ms * 1000 + world.us - charger.beat.last_ms * 1000
        was, app.ticks_us = app.ticks_us, iter((2**30 - 5001, 2000)).__next__
        desk.tick()
        app.ticks_us = was
        assert desk.calls_of("ended")[-1][1] == 7001


def test_a_gap_of_a_period_is_nothing_to_note():
    with bench() as desk:
        desk.core.interlock.permits = True
        desk.watch(desk.core, "tick")
        desk.watch(desk.charger, "_note_gap")
        for gap_ms, noted in ((20, []), (21, [21])):
            desk.tick(gap_ms)
            assert [call[0] for call in desk.calls_of("_note_gap")] == noted
            desk.world.run_ms(40 - gap_ms - desk.world.ms + desk.charger.beat.last_ms)  # on the grid again


def test_a_second_tick_comes_behind_a_burst_alone_and_behind_none_the_clock_is_asked_once():
    with bench(has_meter=True) as desk:
        desk.watch(desk.core, "tick")
        desk.watch(desk.charger.metering, "work", False)
        read = desk.charger._read
        desk.charger._read = lambda *arguments: (desk.world.stall_ms(25), read(*arguments))
        desk.tick()
        assert len(desk.calls_of("tick")) == 1, "late, but without a burst"
        desk.watch(desk.charger.beat, "is_due", False)
        desk.charger.tick(None)
        assert len(desk.calls_of("is_due")) == len(desk.calls_of("tick")) == 1


def test_ctrl_c_in_housekeeping_reaches_the_program():
    with bench() as desk:

        def second():
            raise STOP

        desk.charger.keeper.second = second
        desk.watch(desk.charger._keyboard, "press")
        desk.charger._keep_house(None)
        assert len(desk.calls_of("press")) == 1


def test_a_plug_in_ends_with_its_busy_share_and_its_longest_gap_in_the_journal():
    with bench() as desk:
        charger, core = desk.charger, desk.core
        desk.watch(core.journal, "add")
        core.uptime_s = 7
        for state, longest_ms, told in (
            (limits.STATE_A, 90, []),
            (limits.STATE_B1, 20, []),
            (limits.STATE_C2, 33, []),
            (limits.STATE_A, 33, [(7, app.EVENT_BUSY, 52), (7, app.EVENT_LONGEST, 33)]),
            (limits.STATE_A, 33, []),
        ):
            desk.calls.clear()
            core.session.state = state
            if state != limits.STATE_B1:
                charger.beat.longest_ms = longest_ms
            charger.beat.busy_percent = 52
            charger._keep_house(None)
            assert desk.calls_of("add") == told and charger.beat.longest_ms == longest_ms, state
