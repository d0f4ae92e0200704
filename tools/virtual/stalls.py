"""`open`, `print` and the file calls of `os` that cost simulated time, as flash and a 115200 baud console do.

install() puts them over the builtins, on the VM and on CPython; knows no file by name.
"""

import builtins
import io
import os
import sys

from . import current

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

KB = 1024
CHANGES = ("rename", "remove", "unlink", "mkdir", "rmdir")  # of `os`: one commit each
WRITING = "wax+"


class File(io.IOBase):
    """A file open for writing: each full KB stalls when written, the commit when closed; the judge sees it once."""

    def __init__(self, file: "Any") -> None:
        self._file = file
        self._pending = 0  # bytes not charged yet
        self._is_seen = False
        self._is_open = True

    def write(self, data: "Any") -> int:
        """Write `data`, text or bytes."""
        written: int = self._file.write(data)
        self._pending += len(data)
        if self._pending >= KB:
            self._show()
            current.world.flash_kb(self._pending // KB)
            self._pending %= KB
        return written

    def read(self, size: int = -1) -> "Any":
        """Read, where the mode allows it."""
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move in the file."""
        place: int = self._file.seek(offset, whence)
        return place

    def flush(self) -> None:
        """Nothing is committed before close() (littlefs)."""

    def close(self) -> None:
        """Commit."""
        if self._is_open:
            self._is_open = False
            self._file.close()
            self._show()
            current.world.flash_commit(self._pending)

    def __enter__(self) -> "File":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __del__(self) -> None:
        """An abandoned file commits nothing."""

    def _show(self) -> None:
        if not self._is_seen:
            self._is_seen = True
            current.world.flash_seen()


class Os:
    """Stands for the module `os` on the VM, whose own cannot be changed."""


def stalling_open(real_open: "Callable[..., Any]") -> "Callable[..., Any]":
    """An `open` like `real_open` whose writes take simulated time."""

    def open_file(path: "Any", mode: str = "r", *options: "Any", **named: "Any") -> "Any":
        file = real_open(path, mode, *options, **named)
        for letter in mode:
            if letter in WRITING:
                return File(file)
        return file

    return open_file


def stalling_change(real_change: "Callable[..., None]") -> "Callable[..., None]":
    """A file call such as os.rename that takes the time of a commit."""

    def change(*arguments: "Any") -> None:
        real_change(*arguments)
        current.world.flash_write(0)

    return change


def stalling_print(real_print: "Callable[..., None]") -> "Callable[..., None]":
    """A `print` like `real_print` that waits for the UART."""

    def print_out(*values: object, sep: str = " ", end: str = "\n", file: "Any" = None) -> None:
        text = sep.join([str(value) for value in values]) + end
        if file is not None:
            real_print(text, end="", file=file)
            return
        real_print(text, end="")
        current.world.print_chars(len(text))

    return print_out


def install() -> "Callable[[], None]":
    """From now on every open(), print() and change of a file stalls; gives a function that undoes it."""
    was_open, was_print = builtins.open, builtins.print
    was = {name: getattr(os, name) for name in CHANGES}
    builtins.open = stalling_open(was_open)
    builtins.print = stalling_print(was_print)
    module: Any = os
    try:
        os.rename = was["rename"]
    except AttributeError:
        module = Os()
        for name in dir(os):
            setattr(module, name, getattr(os, name))
        sys.modules["os"] = module
    for name in CHANGES:
        setattr(module, name, stalling_change(was[name]))

    def undo() -> None:
        builtins.open, builtins.print = was_open, was_print
        sys.modules["os"] = os
        if module is os:
            for name in CHANGES:
                setattr(os, name, was[name])

    return undo
