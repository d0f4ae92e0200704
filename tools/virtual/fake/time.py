"""`time` of the ESP32 port on simulated time."""

from virtual import world as _world

_MASK = 0x3FFFFFFF  # ticks wrap at 2**30
_HALF = 0x20000000


def ticks_ms() -> int:
    """Simulated ms modulo 2**30."""
    now = _world.current
    return (now.clock.ms - now.wrap_ms) & _MASK


def ticks_us() -> int:
    """Simulated us modulo 2**30."""
    return _world.current.clock.ticks_us()


ticks_cpu = ticks_us


def ticks_diff(later: int, earlier: int) -> int:
    """Signed distance of two ticks, -2**29 .. 2**29 - 1."""
    return ((later - earlier + _HALF) & _MASK) - _HALF


def ticks_add(ticks: int, delta: int) -> int:
    """A tick `delta` later."""
    return (ticks + delta) & _MASK


def sleep_ms(span_ms: int) -> None:
    """Let simulated time pass; callbacks run meanwhile unless this is one."""
    _world.current.run_ms(span_ms)


def sleep_us(span_us: int) -> None:
    """Busy wait: no callback runs."""
    _world.current.clock.pass_us(span_us)


def sleep(span_s: float) -> None:
    """As sleep_ms()."""
    sleep_ms(int(span_s * 1000))


def time() -> int:
    """Whole seconds since power-on: there is no battery-backed clock."""
    return _world.current.clock.ms // 1000


def localtime() -> "tuple[int, int, int, int, int, int, int, int]":
    """The date of a clock that nobody set: January 2000 and the seconds since power-on."""
    now_s = time()
    return (2000, 1, 1 + now_s // 86400, now_s // 3600 % 24, now_s // 60 % 60, now_s % 60, 5, 1)
