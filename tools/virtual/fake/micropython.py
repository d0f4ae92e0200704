"""`micropython` for CPython: what the firmware uses of it. The VM has its own."""


def const(value):  # type: ignore[no-untyped-def]
    """The value itself; on the VM a hint to the compiler."""
    return value


def schedule(function, argument) -> None:  # type: ignore[no-untyped-def]
    """Call at once: between statements is where the VM would, too."""
    function(argument)


def kbd_intr(character: int) -> None:
    """No console to interrupt."""


def alloc_emergency_exception_buf(size: int) -> None:
    """CPython needs none."""


def heap_lock() -> None:
    """CPython's heap cannot be locked."""


def heap_unlock() -> None:
    """See heap_lock()."""


def mem_info(verbose: int = 0) -> None:
    """Nothing to tell."""
