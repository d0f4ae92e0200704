"""Output at the pace of the tick: a long print would hold it up.

Knows characters and ticks; does not know what is said.
"""

import sys
from time import sleep_ms

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evse.app.charger import Charger

# The UART's FIFO takes 128 bytes; past that a print blocks the tick at 87 us a character. Each newline goes out as two.
PIECE_CHARS = const(90)
_PATIENCE_MS = const(60)


def say(charger: "Charger", text: str) -> None:
    """Print `text`, at most 100 characters between two ticks."""
    text += "\n"
    for start in range(0, len(text), PIECE_CHARS):
        sys.stdout.write(text[start : start + PIECE_CHARS])
        wait_for_tick(charger)


def wait_for_tick(charger: "Charger") -> None:
    """Return when the next tick is over, or after 60 ms."""
    ticks = charger.tick_count
    for _ in range(_PATIENCE_MS):
        if charger.tick_count != ticks:
            return
        sleep_ms(1)
