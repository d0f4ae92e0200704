"""The controller: one charger's mind, stepped once a tick in the order of one sample from pilot to contactor.

Knows the order and who is asked how often; every rule is in the file it calls. Time is an argument; nothing is
allocated. Safety is asked in every tick, plug and heat each 80 ms, the sun and what a car needs once a round.
"""

from micropython import const

from evse.core import face
from evse.core.wishes import Energy, Wishes
from evse.record.facts import EVENT_HELD, EVENT_LATE, EVENT_PULSE, Facts, Journal
from evse.record.ledger import Ledger
from evse.safety.guard import FAULT_SHORT, Guard
from evse.safety.limits import STATE_A, STATE_B2, STATE_E, Inputs, elapsed_ms
from evse.safety.offer import CAP_CAR, CAP_METER, CAP_MODE, CAP_SETTING, CAP_STOP, CAP_SUN, Offer, Protection
from evse.safety.pilot import duty_bp_from_ma
from evse.settings import MODES, Settings
from evse.sun.car import Learn
from evse.sun.switch import Surplus
from evse.sun.wake import Waking

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from evse.sun.phases import PhaseWish

_FAST = MODES.index("fast")
_MIN = MODES.index("min")

# A round is shared with meter/metering.py, whose bursts begin in 0, 4 and 8: each thing has its turn, so that no tick
# does two of the larger ones. Ticks 12 and 13 are idle: at 50 Hz, bursts that are 80 ms apart for ever meet the same
# few cycles of a load that switches by whole ones. A round of 13 moves on by one cycle; that of 14 makes the four 53
# ticks, a prime: no pattern of up to 50 cycles keeps in step with them.
SLOTS = bytes(range(13)) * 3 + bytes(range(14))
ROUNDS_TICKS = const(53)
# Ticks are far apart (studies of a day), each does everything.
EVERY = const(-1)
PLUG_EVERY = const(4)  # plug and heat, each 80 ms: a plug that changes is noticed within 200
_RECORD = const(11)

# What is done with a second that is recorded, one a round.
_TELL = const(0)
_LOOK = const(1)
_BOOK = const(2)


