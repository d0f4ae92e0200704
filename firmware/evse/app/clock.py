"""The only reader of the clocks: milliseconds on a wheel of 2^30, and the time of day once somebody has set it."""

from time import ticks_ms, time

from micropython import const

SINCE_2000_S = const(631152000)  # from 2000-01-01, the chip's epoch, to 2020-01-01, ours: small ints until 2054
_SET_S = const(126230400)  # 2024-01-01: an earlier clock runs on from power-on and was never set


def now_ms() -> int:
    """Milliseconds since some past moment, 0..2^30-1."""
    return ticks_ms()  # type: ignore[return-value]  # the stubs hide that a tick is a plain int


def clock_s() -> int:
    """Seconds since 2020-01-01 by the chip's clock, which outlives every reset but a loss of power.

    Until `mpremote rtc --set` sets it, it is negative and counts from power-on.
    """
    return int(time()) - SINCE_2000_S


def is_set(seconds: int) -> bool:
    """Whether `seconds` of clock_s() tell the time of day."""
    return seconds >= _SET_S
