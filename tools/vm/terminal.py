"""A serial port that is not there: a pseudo-terminal whose other end a tool opens like /dev/ttyUSB0.

Knows bytes and who listens; does not know what they say.
"""

import errno
import os
import tty

WAITING_BYTES = 1 << 20  # for a tool that reads slowly; a UART would have lost them


class Terminal:
    """The board's end; `path` is what a tool opens."""

    def __init__(self) -> None:
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self.path = os.ttyname(slave)
        os.close(slave)  # opened once and closed: from here on the master can tell whether anybody has it open
        os.set_blocking(self._master, False)
        self._waiting = bytearray()

    def fileno(self) -> int:
        """Readable when something was typed, and all the time while nobody has the port open."""
        return self._master

    def read(self) -> bytes | None:
        """What was typed since the last call, maybe nothing; None while nobody has the port open."""
        try:
            return os.read(self._master, 4096)
        except BlockingIOError:
            return b""
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            self._waiting.clear()
            return None

    def write(self, data: bytes) -> None:
        """Send `data` as fast as the reader takes it."""
        self._waiting += data
        del self._waiting[:-WAITING_BYTES]
        self.flush()

    def flush(self) -> None:
        """Send what the reader had no room for before."""
        while self._waiting:
            try:
                del self._waiting[: os.write(self._master, self._waiting)]
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EIO):
                    raise
                return

    def close(self) -> None:
        """Take the port away."""
        os.close(self._master)
