"""`machine` of MicroPython 1.26 and newer on a plain ESP32, in front of the virtual charger.

Behaviour by behaviour as in micropython_esp32.md, sections 1, 2, 3 and 6; only what a charger needs.
"""

from micropython import const

from virtual import current as _current
from virtual.adc import ADC
from virtual.clock import FAR_MS as _FAR_MS
from virtual.dates import date_of as _date_of
from virtual.dates import seconds_of as _seconds_of
from virtual.gpio import PWM, Pin
from virtual.scheduler import HARD_RESET, PWRON_RESET, SOFT_RESET, WDT_RESET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable

    from virtual.chip import Chip

__all__ = ["ADC", "HARD_RESET", "PWM", "PWRON_RESET", "Pin", "RTC", "SOFT_RESET", "WDT", "WDT_RESET", "Timer"]
__all__ += ["freq", "reset", "reset_cause"]


def reset_cause() -> int:
    """Why the chip started: 1 power or brownout, 2 machine.reset() or panic, 3 watchdog, 5 Ctrl-D."""
    chip: Chip = _current.world
    return chip.reset_cause


def reset() -> None:
    """Does not return: asks the harness for a hard reset and leaves by SystemExit; outputs are dead from here."""
    chip: Chip = _current.world
    chip.scheduler.reset_request = HARD_RESET
    raise SystemExit


def freq(hz: int) -> None:
    """Set the CPU clock in Hz; the opcode time does not follow it."""
    if hz not in (20000000, 40000000, 80000000, 160000000, 240000000):
        raise ValueError("frequency must be 20MHz, 40MHz, 80Mhz, 160MHz or 240MHz")


class Timer:
    """A soft timer: its callback waits in the scheduler's queue."""

    ONE_SHOT = const(0)
    PERIODIC = const(1)

    def __init__(self, timer_id: int, **settings) -> None:  # type: ignore[no-untyped-def]  # any callable
        if not 0 <= timer_id <= 3:
            raise ValueError("invalid Timer number")
        self.id = timer_id
        chip: Chip = _current.world
        self._clock = chip.clock
        self._scheduler = chip.scheduler
        self.callback: Callable[[Timer], object] | None = None
        self.due_ms = 0
        self._period_ms = 0
        if settings:
            self.init(**settings)

    def init(self, *, mode: int = 1, period: int = -1, callback=None) -> None:  # type: ignore[no-untyped-def]  # any callable
        """Call `callback(timer)` every `period` ms, or once."""
        if period <= 0:
            raise ValueError("period must be positive")
        self.callback = callback
        self._period_ms = period if mode == Timer.PERIODIC else 0
        self.due_ms = self._clock.ms + period
        self._scheduler.start(self)

    def rearm(self, ms: int) -> None:
        """It fired at `ms`."""
        self.due_ms = self.due_ms + self._period_ms if self._period_ms else _FAR_MS

    def deinit(self) -> None:
        """Stop."""
        self._scheduler.stop(self)


class WDT:
    """The task watchdog: cannot be stopped; made again, it takes the new timeout."""

    def __init__(self, id: int = 0, timeout: int = 5000) -> None:
        if id != 0:
            raise ValueError("WDT(%d) doesn't exist" % id)
        if timeout <= 0:
            raise ValueError("WDT timeout too short")
        chip: Chip = _current.world
        self._scheduler = chip.scheduler
        self._scheduler.arm_watchdog(timeout)

    def feed(self) -> None:
        """Start its timeout anew."""
        self._scheduler.feed()


class RTC:
    """The RTC's time of day and its 2048 bytes of memory, which only a loss of power clears."""

    def datetime(self, date: "tuple[int, ...] | None" = None) -> "tuple[int, ...] | None":
        """Read or set (year, month, day, weekday, hour, minute, second, microsecond)."""
        chip: Chip = _current.world
        if date is None:
            year, month, day, hour, minute, second, weekday, _ = _date_of(chip.clock_s)
            return year, month, day, weekday, hour, minute, second, chip.us
        chip.set_clock(_seconds_of(date[0], date[1], date[2], date[4], date[5], date[6]))
        return None

    def memory(self, data: "bytes | array[int] | None" = None) -> bytes | None:
        """Read or replace them, by the bytes of anything that has bytes."""
        chip: Chip = _current.world
        if data is None:
            return chip.rtc_memory
        kept = bytes(data)
        if len(kept) > 2048:
            raise ValueError("buffer too long")
        chip.rtc_memory = kept
        return None
