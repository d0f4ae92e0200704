"""`micropython` for CPython: what the firmware uses of it. The VM has its own."""

def const(value):  # type: ignore[no-untyped-def]  # gives back what it gets
    """The value itself; on the VM a hint to the compiler."""
    return value


def kbd_intr(char: int) -> None:
    """Which character interrupts a program, -1 for none; ../keyboard.py has one that does."""
