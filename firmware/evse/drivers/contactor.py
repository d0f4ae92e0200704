"""The contactor's coil, its alive pin and its read-back.

Knows pins; decides nothing. Nobody renewed it in this tick: it opens.
"""

from machine import PWM, Pin


class Contactor:
    """Closed from renew() until a settle() without one; the one-shot behind the alive pin counts for itself."""

    def __init__(self, pins: "dict[str, int | None]") -> None:
        self._alive = Pin(pins["alive"], Pin.OUT, value=0)
        # PWM at 0 or 100 %, because a soft reset forces PWM pins low and leaves plain pins as they are.
        self._coil = PWM(Pin(pins["contactor"], Pin.OUT, value=0), freq=1000, duty_u16=0)
        readback = pins["contactor_readback"]
        self._readback = None if readback is None else Pin(readback, Pin.IN, Pin.PULL_DOWN)
        self._is_renewed = False
        self._edge = 0

    def renew(self) -> None:
        """Permit the contacts to be closed for this tick."""
        self._is_renewed = True
        self._edge ^= 1
        self._alive.value(self._edge)
        self._coil.duty_u16(65535)

    def open(self) -> None:
        """Open now; always allowed."""
        self._is_renewed = False
        self._coil.duty_u16(0)

    def settle(self) -> None:
        """End of the tick: open unless renewed since the last call."""
        if not self._is_renewed:
            self._coil.duty_u16(0)
        self._is_renewed = False

    def is_closed(self) -> "bool | None":
        """The main contacts as read back; None where not wired."""
        return None if self._readback is None else self._readback.value() == 1
