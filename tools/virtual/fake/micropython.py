"""`micropython` for CPython: what the firmware uses of it. The VM has its own."""


def const(value):  # type: ignore[no-untyped-def]  # gives back what it gets
    """The value itself; on the VM a hint to the compiler."""
    return value
