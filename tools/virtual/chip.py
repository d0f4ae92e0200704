"""The ESP32 as a whole: clock, pins, scheduler, resets, RTC memory, and the stalls of flash, console and heap.

Base class of the world; does not know what is wired to the pins.
"""

from .clock import Clock
from .pace import LOOK_OPCODES, Pace
from .pins import Pins
from .scheduler import PWRON_RESET, SOFT_RESET, WDT_RESET, Scheduler

SOFT_RESET_MS = 60  # Ctrl-D until boot.py's first line
PANIC_MS = 200  # register dump before a watchdog reset; outputs hold meanwhile
BOOT_MS = 300  # bootloader until boot.py's first line
HEAP_KB = 122  # in use; what the budget allows after boot
TX_FIFO = 128


class Chip:
    """Time, callbacks and resets; a subclass supplies `_step()` and `_output(number)`."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.pins = Pins(self._output)
        self.clock = Clock(self._step, self.pins.latch)
        self.scheduler = Scheduler(self.clock, pace)
        self.heap_kb = HEAP_KB
        self.rtc_memory = b""
        self.reset_cause = PWRON_RESET
        self.interrupt_char = 3  # Ctrl-C, as while a program runs; micropython.kbd_intr() sets it
        self.clock_offset_s = 0  # the clock of day starts at 2000-01-01 when power comes
        self.wrap_ms = 0  # simulated ms at which ticks_ms() is 0; lets a test begin just before the wrap
        self.tx_chars = 0  # waiting in the UART's FIFO ...
        self.tx_ms = 0  # ... at this time

    @property
    def ms(self) -> int:
        """Whole ms since power-on."""
        return self.clock.ms

    @property
    def us(self) -> int:
        """Microseconds within this ms, 0..999."""
        return self.clock.us

    @property
    def clock_s(self) -> int:
        """The clock of day, in whole seconds since 2000-01-01."""
        return self.clock.ms // 1000 + self.clock_offset_s

    def set_clock(self, seconds: int) -> None:
        """Set it."""
        self.clock_offset_s = seconds - self.clock.ms // 1000

    @property
    def reset_request(self) -> int | None:
        """None, or the cause when the chip wants to restart; the harness answers by soft_reset() or hard_reset()."""
        return self.scheduler.reset_request

    def run_ms(self, span_ms: int) -> None:
        """Advance, one callback a pass; ends early at a reset request. Called in a callback, time only passes."""
        clock = self.clock
        scheduler = self.scheduler
        if scheduler.in_callback:
            self.stall_ms(span_ms)
            return
        end_ms = clock.ms + span_ms
        while clock.ms < end_ms and scheduler.reset_request is None:
            if scheduler.queued:
                scheduler.run_one()
            else:
                clock.pass_until_ms(clock.due_ms if clock.due_ms < end_ms else end_ms)

    def stall_ms(self, span_ms: int) -> None:
        """Time passes and no callback runs; timers queue up and overflow."""
        self.clock.pass_until_ms(self.clock.ms + span_ms)

    def flash_kb(self, count: int) -> None:
        """`count` KB go to flash: the cache is off, and nothing runs meanwhile."""
        self.stall_ms(self.pace.write_ms(count * 1024))

    def flash_commit(self, byte_count: int) -> None:
        """A file of that many bytes not yet charged is committed."""
        self.stall_ms(self.pace.commit_ms(byte_count))

    def read_module(self, byte_count: int) -> None:
        """A module of that many bytes is imported from flash: no callback runs meanwhile."""
        self.stall_ms(self.pace.import_ms(byte_count))

    def collect_heap(self) -> int:
        """A garbage collection of the `heap_kb` in use; how many ms it took."""
        span_ms = self.pace.collect_ms(self.heap_kb)
        self.stall_ms(span_ms)
        return span_ms

    def look_at_clock(self) -> None:
        """A program watches the clock: without this it would wait for ever."""
        if not self.scheduler.in_callback:
            self.clock.pass_us(self.pace.opcodes_us(LOOK_OPCODES))
            self.scheduler.run_one()

    def compile_lines(self, count: int) -> None:
        """`count` lines typed at the console are compiled: no callback runs meanwhile."""
        self.clock.pass_us(self.pace.compile_us(count))

    def print_chars(self, count: int) -> None:
        """`count` characters go to the console: free while the UART's FIFO has room, then at its speed."""
        sent = self.pace.chars_sent(min(self.clock.ms - self.tx_ms, 1000) * 1000)
        self.tx_chars = max(self.tx_chars - sent, 0) + count
        if self.tx_chars > TX_FIFO:
            self.clock.pass_us(self.pace.chars_us(self.tx_chars - TX_FIFO))
            self.tx_chars = TX_FIFO
        self.tx_ms = self.clock.ms

    def soft_reset(self) -> None:
        """Ctrl-D: timers stop, then PWM pins go low; plain pins, watchdog and RTC memory live on."""
        self.scheduler.reset(True)
        self.pins.soft_reset()
        self.reset_cause = SOFT_RESET
        self.stall_ms(SOFT_RESET_MS)

    def hard_reset(self, cause: int) -> None:
        """Restart for `cause`: 1 power, 2 machine.reset(), 3 watchdog. LEDC and RTC memory outlive all but power."""
        self.scheduler.reset(False)
        if cause == WDT_RESET:
            self.stall_ms(PANIC_MS)
        self.pins.hard_reset(cause != PWRON_RESET)
        if cause == PWRON_RESET:
            self.rtc_memory = b""
            self.set_clock(0)
        self.reset_cause = cause
        self.stall_ms(BOOT_MS)

    def _step(self) -> None:
        raise NotImplementedError

    def _output(self, number: int) -> None:
        raise NotImplementedError