class Controller:
    """Feed `inputs`, call tick(); the outputs are session.pilot, duty_bp, interlock.permits and self_test.is_pressing.

    board_max_ma: 6000..63000; has_fan, has_switch (pilot-open), has_meter: what the board has; fuse_ma: main fuse;
    nominal_v: mains voltage; phases: 1 or 3, all alike; clamps: on how many the grid is measured.
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
        self.wishes = Wishes()
        self.guard = Guard(has_fan)
        self.pilot = self.guard.pilot
        self.session = self.guard.session
        self.interlock = self.guard.interlock
        self.faults = self.guard.faults
        self.self_test = self.guard.self_test
        self.offer = Offer()
        self.protection = Protection(board_max_ma, has_meter, fuse_ma, nominal_v)
        self.surplus = Surplus()
        self.waking = Waking(has_switch)
        self.car = self.waking.car
        self.patience = self.waking.patience
        self.wake = self.waking.wake
        self.learn = Learn()
        self.energy = Energy()
        self.journal = Journal(MODES.index(self.settings.mode))
        self.ledger = Ledger(has_meter, fuse_ma, nominal_v)
        self.facts = Facts()
        self.button = face.Button()
        self.phases = phases
        self.is_sun_blind = phases > 1 and clamps < phases  # three phases and one clamp
        self.phase_wish: PhaseWish | None = None  # set where a contactor chooses the phases
        self.car_w = 0  # what the car draws on all phases, measured or taken for its offer
        self.duty_bp = 10000
        self._driven_ma = 0  # the offer that it is the duty of
        self.uptime_s = 0
        self._has_meter = has_meter
        self._nominal_v = nominal_v
        self._turns = self._round()
        self._was_permitted = False
        self._lamp = face.LAMP_READY
        self._blinks = 0
        self._is_for_sun = True  # False while the offer is the first charge alone, which the sun would not give
        self._untold = -1  # the state that the session left in a tick that a Ctrl-C broke off
        self._must_follow = False  # the last reading
        self._must_decide = False  # with it
        self._must_learn = False
        self._stage = _TELL  # of the second that is being recorded
        self._told_s = 0
        self._weighed_s = 0
        self._last_ms = 0
        self._counted_ms = 0
        self._rest_ms = 0

    def _round(self) -> "tuple[Callable[[int], None], ...]":
        """What has its turn in tick 0..13 of a round."""
        plug, rest = self._limit_by_plug, self._rest
        return (
            plug, self._choose_lamp, rest, self._take_reading,
            plug, self._follow_meter, self._learn, self._decide,
            plug, self._count, self._limit, self._wake,
            plug, rest,
        )  # fmt: skip

    def begin(self, now_ms: int) -> None:
        """Count time from here; the clock runs on through a soft reset."""
        self._last_ms = now_ms
        self._counted_ms = now_ms

    def note_gap(self, gap_ms: int, is_held: bool) -> None:
        """Note `gap_ms` without a tick, over which the contactor opens; is_held: a person's program held the chip."""
        self.journal.add(self.uptime_s, EVENT_HELD if is_held else EVENT_LATE, gap_ms)
        if is_held:
            self.ledger.hold()

    def tick(self, now_ms: int, slot: int, open_now: "Callable[[], None]") -> None:
        """One tick on what was read into `inputs`.

        slot: the tick's place in the round, of SLOTS, or EVERY; open_now: called before any other work if anything
        forbids the contactor.
        """
        inputs = self.inputs
        guard = self.guard
        interlock = self.interlock
        session = self.session
        self.pilot.glitch_ms = self.car.glitch_ms if interlock.permits else 0
        self.pilot.take(inputs.high_mv, inputs.low_mv, session.pilot, now_ms)
        if not guard.ask(inputs, now_ms):
            open_now()
        self._rest_ms += elapsed_ms(now_ms, self._last_ms)
        self._last_ms = now_ms
        if self._rest_ms >= 1000:
            self.uptime_s += self._rest_ms // 1000
            self._rest_ms %= 1000
        guard.find_faults(inputs, now_ms)
        self._work(slot, now_ms)
        if self._untold < 0:
            self._untold = session.state
        if guard.advance(self.offer.offer_ma > 0, now_ms) != self._untold:
            self._changed(self._untold, now_ms)
        self._untold = -1
        permits = guard.ask(inputs, now_ms)
        if permits and not self._was_permitted:
            self.patience.fed(self.uptime_s)
        self._was_permitted = permits
        self._record(slot)

    def _work(self, slot: int, now_ms: int) -> None:
        """What has its turn in this tick; everything where ticks are far apart, or a person wished something."""
        if slot == EVERY or self.wishes.is_new:
            self._work_all(now_ms)
        else:
            self._turns[slot](now_ms)

    def _rest(self, _now_ms: int) -> None:
        """Nothing has this turn."""

    def _work_all(self, now_ms: int) -> None:
        self._choose_lamp(now_ms)
        self._count(now_ms)
        if self._must_decide:
            self._decide(now_ms)
        else:
            self._learn(now_ms)
        self._take_reading(now_ms)
        self._follow_meter(now_ms)
        self._limit_by_plug(now_ms)
        self._limit(now_ms)
        self._wake(now_ms)

    def _follow_meter(self, now_ms: int) -> None:
        """Second of a reading: the caps and the offer that come of it."""
        if self._must_follow:
            self._must_follow = False
            self._limit_by_meter(now_ms)

    def _limit_by_plug(self, now_ms: int) -> None:
        self.protection.limit(self.inputs, self.offer)
        self._choose_offer(now_ms)

    def _count(self, now_ms: int) -> None:
        """Energy, a boost that ends by it, and the car's patience."""
        spent_ms = elapsed_ms(now_ms, self._counted_ms)
        self._counted_ms = now_ms
        energy = self.energy
        boost = self.wishes.boost
        is_permitted = self.interlock.permits
        if is_permitted:
            energy.add(self.car_w, spent_ms)
        if boost.is_running:
            boost.count(energy.wh, now_ms)
        if self.uptime_s != self._weighed_s:
            self._weighed_s = self.uptime_s
            self.patience.second(is_permitted, self.offer.offer_ma, self.uptime_s)

    def _limit(self, now_ms: int) -> None:
        """The caps of settings and wishes, and those that follow the meter."""
        wishes = self.wishes
        if wishes.is_new:
            wishes.take_up(self.energy.wh, now_ms)
        settings = self.settings
        caps_ma = self.offer.caps_ma
        full_ma = self.protection.full_ma
        caps_ma[CAP_SETTING] = settings.max_ma
        caps_ma[CAP_STOP] = 0 if wishes.is_stopped else full_ma
        caps_ma[CAP_MODE] = 0 if settings.mode == "off" else full_ma
        self.car_w = self._drawn_w()
        self._limit_by_meter(now_ms)

    def _choose_lamp(self, _now_ms: int) -> None:
        self._lamp = face.LAMPS[self.reason]
        self._blinks = face.blinks(FAULT_SHORT if self.session.state == STATE_E else self.faults.bits)

    def _limit_by_meter(self, now_ms: int) -> None:
        """The caps of the meter, the sun and the car's pause; and the offer that comes of all."""
        is_led = self.is_sun_led
        offer = self.offer
        caps_ma = offer.caps_ma
        full_ma = self.protection.full_ma
        self.protection.limit_by_meter(self.inputs, offer, now_ms)
        if caps_ma[CAP_METER] == 0:
            self.surplus.off()
        caps_ma[CAP_SUN] = self._sun_cap_ma() if is_led else full_ma
        self._is_for_sun = not is_led or self.surplus.cap_ma > 0
        is_minded = is_led or self.car.name != ""
        caps_ma[CAP_CAR] = 0 if is_minded and self.patience.needs_pause(self.uptime_s) else full_ma
        self._choose_offer(now_ms)

    def _choose_offer(self, now_ms: int) -> None:
        offer_ma = self.offer.choose(now_ms)
        if offer_ma != self._driven_ma:
            self.duty_bp = duty_bp_from_ma(offer_ma)
            self.pilot.duty_changed(now_ms)
            self._driven_ma = offer_ma  # last: a Ctrl-C may break the tick off, which is then made again

    @property
    def is_sun_led(self) -> bool:
        """Whether the sun has a say: in modes solar, eco and min, unless a person wants all now."""
        mode = self.settings.mode
        if mode != "solar" and mode != "eco" and mode != "min":
            return False
        return not (self.wishes.is_boosted or self.wishes.boost.is_running)

    def _sun_cap_ma(self) -> int:
        if self.phase_wish is not None and self.phase_wish.is_changing:
            return 0
        if self.surplus.cap_ma == 0 and self.patience.is_welcome and self._has_meter:
            return self.patience.welcome_ma
        return self.surplus.cap_ma

    def _drawn_w(self) -> int:
        # Its clamp's word counts through an open contactor too: it is of the same moment as the grid's.
        car_w = self.inputs.car_w
        if car_w is not None:
            return car_w * self.phases if self.is_sun_blind else car_w
        return self._offered_ma() * self._nominal_v // 1000 * self.phases

    def _offered_ma(self) -> int:
        """What is offered through a permitted contactor, else 0."""
        return self.offer.offer_ma if self.interlock.permits else 0

    def _take_reading(self, now_ms: int) -> None:
        """First of a reading: the main fuse, and following the sun."""
        if not self.protection.is_new(self.inputs):
            return
        self._must_follow = True
        self._must_decide = self._must_decide or not self._must_learn  # readings as fast as ticks do not starve it
        self._must_learn = True
        inputs = self.inputs
        settings = self.settings
        grid_w = inputs.grid_w
        if grid_w is None:
            return
        volts = self._nominal_v * self.phases
        if self.is_sun_blind:
            grid_w *= self.phases  # one clamp stands for all
        car_w = self.car_w = self._drawn_w()
        known_w = None
        least_car_ma = car_w * 1000 // volts
        if inputs.car_w is not None:
            known_w = car_w
            least_car_ma = min(least_car_ma, inputs.least_car_ma)
        # Of the calibrated power and the whole current by the board's figures the larger guards the fuse.
        house_ma = max((grid_w - car_w) * 1000 // volts, inputs.grid_ma - least_car_ma)
        self.protection.measure(house_ma, settings.fuse_ma, inputs.meter_at_ms, now_ms)
        if self.is_sun_blind or not self.is_sun_led:
            self.surplus.off()
            return
        self.surplus.measure(grid_w, known_w, self._offered_ma(), volts, settings, self.car, now_ms)

    def _decide(self, now_ms: int) -> None:
        """Then: whether to charge from the sun, and on how many phases."""
        if not self._must_decide:
            return
        self._must_decide = False
        if not self.is_sun_blind and self.is_sun_led:
            self.surplus.decide(self.settings, self.car)
        if self.phase_wish is not None:
            self._choose_phases(self.phase_wish, now_ms)

    def _learn(self, now_ms: int) -> None:
        """And what the reading says of the car."""
        if not self._must_learn:
            return
        self._must_learn = False
        if self.inputs.car_w is None:
            return
        offered_ma = self._offered_ma()
        drawn_ma = self._drawn_w() * 1000 // (self._nominal_v * self.phases)
        self.guard.overdraw.watch(offered_ma, drawn_ma, self.car.lag_ms, now_ms)
        self.learn.study(self.car, offered_ma, drawn_ma, now_ms)

    def _choose_phases(self, wish: "PhaseWish", now_ms: int) -> None:
        most_ma = min(self.protection.full_ma, self.settings.max_ma)
        is_charging = self._offered_ma() > 0
        self.phases = wish.weigh(self.surplus.available_w, most_ma, self._nominal_v, is_charging, now_ms)

    def _wake(self, now_ms: int) -> None:
        """Begin a pulse that is due, or wished for."""
        guard = self.guard
        session = self.session
        wishes = self.wishes
        if self.inputs.cable_ma == 0:
            session.end_pulse()
        is_wished = wishes.wants_pulse
        wishes.wants_pulse = False
        if not guard.is_surely_open(self.inputs):
            return
        offer = self.offer
        is_auto = self.settings.wake != 0
        sun_in_ms = 0
        if is_auto and offer.limiter == CAP_SUN and offer.caps_ma[CAP_CAR] > 0:
            sun_in_ms = self.surplus.waiting_ms()
        state = session.state
        is_for_sun = self._is_for_sun
        wake = self.wake
        is_due = self.waking.is_due(state, offer.offer_ma, is_auto and is_for_sun, sun_in_ms, now_ms, self.uptime_s)
        if is_due or (is_wished and state == STATE_B2 and is_for_sun and wake.take_now(self.uptime_s)):
            session.start_pulse(wake.pilot, wake.length_ms, now_ms)
            self.journal.add(self.uptime_s, EVENT_PULSE, wake.length_ms)
            self.ledger.evidence.pulse(wake.pilot, wake.length_ms)

    def _changed(self, was: int, now_ms: int) -> None:
        """The session left state `was`."""
        state = self.session.state
        self._tell()
        self.journal.changed(self.facts, was, now_ms)
        self.ledger.changed(self.facts, was, now_ms)
        self.waking.changed(state, was, self.offer.offer_ma, self.uptime_s)
        if state == STATE_A:
            self.waking.unplugged()
            self.self_test.forget()
            self.energy.clear()
            self.wishes.forget()
            self.learn.forget()

    def _record(self, slot: int) -> None:
        """Events at once; each second told, looked at and booked, one of the three a tick; facts when somebody asks."""
        journal = self.journal
        if self.interlock.permits != journal.is_told_closed or self.faults.bits != journal.told_faults:
            self._tell()
            journal.switched(self.facts)
        if self.wishes.wants_facts:
            self.wishes.wants_facts = False
            self._tell_all()
        if slot != EVERY and slot != _RECORD:
            return
        if self._stage == _BOOK:
            self._stage = _TELL
            self.ledger.book(self.facts)
        elif self._stage == _LOOK:
            self._stage = _BOOK
            self.ledger.look(self.facts, journal.base_s)
        elif self.uptime_s != self._told_s:
            self._told_s = self.uptime_s
            self._tell()
            journal.second(self.facts)
            self._stage = _LOOK
            if slot == EVERY:
                self._stage = _BOOK
                self.ledger.look(self.facts, journal.base_s)

    def _tell(self) -> None:
        """Fill the facts that the record needs."""
        facts = self.facts
        inputs = self.inputs
        offer = self.offer
        caps_ma = offer.caps_ma
        facts.uptime_s = self.uptime_s
        facts.state = self.session.state
        facts.raw = self.pilot.raw
        facts.is_still = self.pilot.raw == self.pilot.stable
        facts.high_mv = inputs.high_mv
        facts.low_mv = inputs.low_mv
        facts.is_permitted = self.interlock.permits
        facts.faults = self.faults.bits
        facts.is_stuck = self.guard.is_stuck
        facts.is_tested = self.self_test.is_passed
        facts.offer_ma = offer.offer_ma
        facts.limiter = offer.limiter
        facts.is_stopped = caps_ma[CAP_STOP] == 0
        facts.is_off = caps_ma[CAP_MODE] == 0
        facts.is_blind = caps_ma[CAP_METER] == 0
        facts.cable_ma = inputs.cable_ma
        facts.temperature_cdeg = inputs.temperature_cdeg
        facts.grid_w = inputs.grid_w
        facts.clamp_w = inputs.car_w
        facts.car_w = self._drawn_w()
        facts.meter_at_ms = inputs.meter_at_ms
        facts.session_wh = self.energy.wh
        self._tell_of_settings(facts)
        self._tell_of_car(facts)

    def _tell_of_settings(self, facts: Facts) -> None:
        settings = self.settings
        mode = MODES.index(settings.mode)
        facts.mode = mode
        facts.wants_all = self.wishes.is_boosted or mode == _FAST or mode == _MIN
        facts.max_ma = settings.max_ma
        facts.fuse_ma = settings.fuse_ma
        facts.import_w = settings.import_w

    def _tell_of_car(self, facts: Facts) -> None:
        car = self.car
        wake = self.wake
        surplus = self.surplus
        facts.min_ma = car.min_ma
        facts.min_off_s = car.min_off_s
        facts.may_stop = car.may_stop
        facts.is_full = wake.is_full
        facts.is_given_up = wake.is_given_up
        facts.has_pulsed = wake.has_pulsed
        facts.pulses = wake.attempts
        facts.sun_why = surplus.why
        facts.sun_held_ms = surplus.switch.held_ms

    def _tell_all(self) -> None:
        """These, and what a person wants to see beside them."""
        self._tell()
        facts = self.facts
        inputs = self.inputs
        wishes = self.wishes
        surplus = self.surplus
        boost = wishes.boost
        facts.pilot = self.session.pilot
        facts.is_closed = inputs.contactor_closed
        facts.sun_w = inputs.sun_w
        facts.meter_reason = inputs.meter_reason
        facts.why = self.reason
        facts.is_boosted = wishes.is_boosted
        facts.boost_wh = boost.left_wh if boost.is_running else 0
        facts.boost_s = boost.left_s if boost.is_running else 0
        facts.is_led = self.is_sun_led
        facts.available_w = surplus.available_w
        facts.is_sun_on = surplus.cap_ma > 0
        facts.waiting_s = surplus.waiting_ms() // 1000
        facts.interruptions = self.patience.spent

    @property
    def reason(self) -> int:
        """Why it does what it does, a reason of core/face.py."""
        guard = self.guard
        why = face.reason(
            self.session.state, self.offer, self.wake, self.interlock.permits, self.self_test.is_passed, guard.is_stuck
        )
        return face.refined(why, self.learn.is_idle, self.is_sun_blind, self.is_sun_led, self.surplus.why)

    def is_lit(self, now_ms: int) -> bool:
        """Whether the status lamp is on, by the reason of the last round."""
        return face.is_lit(self._lamp, self._blinks, now_ms)

    def press(self, is_pressed: bool, now_ms: int) -> None:
        """Take the button: short stops or resumes, long charges fast until unplugged."""
        press = self.button.press(is_pressed, now_ms)
        if press == face.PRESS_NONE:
            return
        if press == face.PRESS_SHORT and self.wishes.is_stopped:
            self.wishes.start()
        elif press == face.PRESS_SHORT:
            self.wishes.stop()
        elif press == face.PRESS_LONG:
            self.wishes.boost_until_unplugged()
