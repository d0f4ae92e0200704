"""A Ctrl-C that struck a tick is handed on to the program at the REPL it was meant for.

Knows the port's one way in from Python: a second terminal (os.dupterm) on which somebody presses it. An exception
raised in a timer's callback is printed and goes nowhere. `micropython.schedule(micropython.kbd_intr, None)` is to do
the same one day (micropython #19467); the VM of our tests, 1.29.0, refuses it.
"""

import os
from io import IOBase

from micropython import const, kbd_intr

CTRL_C = const(3)


class Keyboard(IOBase):
    """A terminal on which nothing was typed but what press() types."""

    def __init__(self) -> None:
        self._has_key = False

    def readinto(self, buffer: bytearray) -> "int | None":
        """The port reads what was typed, a byte at a time; None: nothing more."""
        if not self._has_key:
            return None
        self._has_key = False
        buffer[0] = CTRL_C
        return 1

    def deafen(self) -> None:
        """From here on a Ctrl-C is a character like others."""
        kbd_intr(-1)

    def press(self) -> None:
        """Have Ctrl-C interrupt again, and now. The last thing a callback does, and not within an `except`: at the next
        jump it would be struck itself."""
        kbd_intr(CTRL_C)
        self._has_key = True
        was = os.dupterm(self)
        os.dupterm_notify(None)
        os.dupterm(was)
