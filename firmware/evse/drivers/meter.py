"""The meter's burst: two ADC channels over one mains cycle, a voltage on either side of each two currents.

Knows ADC pins, time and a table; does not know watts, frequency or what the sums are used for.
"""

from time import ticks_us

from machine import ADC, Pin
from micropython import const

from evse.meter.burst import BURST_TURN, MAX_STEPS, Sums

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

_WHEEL = const(0x3FFFFFFF)
_QUARTER = const(64)


class Meter:
    """One measure() is one burst of a mains cycle.

    channels: GPIO numbers on ADC1; middle_counts: the raw count of their bias; room_counts: how far from it the ADC
    still reads straight; sine: sin() * 1024 in 256 steps a turn, 1.3 turns of it.
    """

    def __init__(self, channels: "list[int]", middle_counts: int, room_counts: int, sine: "array[int]") -> None:
        self._middle = middle_counts
        self._room = 2 * room_counts
        self._sine = sine
        self._reads = [ADC(Pin(pin), atten=ADC.ATTN_11DB).read_u16 for pin in channels]

    def measure(self, reference: int, current: int, rate: int, sums: Sums) -> None:
        """Fill `sums` from one mains cycle of the channels' indices `reference` and `current`.

        rate: 256 * 2^20 by the cycle's length in us, 12000..18000. The cycle ends it, not a number of steps: bytecode
        takes 30 to 300 of them, by the chip's pace. After MAX_STEPS without an end, `sums` weigh nothing.
        """
        sums.weight = 0  # until it is over: a Ctrl-C may break it off
        middle, middle_2, room = self._middle, 2 * self._middle, self._room
        sine = self._sine
        read_v, read_i = self._reads[reference], self._reads[current]
        sum_v = sum_i = sum_ii = sum_vi = v_sin = v_cos = i_sin = i_cos = wild = 0
        v0 = (read_v() >> 4) - middle
        start_us = ticks_us()
        i = (read_i() >> 4) + (read_i() >> 4) - middle_2
        now = first = ((ticks_us() - start_us) & _WHEEL) * rate  # type: ignore[operator]  # a tick is a plain int
        end = now + BURST_TURN
        for steps in range(1, MAX_STEPS + 1):  # noqa: B007  its last value counts
            s = sine[now >> 20]
            c = sine[(now >> 20) + _QUARTER]
            sum_ii += i * i >> 4
            wild |= room - i | room + i
            i_sin += i * s
            i_cos += i * c
            v1 = (read_v() >> 4) - middle
            v = v0 + v1
            v0 = v1
            sum_i += i
            sum_v += v
            sum_vi += v * i >> 4
            v_sin += v * s
            v_cos += v * c
            next_i = (read_i() >> 4) + (read_i() >> 4) - middle_2
            now = ((ticks_us() - start_us) & _WHEEL) * rate  # type: ignore[operator]  # as above
            if now >= end:
                break
            i = next_i
        sums.start_us, sums.is_wild = start_us, wild < 0  # type: ignore[assignment]  # as above
        pace = (now - first) // steps
        _keep(sums, steps if now >= end else 0, sum_v, sum_i, sum_ii, sum_vi, v_sin, v_cos, i_sin, i_cos)
        _cut(sums, max(0, 16 - (end - now + pace) * 16 // pace), v, i, s, c)


def _keep(
    sums: Sums,
    steps: int,
    sum_v: int,
    sum_i: int,
    sum_ii: int,
    sum_vi: int,
    v_sin: int,
    v_cos: int,
    i_sin: int,
    i_cos: int,
) -> None:
    sums.weight = steps * 16
    sums.sum_v = sum_v
    sums.sum_i = sum_i
    sums.sum_ii = sum_ii
    sums.sum_vi = sum_vi
    sums.v_sin = v_sin
    sums.v_cos = v_cos
    sums.i_sin = i_sin
    sums.i_cos = i_cos


def _cut(sums: Sums, cut: int, v: int, i: int, s: int, c: int) -> None:
    """The cycle ends between two steps: so many sixteenths of the last one lie beyond it."""
    sums.weight -= cut
    sums.sum_v -= v * cut >> 4
    sums.sum_i -= i * cut >> 4
    sums.sum_ii -= i * i * cut >> 8
    sums.sum_vi -= v * i * cut >> 8
    sums.v_sin -= v * s * cut >> 4
    sums.v_cos -= v * c * cut >> 4
    sums.i_sin -= i * s * cut >> 4
    sums.i_cos -= i * c * cut >> 4
