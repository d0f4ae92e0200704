"""Shows a run while it goes on: one line rewritten on a terminal, one line a simulated minute elsewhere.

Knows samples and the wall clock; nothing of how samples come about.
"""

import time
from typing import TextIO

from rouse.data.day_file import clock
from rouse.report.trace import Sample

REDRAW_S = 0.2


class Progress:
    """Feed it every sample; finish() ends the rewritten line."""

    def __init__(self, out: TextIO, length_s: int) -> None:
        self._out = out
        self._length_s = length_s
        self._is_terminal = out.isatty()
        self._began = self._drawn = time.monotonic()

    @property
    def wall_s(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._began

    def show(self, sample: Sample) -> None:
        """Print `sample` when it is time to."""
        now = time.monotonic()
        if self._is_terminal and now - self._drawn >= REDRAW_S:
            self._drawn = now
            self._out.write(f"\r{self._line(sample)}\033[K")
            self._out.flush()
        elif not self._is_terminal and sample.at_s % 60 == 59:
            print(self._line(sample), file=self._out, flush=True)

    def finish(self) -> None:
        """Leave the terminal on a line of its own."""
        if self._is_terminal:
            self._out.write("\r\033[K")
            self._out.flush()

    def _line(self, sample: Sample) -> str:
        done_s = sample.at_s + 1
        speed = done_s / max(self.wall_s, 0.001)
        asleep = "  asleep" if sample.is_asleep else ""
        return (
            f"{clock(done_s)} of {clock(self._length_s)} ({speed:3.0f}x)  {sample.state:2}  "
            f"offer {sample.offer_ma / 1000:4.1f} A  car {sample.car_w:5} W  surplus {sample.surplus_w:6} W{asleep}"
        )
