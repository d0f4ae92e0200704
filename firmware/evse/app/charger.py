"""The charger: board data, drivers and controller put together, and the tick that carries values between them.

Knows the order of one tick; decides nothing.
"""

from time import ticks_ms, ticks_us

from machine import Timer
from micropython import const

from evse.app.keeper import Keeper
from evse.app.keyboard import Keyboard
from evse.core.beat import PERIOD_MS, Beat
from evse.core.controller import PLUG_EVERY, ROUNDS_TICKS, SLOTS, Controller
from evse.drivers.meter import Meter
from evse.drivers.pins import Contactor, Fan, Panel, PilotDriver, Proximity, Residual, Temperature
from evse.meter.metering import Metering
from evse.record.facts import EVENT_BUSY, EVENT_LONGEST, Facts
from evse.safety.guard import FAULT_TICK
from evse.safety.limits import GAP_MS, PILOT_MINUS12, STATE_A, STATE_D2, STATE_WAKE, Inputs, elapsed_ms
from evse.safety.offer import cable_ma_from_ohm, ohm_from_mv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_WHEEL = const(0x3FFFFFFF)
_HOUSEKEEPING_MS = const(1000)


class Charger:
    """Built once at boot from a checked board, and its meter where it has one; start() arms the tick."""

    def __init__(
        self,
        board: dict,  # type: ignore[type-arg]  # Any is typing's, not the chip's
        metering: Metering | None,
        meter: Meter | None,
    ) -> None:
        pins = board["pins"]
        self.contactor = Contactor(pins)
        self.board = board
        self.pilot = PilotDriver(board, pins)
        self.residual = Residual(pins)
        self.proximity = None if pins["proximity_adc"] is None else Proximity(pins["proximity_adc"])
        self.temperature = Temperature(board, pins)
        self.panel = Panel(pins)
        self.fan = Fan(pins)
        self.metering = metering
        self._meter = meter
        self.controller = Controller(
            board["max_ma"],
            pins["fan"] is not None,
            self.pilot.has_switch,
            metering is not None,
            board["fuse_ma"],
            board["nominal_v"],
            board["phases"],
        )
        self.tick_count = 0
        self.tick_errors = 0
        self.late_count = 0
        self.last_error: BaseException | None = None
        self.keeper = Keeper(self.controller, self.metering)
        self.beat = Beat()
        self.chip_us = (0, 0)  # an ADC read and a thousand opcodes, as measured at boot
        self._keyboard = Keyboard()
        self._was_plugged = False
        self._open = self.contactor.open
        self._timer = Timer(0)
        self._housekeeper = Timer(1)
        self._feed: Callable[[], object] = _no_watchdog

    def start(self, feed: "Callable[[], object]") -> None:
        """Arm the 20 ms tick; `feed` is called at the end of each tick that worked."""
        self._feed = feed
        now = now_ms()
        self.beat.begin(now)
        self.controller.begin(now)
        self._timer.init(period=PERIOD_MS, mode=Timer.PERIODIC, callback=self.tick)
        self._housekeeper.init(period=_HOUSEKEEPING_MS, mode=Timer.PERIODIC, callback=self._keep_house)

    @property
    def may_load(self) -> bool:
        """Whether the contactor is surely open and no closing has begun: from flash an import takes 25-110 ms."""
        guard = self.controller.guard
        return guard.is_surely_open(self.controller.inputs) and not guard.interlock.ready.is_running

    @property
    def room_ms(self) -> int:
        """How long until the next tick is due; 0 when it is."""
        return self.beat.room_ms(now_ms())

    @property
    def facts(self) -> Facts:
        """What is so, as the controller told it last: once a second, and when somebody asked for it."""
        return self.controller.facts

    def tick(self, _timer: Timer) -> None:
        """One period; whatever escapes opens the contactor.

        On the ESP32 a Ctrl-C meant for the REPL can be raised in here: the tick is made again, and the program gets it.
        """
        if self._is_whole():
            return
        self._keyboard.deafen()
        self._is_whole()
        self._keyboard.press()

    def _is_whole(self) -> bool:
        """Make the ticks that are due; False when a Ctrl-C broke one off."""
        try:
            # A burst outlasts the period: the next tick comes before the program at the REPL has its turn.
            if self._tick():
                self._tick()
        except KeyboardInterrupt:
            return False
        except BaseException as error:
            self._fail(error)
        return True

    def _fail(self, error: BaseException) -> None:
        self.contactor.open()
        self.last_error = error
        self.tick_errors += 1
        self.controller.faults.latch(FAULT_TICK)
        self.controller.facts.faults = self.controller.faults.bits  # the tick, which tells them, has failed
        self.pilot.drive(PILOT_MINUS12, self.controller.duty_bp)
        # The watchdog starves now; the next boot finds the mark and keeps the fault.
        self.keeper.recall.crash()

    def _tick(self) -> bool:
        """One tick, if it is due; whether the meter took a burst."""
        now = now_ms()
        beat = self.beat
        if not beat.is_due(now):
            return False  # one of a queue behind a stall or a burst
        began_us = ticks_us()
        controller = self.controller
        inputs = controller.inputs
        gap_ms = elapsed_ms(now, beat.last_ms)
        inputs.is_late = gap_ms > GAP_MS
        if gap_ms > PERIOD_MS and controller.interlock.permits:
            self._note_gap(gap_ms, now)
        slot = SLOTS[self.tick_count % ROUNDS_TICKS]
        self._read(inputs, slot)
        controller.tick(now, slot, self._open)
        self._put_out(controller, slot, now)
        beat.made(now)  # a Ctrl-C from here on costs a burst, not the tick
        self.tick_count += 1
        has_burst = self._measure(controller, slot, now)
        self._feed()
        beat.ended(now_ms(), (ticks_us() - began_us) & _WHEEL)  # type: ignore[operator]  # a tick is a plain int
        return has_burst

    def _note_gap(self, gap_ms: int, now: int) -> None:
        """A tick came later than the period with the contactor closed."""
        beat = self.beat
        beat.longest_ms = max(gap_ms, beat.longest_ms)
        if gap_ms > GAP_MS:
            self.late_count += 1
            self.controller.note_gap(gap_ms, beat.is_held(now))

    def _read(self, inputs: Inputs, slot: int) -> None:
        pilot = self.pilot
        pilot.sample()
        inputs.high_mv = pilot.high_mv
        inputs.low_mv = pilot.low_mv
        inputs.residual_tripped = self.residual.is_tripped()
        inputs.contactor_closed = self.contactor.is_closed()
        if slot % PLUG_EVERY == 0:
            inputs.cable_ma = self._cable_ma()
            inputs.temperature_cdeg = self.temperature.cdeg()

    def _cable_ma(self) -> int:
        board = self.board
        if self.proximity is None:
            return int(board["cable_ma"])
        return cable_ma_from_ohm(
            ohm_from_mv(self.proximity.mv(), board["proximity_pullup_ohm"], board["proximity_supply_mv"])
        )

    def _put_out(self, controller: Controller, slot: int, now: int) -> None:
        is_permitted = controller.interlock.permits
        state = controller.session.state
        if is_permitted:
            self.contactor.renew()
        else:
            self.contactor.open()
        self.pilot.drive(controller.session.pilot, controller.duty_bp)
        self.residual.press_test(controller.self_test.is_pressing)
        if slot % 2 == 0:  # often enough for an eye and a finger
            self.panel.light(controller.is_lit(now))
            controller.press(self.panel.is_pressed(), now)
            self.fan.run(state == STATE_D2)
        # In a pulse a write would lengthen it.
        self.keeper.tick(not (is_permitted or controller.inputs.contactor_closed or state == STATE_WAKE))

    def _measure(self, controller: Controller, slot: int, now: int) -> bool:
        """A burst of one mains cycle, or a step of what follows from it; which."""
        metering = self.metering
        if metering is None:
            return False
        is_plugged = controller.session.state != STATE_A
        if not metering.work(slot, is_plugged, controller.interlock.permits, controller.inputs, now):
            return False
        self._meter.measure(  # type: ignore[union-attr]  # there with metering
            metering.reference, metering.current, metering.lock.rate, metering.sums
        )
        return True

    def _keep_house(self, _timer: Timer) -> None:
        """Once a second; a Ctrl-C that strikes it is for the program at the REPL too, what it broke off for later."""
        if not self._is_kept():
            self._keyboard.press()

    def _is_kept(self) -> bool:
        try:
            if self.metering is not None:
                self.metering.may_flip = self.controller.settings.fix_clamp != 0
            self.beat.weigh(now_ms())
            self._note_chip()
            self.keeper.second()
        except KeyboardInterrupt:
            return False
        return True

    def _note_chip(self) -> None:
        """A plug-in has a longest gap of its own, and ends with it and the busy share in the journal."""
        controller = self.controller
        beat = self.beat
        is_plugged = controller.session.state != STATE_A
        if is_plugged and not self._was_plugged:
            beat.longest_ms = PERIOD_MS
        elif self._was_plugged and not is_plugged:
            controller.journal.add(controller.uptime_s, EVENT_BUSY, beat.busy_percent)
            controller.journal.add(controller.uptime_s, EVENT_LONGEST, beat.longest_ms)
        self._was_plugged = is_plugged


def now_ms() -> int:
    """Milliseconds since some past moment, 0..2^30-1."""
    return ticks_ms()  # type: ignore[return-value]  # the stubs hide that a tick is a plain int


def _no_watchdog() -> None:
    """Before start() there is nothing to feed."""
