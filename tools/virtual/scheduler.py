"""Timers, their queue of callbacks, the opcode debt, the watchdog and reset requests, as on MicroPython's ESP32 port.

Knows nothing of pins and plant. Sources: machine_timer.c, py/scheduler.c, machine_wdt.c.
"""

import sys

from .clock import FAR_MS, Clock
from .pace import SHORT_OPCODES, TICK_OPCODES, Pace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    class Timer(Protocol):
        """What is asked of a timer of `machine`."""

        id: int
        due_ms: int
        callback: Any

        def rearm(self, ms: int) -> None:
            """It fired at `ms`."""

QUEUE_DEPTH = 8  # MICROPY_SCHEDULER_DEPTH of the port; a ninth callback is dropped without a word
PWRON_RESET = 1
HARD_RESET = 2
WDT_RESET = 3
SOFT_RESET = 5


class Scheduler:
    """Runs timer callbacks one a pass and never nested; charges each its opcodes."""

    def __init__(self, clock: Clock, pace: Pace) -> None:
        self._clock = clock
        self._pace = pace
        self.timers: list[Timer] = []  # those running
        self._queue: list[Any] = [None] * QUEUE_DEPTH
        self._first = 0
        self.queued = 0
        self.dropped = 0
        self.callback_errors = 0
        self.last_error = ""
        self.in_callback = False
        self.is_interrupted = False  # a Ctrl-C waits for the program that runs
        self.tick_opcodes = TICK_OPCODES
        self.debt_us = 0
        self._rest_opcodes = 0  # what a callback takes that reads nothing more
        self._began_ms = 0
        self._began_us = 0
        # Harness hooks, told which timer fired: e.g. micropython.heap_lock and heap_unlock.
        self.before_callback: Callable[[Timer], object] | None = None
        self.after_callback: Callable[[Timer], object] | None = None
        self.watchdog_ms = 0  # its timeout; 0 until it is armed for good
        self.fed_ms = 0
        self.reset_request: int | None = None  # the cause, once the chip has asked for a reset

    def start(self, timer: "Timer") -> None:
        """Run `timer`, whose `due_ms` says when it fires first."""
        self.stop(timer)
        self.timers.append(timer)
        self._clock.poke()

    def stop(self, timer: "Timer") -> None:
        """Stop `timer`; a callback already queued still runs, as on the chip."""
        if timer in self.timers:
            self.timers.remove(timer)

    def arm_watchdog(self, timeout_ms: int) -> None:
        """Arm it or change its timeout; there is no way back but a hard reset."""
        self.watchdog_ms = timeout_ms
        self.feed()

    def feed(self) -> None:
        """Give the watchdog its whole timeout again; what the callback does after it is another tick's work."""
        self.fed_ms = self._clock.ms
        self._clock.poke()
        if self.in_callback:
            self.before_output()
            self._owe()
            self._rest_opcodes = 0

    def step(self, ms: int) -> None:
        """Queue what expires at `ms`, and ask for a reset when the watchdog starves."""
        if self.reset_request is not None:
            return
        for timer in self.timers:
            if timer.due_ms <= ms:
                timer.rearm(ms)
                self._enqueue(timer)
        if self.watchdog_ms and ms - self.fed_ms >= self.watchdog_ms:
            self.reset_request = WDT_RESET

    def due_ms(self) -> int:
        """When step() has something to do next."""
        due_ms = FAR_MS
        if self.watchdog_ms:
            due_ms = self.fed_ms + self.watchdog_ms
        for timer in self.timers:
            if timer.due_ms < due_ms:
                due_ms = timer.due_ms
        return due_ms

    def _enqueue(self, timer: "Timer") -> None:
        if self.queued == QUEUE_DEPTH:
            self.dropped += 1
            return
        self._queue[(self._first + self.queued) % QUEUE_DEPTH] = timer
        self.queued += 1

    def run_one(self) -> None:
        """One pass of mp_handle_pending(): the oldest queued callback, if any, unless one is running."""
        if not self.queued or self.in_callback or self.reset_request is not None:
            return
        timer = self._queue[self._first]
        self._first = (self._first + 1) % QUEUE_DEPTH
        self.queued -= 1
        self.in_callback = True
        self._owe()
        self._rest_opcodes = min(SHORT_OPCODES, self.tick_opcodes)
        if self.before_callback:
            self.before_callback(timer)
        escaped = None
        try:
            timer.callback(timer)
        except BaseException as error:  # printed by the port too, and the timer keeps running
            escaped = error
        if self.after_callback:
            self.after_callback(timer)
        if not self._has_read:
            self.debt_us = self._pace.opcodes_us(self._rest_opcodes)
        try:
            self._pay()
        except KeyboardInterrupt:
            self.is_interrupted = True  # the callback has nothing left that it could strike
        self.in_callback = False
        if escaped is not None:  # told last, because telling allocates and a hook may have locked the heap
            self._report(escaped)
        if self.is_interrupted:
            self.is_interrupted = False
            raise KeyboardInterrupt

    def before_output(self) -> None:
        """An output is about to change: opcodes count as spent by then, if the callback has read an input."""
        if self._has_read:
            self._pay()

    @property
    def _has_read(self) -> bool:
        """Whether the callback has read an input since it began, or since its last tick: that takes time."""
        return self._clock.us != self._began_us or self._clock.ms != self._began_ms

    def _owe(self) -> None:
        self.debt_us = self._pace.opcodes_us(self.tick_opcodes)
        self._began_ms = self._clock.ms
        self._began_us = self._clock.us

    def _pay(self) -> None:
        debt_us = self.debt_us
        self.debt_us = 0
        self._clock.pass_us(debt_us)

    def _report(self, error: BaseException) -> None:
        if self.reset_request is not None:
            return  # machine.reset() does not return: how the fake leaves the callback
        self.callback_errors += 1
        self.last_error = repr(error)
        print_exception = getattr(sys, "print_exception", None)
        if print_exception:
            print_exception(error)
        else:
            sys.excepthook(type(error), error, error.__traceback__)

    def reset(self, keep_watchdog: bool) -> None:
        """Timers and queue are gone after any reset; the watchdog survives a soft one."""
        self.timers.clear()
        self.queued = 0
        self.debt_us = 0
        self.in_callback = False
        self.reset_request = None
        if not keep_watchdog:
            self.watchdog_ms = 0
