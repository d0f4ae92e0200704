"""`time` of the ESP32 port on simulated time."""

from virtual import current as _current
from virtual.dates import date_of as _date_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from virtual.chip import Chip

_MASK = 0x3FFFFFFF  # ticks wrap at 2**30
_HALF = 0x20000000


def ticks_ms() -> int:
    """Simulated ms modulo 2**30."""
    chip: Chip = _current.world
    return (chip.clock.ms - chip.wrap_ms) & _MASK


def ticks_us() -> int:
    """Simulated us modulo 2**30."""
    chip: Chip = _current.world
    chip.look_at_clock()
    return chip.clock.ticks_us()


def ticks_diff(later: int, earlier: int) -> int:
    """Signed distance of two ticks, -2**29 .. 2**29 - 1."""
    return ((later - earlier + _HALF) & _MASK) - _HALF


def ticks_add(ticks: int, delta: int) -> int:
    """A tick `delta` later."""
    return (ticks + delta) & _MASK


def sleep_ms(span_ms: int) -> None:
    """Let simulated time pass; callbacks run meanwhile unless this is one."""
    _current.world.run_ms(span_ms)


def sleep_us(span_us: int) -> None:
    """Busy wait: no callback runs."""
    _current.world.clock.pass_us(span_us)


def sleep(span_s: float) -> None:
    """As sleep_ms()."""
    sleep_ms(int(span_s * 1000))


def time() -> int:
    """Whole seconds since 2000-01-01 by the clock that RTC.datetime() sets; it starts there at power-on."""
    chip: Chip = _current.world
    return chip.clock_s


def gmtime(seconds: int) -> "tuple[int, ...]":
    """Date and time of so many seconds since 2000-01-01: year, month, day, hour, minute, second, weekday, yearday."""
    return _date_of(seconds)
