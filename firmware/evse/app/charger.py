"""The charger: board data, drivers and controller put together, and the tick that carries values between them.

Knows the order of one tick; decides nothing.
"""

from time import ticks_ms

from machine import Timer
from micropython import const

from evse.app.keeper import Keeper
from evse.core.controller import PLUG_EVERY, ROUNDS_TICKS, SLOTS, Controller
from evse.drivers.meter import Meter
from evse.drivers.pins import Contactor, Fan, Panel, PilotDriver, Proximity, Residual, Temperature
from evse.meter.metering import Metering
from evse.record.facts import Facts
from evse.safety.guard import FAULT_TICK
from evse.safety.limits import GAP_MS, PILOT_MINUS12, STATE_D2, STATE_WAKE, Inputs, elapsed_ms
from evse.safety.offer import cable_ma_from_ohm, ohm_from_mv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PERIOD_MS = const(20)
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
        self._open = self.contactor.open
        self._timer = Timer(0)
        self._housekeeper = Timer(1)
        self._feed: Callable[[], object] = _no_watchdog
        self._last_ms = 0

    def start(self, feed: "Callable[[], object]") -> None:
        """Arm the 20 ms tick; `feed` is called at the end of each tick that worked."""
        self._feed = feed
        self._last_ms = now_ms()
        self.controller.begin(self._last_ms)
        self._timer.init(period=PERIOD_MS, mode=Timer.PERIODIC, callback=self.tick)
        self._housekeeper.init(period=_HOUSEKEEPING_MS, mode=Timer.PERIODIC, callback=self._keep_house)

    @property
    def may_load(self) -> bool:
        """Whether the contactor is surely open and no closing has begun: from flash an import takes 25-110 ms."""
        guard = self.controller.guard
        return guard.is_surely_open(self.controller.inputs) and not guard.interlock.ready.is_running

    @property
    def since_tick_ms(self) -> int:
        """How long ago the last tick began."""
        return elapsed_ms(now_ms(), self._last_ms)

    @property
    def facts(self) -> Facts:
        """What is so, as the controller told it last: once a second, and when somebody asked for it."""
        return self.controller.facts

    def tick(self, _timer: Timer) -> None:
        """One period; whatever escapes opens the contactor.

        Done again once, because on the ESP32 a Ctrl-C meant for the REPL can be raised in here.
        """
        for _ in range(2):
            try:
                self._tick()
                return
            except KeyboardInterrupt:
                pass
            except BaseException as error:
                self.last_error = error
                break
        self._fail()

    def _fail(self) -> None:
        self.contactor.open()
        self.tick_errors += 1
        self.controller.faults.latch(FAULT_TICK)
        self.controller.facts.faults = self.controller.faults.bits  # the tick, which tells them, has failed
        self.pilot.drive(PILOT_MINUS12, self.controller.duty_bp)
        # The watchdog starves now; the next boot finds the mark and keeps the fault.
        self.keeper.recall.crash()

    def _tick(self) -> None:
        now = now_ms()
        since_ms = elapsed_ms(now, self._last_ms)
        if since_ms < PERIOD_MS // 2:
            return  # a burst of queued callbacks after a stall
        controller = self.controller
        inputs = controller.inputs
        inputs.is_late = since_ms > GAP_MS
        if inputs.is_late and controller.interlock.permits:
            self.late_count += 1
            controller.note_gap(since_ms, False)
        slot = SLOTS[self.tick_count % ROUNDS_TICKS]
        self._read(inputs, slot)
        controller.tick(now, slot, self._open)
        self._put_out(controller, slot, now)
        self._measure(controller, slot, now)
        self.tick_count += 1
        self._feed()
        self._last_ms = now  # last of all: a tick broken off counts as not done

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
        self.fan.run(state == STATE_D2)
        controller.press(self.panel.is_pressed(), now)
        if slot % 2 == 0:  # often enough for an eye
            self.panel.light(controller.is_lit(now))
        # In a pulse a write would lengthen it.
        self.keeper.tick(not (is_permitted or controller.inputs.contactor_closed or state == STATE_WAKE))

    def _measure(self, controller: Controller, slot: int, now: int) -> None:
        """A burst of one mains cycle, or a step of what follows from it."""
        metering = self.metering
        if metering is None:
            return
        if metering.work(slot, controller.interlock.permits, controller.inputs, now):
            self._meter.measure(  # type: ignore[union-attr]  # there with metering
                metering.reference, metering.current, metering.lock.rate, metering.sums
            )

    def _keep_house(self, _timer: Timer) -> None:
        if self.metering is not None:
            self.metering.may_flip = self.controller.settings.fix_clamp != 0
        self.keeper.second()


def now_ms() -> int:
    """Milliseconds since some past moment, 0..2^30-1."""
    return ticks_ms()  # type: ignore[return-value]  # the stubs hide that a tick is a plain int


def _no_watchdog() -> None:
    """Before start() there is nothing to feed."""
