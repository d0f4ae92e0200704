"""The charger: board data, drivers and controller put together, and the tick that carries values between them.

Knows the order of one tick; decides nothing.
"""

from machine import Timer
from micropython import const

from evse.app.clock import now_ms as read_clock_ms
from evse.app.keeper import Keeper
from evse.app.measuring import Measuring
from evse.core import faults, journal
from evse.core.controller import Controller
from evse.core.proximity import cable_ma_from_ohm, ohm_from_mv
from evse.core.ticks import elapsed_ms, is_late
from evse.core.types import PILOT_MINUS12, STATE_D2, STATE_WAKE
from evse.drivers.contactor import Contactor
from evse.drivers.parts import Fan, Panel, Proximity, Residual, Temperature
from evse.drivers.pilot import PilotDriver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PERIOD_MS = const(20)
_SLOW_EVERY = const(5)  # proximity and temperature each 100 ms: a plug that changes is noticed within 200
_HOUSEKEEPING_MS = const(1000)


class Charger:
    """Built once at boot from a checked board; start() arms the tick."""

    def __init__(self, board: dict) -> None:  # type: ignore[type-arg]  # Any is typing's, not the chip's
        pins = board["pins"]
        self.contactor = Contactor(pins)
        self.board = board
        self.pilot = PilotDriver(board, pins)
        self.residual = Residual(pins)
        self.proximity = None if pins["proximity_adc"] is None else Proximity(pins["proximity_adc"])
        self.temperature = Temperature(board, pins)
        self.panel = Panel(pins)
        self.fan = Fan(pins)
        self.meter = None if pins["grid_adc"] is None else Measuring(board)
        self.controller = Controller(
            board["max_ma"],
            pins["fan"] is not None,
            self.pilot.has_switch,
            self.meter is not None,
            board["fuse_ma"],
            board["nominal_v"],
            board["phases"],
        )
        self.tick_count = 0
        self.tick_errors = 0
        self.late_count = 0
        self.last_error: BaseException | None = None
        self.keeper = Keeper(self.controller, self.meter)
        self._timer = Timer(0)
        self._housekeeper = Timer(1)
        self._feed: Callable[[], object] = _no_watchdog
        self._last_ms = 0

    def start(self, feed: "Callable[[], object]") -> None:
        """Arm the 20 ms tick; `feed` is called at the end of each tick that worked."""
        self._feed = feed
        self._last_ms = read_clock_ms()
        self.controller.begin(self._last_ms)
        self._timer.init(period=PERIOD_MS, mode=Timer.PERIODIC, callback=self.tick)
        self._housekeeper.init(period=_HOUSEKEEPING_MS, mode=Timer.PERIODIC, callback=self._keep_house)

    def tick(self, _timer: Timer) -> None:
        """One period; whatever escapes opens the contactor.

        Done again once, because on the ESP32 a Ctrl-C meant for the REPL can be raised in here.
        """
        for _ in (0, 1):
            try:
                self._tick()
                return
            except KeyboardInterrupt:
                continue
            except BaseException as error:
                self.last_error = error
                break
        self._fail()

    def _fail(self) -> None:
        self.contactor.open()
        self.tick_errors += 1
        self.controller.faults.latch(faults.TICK)
        self.pilot.drive(PILOT_MINUS12, 0)
        # The watchdog starves now; the next boot finds the mark and keeps the fault.
        self.keeper.recall.crash()

    def _tick(self) -> None:
        now_ms = read_clock_ms()
        since_ms = elapsed_ms(now_ms, self._last_ms)
        if since_ms < PERIOD_MS // 2:
            return  # a burst of queued callbacks after a stall
        controller = self.controller
        inputs = controller.inputs
        inputs.is_late = is_late(now_ms, self._last_ms)
        self.pilot.sample()
        inputs.high_mv = self.pilot.high_mv
        inputs.low_mv = self.pilot.low_mv
        inputs.residual_tripped = self.residual.is_tripped()
        was_closed = controller.interlock.permits
        if not controller.read(now_ms):
            self.contactor.open()
            if was_closed and inputs.is_late:
                self.late_count += 1
                controller.journal.add(controller.uptime_s, journal.LATE, since_ms)
        self._read_slow_inputs()
        controller.decide(now_ms)
        self._put_out(now_ms)
        self._measure(now_ms)
        self.tick_count += 1
        self._feed()
        self._last_ms = now_ms  # last of all: a tick broken off counts as not done

    def _read_slow_inputs(self) -> None:
        inputs = self.controller.inputs
        inputs.contactor_closed = self.contactor.is_closed()
        if self.tick_count % _SLOW_EVERY == 0:
            inputs.cable_ma = self._cable_ma()
            inputs.temperature_cdeg = self.temperature.cdeg()

    def _cable_ma(self) -> int:
        board = self.board
        if self.proximity is None:
            return int(board["cable_ma"])
        return cable_ma_from_ohm(
            ohm_from_mv(self.proximity.mv(), board["proximity_pullup_ohm"], board["proximity_supply_mv"])
        )

    def _put_out(self, now_ms: int) -> None:
        controller = self.controller
        if controller.interlock.permits:
            self.contactor.renew()
        self.contactor.settle()
        self.pilot.drive(controller.session.pilot, controller.duty_bp)
        self.residual.press_test(controller.self_test.is_pressing)
        self.fan.run(controller.session.state == STATE_D2)
        controller.press(self.panel.is_pressed(), now_ms)
        self.panel.light(controller.is_lit(now_ms))
        is_pulse = controller.session.state == STATE_WAKE  # a write would lengthen it
        self.keeper.tick(not (controller.interlock.permits or controller.inputs.contactor_closed or is_pulse))

    def _measure(self, now_ms: int) -> None:
        if self.meter is not None:
            controller = self.controller
            self.meter.metering.may_flip = controller.settings.fix_clamp != 0
            self.meter.step(self.tick_count, controller.interlock.permits, controller.inputs, now_ms)

    def _keep_house(self, _timer: Timer) -> None:
        self.keeper.second()


def _no_watchdog() -> None:
    """Before start() there is nothing to feed."""
