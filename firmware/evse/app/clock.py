"""The only reader of the clock: milliseconds on a wheel of 2^30."""

from time import ticks_ms


def now_ms() -> int:
    """Milliseconds since some past moment, 0..2^30-1."""
    return ticks_ms()  # type: ignore[return-value]  # the stubs hide that a tick is a plain int
