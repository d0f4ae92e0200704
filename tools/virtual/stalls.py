"""`open`, `print`, `import`, `gc.collect` and the file calls of `os` that take the time they take on the chip.

install() puts them over the builtins, on the VM and on CPython; knows no file by name.
"""

import builtins
import gc
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
FAKES = "/fake/"  # on the VM: what the chip has built in


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


def stalling_import(
    real_import: "Callable[..., Any]", module_bytes: "dict[str, int] | None"
) -> "Callable[..., Any]":
    """An `__import__` like `real_import` that takes the time of reading what it loads from flash, each module once."""
    is_within = False  # an import, whose own imports it answers for

    def import_module(*arguments: "Any", **named: "Any") -> "Any":
        nonlocal is_within
        if is_within:
            return real_import(*arguments, **named)
        before = set(sys.modules)
        is_within = True
        try:
            return real_import(*arguments, **named)
        finally:
            is_within = False
            for name in sorted([name for name in sys.modules if name not in before]):
                byte_count = _bytes_on_flash(name) if module_bytes is None else module_bytes.get(name)
                if byte_count is not None:
                    current.world.module_loaded(name, byte_count)

    return import_module


def _bytes_on_flash(name: str) -> "int | None":
    """The size of the file that a module was loaded from; None when it is built in or one of the fakes."""
    path: str | None = getattr(sys.modules[name], "__file__", None)
    return None if path is None or path.startswith(FAKES) else os.stat(path)[6]


def stalling_collect(real_collect: "Callable[..., int]") -> "Callable[..., int]":
    """A `gc.collect` that takes the time of one; the VM does its own later, between two calls from outside."""

    def collect(*arguments: int) -> int:
        freed = real_collect(*arguments)
        current.world.garbage_collected()
        return freed

    return collect


def install(module_bytes: "dict[str, int] | None" = None) -> "Callable[[], None]":
    """From now on every open(), print(), change of a file, import and collection stalls; gives what undoes it."""
    was_open, was_print = builtins.open, builtins.print
    builtins.open = stalling_open(was_open)
    builtins.print = stalling_print(was_print)
    undo_os = _replace(os, {name: stalling_change(getattr(os, name)) for name in CHANGES})
    undo_imports = install_imports(module_bytes)

    def undo() -> None:
        builtins.open, builtins.print = was_open, was_print
        undo_os()
        undo_imports()

    return undo


def install_imports(module_bytes: "dict[str, int] | None" = None) -> "Callable[[], None]":
    """The same for imports and gc.collect() alone.

    `module_bytes`: what lies on the chip's flash, by module name, on CPython; on the VM the files themselves say it.
    A collection that an allocation calls for cannot be seen, and takes no time.
    """
    was_import = builtins.__import__
    builtins.__import__ = stalling_import(was_import, module_bytes)
    undo_gc = _replace(gc, {"collect": stalling_collect(gc.collect)})

    def undo() -> None:
        builtins.__import__ = was_import
        undo_gc()

    return undo


def _replace(module: "Any", functions: "dict[str, Any]") -> "Callable[[], None]":
    """Put `functions` over those of `module`; on the VM, whose modules cannot be changed, over those of a copy."""
    was = {name: getattr(module, name) for name in functions}
    try:
        _put(module, was)
    except AttributeError:
        copy = Copy()
        _put(copy, {name: getattr(module, name) for name in dir(module)})
        _put(copy, functions)
        sys.modules[module.__name__] = copy  # type: ignore[assignment]  # as good as a module
    else:
        _put(module, functions)

    def undo() -> None:
        if sys.modules[module.__name__] is module:
            _put(module, was)
        sys.modules[module.__name__] = module

    return undo


def _put(place: object, values: "dict[str, Any]") -> None:
    for name, value in values.items():
        setattr(place, name, value)


class Copy:
    """Stands for a module of the VM."""
