"""A person who presses Ctrl-C, and the port's calls for it in `os` and `micropython`, on CPython.

An exception of the keyboard strikes whatever runs: a callback, or the program that lets time pass. Sources:
extmod/os_dupterm.c, py/scheduler.c.
"""

import os

import micropython

from . import current

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

CTRL_C = 3


def press() -> None:
    """Ctrl-C arrives now: raises KeyboardInterrupt, unless it is a character like others just then."""
    if current.world.interrupt_char == CTRL_C:
        raise KeyboardInterrupt


class Terminal:
    """`os.dupterm` and `os.dupterm_notify`: another stream that is read as the keyboard is."""

    def __init__(self) -> None:
        self._stream: Any = None

    def dupterm(self, stream: "Any") -> "Any":
        """Use `stream` from here on; gives the one before."""
        was, self._stream = self._stream, stream
        return was

    def dupterm_notify(self, _: object) -> None:
        """Read what it has; a Ctrl-C interrupts the program once the callback is over."""
        buffer = bytearray(1)
        while self._stream.readinto(buffer):
            if buffer[0] == current.world.interrupt_char:
                current.world.scheduler.is_interrupted = True


def kbd_intr(char: int) -> None:
    """`micropython.kbd_intr`."""
    current.world.interrupt_char = char


def install() -> "Callable[[], None]":
    """Put these calls where the firmware looks for them; gives what takes them out."""
    terminal = Terminal()
    was = micropython.kbd_intr
    micropython.kbd_intr = kbd_intr
    os.dupterm = terminal.dupterm  # type: ignore[attr-defined]  # MicroPython's
    os.dupterm_notify = terminal.dupterm_notify  # type: ignore[attr-defined]  # as above

    def undo() -> None:
        del os.dupterm, os.dupterm_notify  # type: ignore[attr-defined]  # as above
        micropython.kbd_intr = was

    return undo
