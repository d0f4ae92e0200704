"""`machine.Pin` and `machine.PWM` of the ESP32 port: what the firmware writes goes to the world's pins.

An output waits for the callback's opcode debt first, and is dead once the chip has asked for a reset.
"""

from micropython import const

from . import current as _current
from .pins import LEDC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .chip import Chip

_INPUT_ONLY = const(34)  # GPIO 34..39 cannot drive


class Pin:
    """One GPIO; a new object without a mode leaves the pin as it is."""

    IN = const(1)
    OUT = const(3)
    PULL_DOWN = const(1)
    PULL_UP = const(2)

    def __init__(self, number: int, mode: int = -1, pull: int = -1, *, value: int = -1) -> None:
        if not 0 <= number < 40 or number in (20, 24, 28, 29, 30, 31):
            raise ValueError("invalid pin")
        if mode == Pin.OUT and number >= _INPUT_ONLY:
            raise ValueError("pin can only be input")
        chip: Chip = _current.world
        self.pin = chip.pins.all[number]
        self._pins = chip.pins
        self._scheduler = chip.scheduler
        if value >= 0:  # the level is set before the pin becomes an output: no glitch
            self.value(value)
        if mode >= 0 and self._scheduler.reset_request is None:
            chip.pins.set_mode(self.pin, mode, pull if pull >= 0 else 0)

    def value(self, level: int = -1) -> int | None:
        """Read (0 or 1), or write the output."""
        if level < 0:
            return self.pin.level()
        scheduler = self._scheduler
        if scheduler.debt_us:
            scheduler.before_output()
        if scheduler.reset_request is None:
            self._pins.set_value(self.pin, 1 if level else 0)
        return None

    __call__ = value


class PWM:
    """A LEDC channel; duties latch at the next period, 65535 is constant high."""

    def __init__(self, pin: Pin, *, freq: int = 5000, duty_u16: int = 32768) -> None:
        chip: Chip = _current.world
        self._pin = pin.pin
        self._clock = chip.clock
        self._pins = chip.pins
        self._scheduler = chip.scheduler
        if self._pin.number >= _INPUT_ONLY:
            raise ValueError("pin can only be input")
        if self._scheduler.reset_request is None:
            self._pins.start_ledc(self._pin, freq, duty_u16)

    def duty_u16(self, duty_u16: int = -1) -> int | None:
        """The running duty, 0..65535 (just after a write still the old one), or ask for another."""
        if self._pin.mode != LEDC:
            raise RuntimeError("PWM is inactive")
        pin = self._pin
        if duty_u16 < 0:
            return pin.duty_u16
        if duty_u16 > 65535:
            raise ValueError("duty_u16 must be from 0 to 65535")
        scheduler = self._scheduler
        if scheduler.debt_us:
            scheduler.before_output()
        if pin.next_duty_u16 != duty_u16 and scheduler.reset_request is None:
            pin.next_duty_u16 = duty_u16
            self._clock.latch_wanted = True
        return None
