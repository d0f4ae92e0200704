"""Shows how far a long run is: a bar redrawn on a terminal, plain lines elsewhere.

Knows steps and the wall clock; nothing of what is run.
"""

import time
from types import TracebackType
from typing import TextIO

from rich import progress as bars
from rich.console import Console
from rich.table import Column

REDRAW_S = 0.2


class Progress:
    """A run of `total` steps; elsewhere than on a terminal a line each `every` steps. To be used in a `with`."""

    def __init__(self, total: int, every: int = 1, out: TextIO | None = None) -> None:
        self._total = total
        self._every = every
        self._done = 0
        self._drawn_s = 0.0
        self._console = Console(file=out, markup=False, highlight=False, emoji=False, soft_wrap=True)
        columns = (
            bars.BarColumn(10),
            bars.MofNCompleteColumn(),
            bars.TimeElapsedColumn(),
            bars.TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True)),
        )
        # No thread redraws it: a run may fork.
        self._bar = bars.Progress(
            *columns, console=self._console, auto_refresh=False, transient=True, disable=not self._console.is_terminal
        )
        self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> "Progress":
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()

    def step(self, text: str) -> None:
        """One step more is done; `text` says what it came to."""
        self._done += 1
        if not self._console.is_terminal:
            if self._done % self._every == 0 or self._done == self._total:
                self.say(f"{self._done} of {self._total}  {text}")
        else:
            self._bar.update(self._task, completed=self._done, description=text)
            if time.monotonic() - self._drawn_s >= REDRAW_S:
                self._drawn_s = time.monotonic()
                self._bar.refresh()

    def say(self, text: str) -> None:
        """A line that stays."""
        self._console.print(text)
