"""What is wired to which pin: board file, chip and plant put together.

The only file that knows what a pin means; the chip does not know the plant nor the plant the chip.
"""

from .analog import Channel
from .car import Car
from .chip import Chip
from .clock import FAR_MS
from .contactor import Contactor
from .house import House
from .judge import Judge
from .pace import parse
from .pilot import Pilot
from .residual import Residual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

STEP_MS = 23  # grid of car and house; no divisor of the tick, so that every phase occurs
CABLE_OHM = 220  # coding resistor of a 32 A plug
UNCONNECTED_OHM = 1000000
# Coding resistor from, to, and what the cable carries; between two windows the lower rating (evse_facts, 5.1).
CABLES = ((60, 140, 63000), (141, 308, 32000), (309, 936, 20000), (937, 4500, 13000))


class Wiring(Chip):
    """A chip with its board and plant: carries outputs to the plant and the plant to the inputs."""

    def __init__(self, board: "dict[str, Any]", car: "dict[str, Any]", chip: str) -> None:
        super().__init__(parse(chip))
        self.board = board
        pins = board["pins"]
        self._names = {number: name for name, number in pins.items() if number is not None}
        self.house = House(board)
        self._proximity = Channel()
        self._temperature = Channel()
        self.channels = {
            pins["pilot_adc"]: Channel(True),
            pins["grid_adc"]: self.house.grid_channel,
            pins["phase_adc"]: self.house.phase_channel,
            pins["car_adc"]: self.house.car_channel,
            pins["proximity_adc"]: self._proximity,
            pins["temperature_adc"]: self._temperature,
        }
        for channel in (self.house.grid_channel, self.house.phase_channel, self.house.car_channel):
            channel.caller_us = self.pace.loop_read_us
        self.pilot = Pilot(board, car, self.channels[pins["pilot_adc"]])
        self.car = Car(car, self.pilot)
        self.mood = self.car.mood
        self.quirks = self.car.quirks
        self.bounce_ms: int = car.get("bounce_ms", 0)
        self.contactor = Contactor(board["one_shot_ms"])
        self._is_energised = False
        self.residual = Residual()
        self.judge = Judge(board, self)
        self.cable_ohm = CABLE_OHM  # of the plug; 0: broken off
        self.temperature_cdeg = 2500
        self.grid_ms = STEP_MS  # next step of car and house
        self.cycle_ms = FAR_MS  # next cycle of the mains, if something is switched by cycles
        self.released_ms = FAR_MS  # when the button is let go
        self._plan: list[tuple[int, Callable[[], None]]] = []
        self._level("residual_trip", 0)
        self._level("button", 1)
        self.refresh()

    def refresh(self) -> None:
        """Take effect of attributes changed by hand: cable_ohm, temperature_cdeg, pilot.short, a channel's errors."""
        self._work_out()
        self._pilot_changed()

    def soft_reset(self) -> None:
        """As the chip's, and the judge knows."""
        self.judge.chip_reset()
        super().soft_reset()

    def hard_reset(self, cause: int) -> None:
        """As the chip's, and the judge knows."""
        self.judge.chip_reset()
        super().hard_reset(cause)

    def _work_out(self) -> None:
        """What follows from the attributes at this moment: voltages at the ADC, levels at the inputs."""
        board = self.board
        self.house.refresh()
        self.house.step(self.ms // 1000, self.car.ma)
        if self.house.loads:
            self.cycle_ms = self.clock.ms
            self.clock.poke()
        ohm = self.cable_ohm if self.pilot.plugged and self.cable_ohm else UNCONNECTED_OHM
        pullup_ohm = board["proximity_pullup_ohm"]
        drop_mv_x10 = board["proximity_supply_mv"] * 10 * pullup_ohm // (pullup_ohm + ohm)
        self._proximity.set_steady(board["proximity_supply_mv"] * 1000 - drop_mv_x10 * 100)
        per_cdeg_uv = board["temperature_uv_per_cdeg"]
        self._temperature.set_steady(board["temperature_offset_mv"] * 1000 + per_cdeg_uv * self.temperature_cdeg)
        self.pilot.update()
        self._show_contacts()

    def cable_ma(self) -> int:
        """What the cable carries: by its resistor at a socket (0: none), by the board file when tethered."""
        if self.board["pins"]["proximity_adc"] is None:
            tethered_ma: int = self.board["cable_ma"]
            return tethered_ma
        for least_ohm, most_ohm, ma in CABLES:
            if least_ohm <= self.cable_ohm <= most_ohm:
                return ma
        return 0

    def _step(self) -> None:
        """Everything due at this ms, then when to look again."""
        ms = self.clock.ms
        self.clock.poke()  # time goes on even if an exception leaves this
        while self._plan and self._plan[0][0] <= ms:
            self._plan.pop(0)[1]()
        self.scheduler.step(ms)
        if self.residual.step(ms):
            self.contactor.cut = self.residual.tripped
            self._level("residual_trip", 1 if self.residual.tripped else 0)
            self.judge.trip_changed(ms, self.residual.tripped)
        has_moved = self.contactor.step(ms)
        self._look_at_coil(ms)
        if has_moved:
            self._show_contacts()
            self.judge.contacts_changed(ms, self.contactor.held)
        if ms >= self.released_ms:
            self.released_ms = FAR_MS
            self._level("button", 1)
        if ms >= self.grid_ms:
            self._live(ms)
        if ms >= self.cycle_ms:
            self.house.begin_cycle(self.clock.cycles)
            self.cycle_ms = self.clock.next_cycle_ms()
        due_ms = min(self.scheduler.due_ms(), self.contactor.due_ms(), self.residual.due_ms())
        due_ms = min(due_ms, self.released_ms, self.grid_ms, self.cycle_ms, self._plan[0][0] if self._plan else FAR_MS)
        self.clock.due_ms = due_ms if due_ms > ms else ms + 1

    def _live(self, ms: int) -> None:
        """Car, house and judge on their grid."""
        span_ms = STEP_MS + (ms - self.grid_ms)
        self.grid_ms = ms + STEP_MS
        if self.car.step(ms, span_ms, self.contactor.is_closed):
            self._pilot_changed()
        self.house.step(ms // 1000, self.car.ma)
        if self.house.drift is not None:
            self.clock.set_mains(self.house.drift.mhz_at(ms))
        self.judge.step(ms)

    def _output(self, number: int) -> None:
        """An output's drive changed."""
        name = self._names.get(number)
        drive_u16 = self.pins.all[number].drive_u16()
        ms = self.clock.ms
        if name == "pilot_pwm":
            self.pilot.duty_u16 = drive_u16
            self.pilot.freq_hz = self.pins.all[number].freq_hz
            self._pilot_changed()
        elif name == "alive":
            self.contactor.alive(ms)
            self._look_at_coil(ms)
        elif name == "contactor":
            self.contactor.wanted = drive_u16 > 0
            self.contactor.update(ms)
            self._look_at_coil(ms)
        elif name == "pilot_open":
            self.pilot.is_open = drive_u16 > 0
            self._pilot_changed()
        elif name == "residual_test":
            self.residual.test(drive_u16 > 0, ms)
        self.clock.poke()

    def _pilot_changed(self) -> None:
        self.pilot.update()
        self.car.look(self.clock.ms)
        self.judge.pilot_changed(self.clock.ms)

    def _look_at_coil(self, ms: int) -> None:
        if self.contactor.energised and not self._is_energised:
            self.judge.coil_energised(ms)
        self._is_energised = self.contactor.energised

    def _show_contacts(self) -> None:
        self._level("contactor_readback", 1 if self.contactor.is_closed else 0)

    def _level(self, name: str, level: int) -> None:
        number = self.board["pins"][name]
        if number is not None:
            self.pins.all[number].outside = level
