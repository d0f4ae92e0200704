"""The meter's burst: phase reference, grid clamp and car clamp read in turn over one mains cycle.

Knows ADC pins and time; does not know watts or what they are used for.
"""

from time import ticks_diff, ticks_us

from machine import ADC, Pin
from micropython import const

from evse.core.types import MAX_PAIRS, Sums

CYCLE_US = const(20000)


class Meter:
    """Fills the sums of the grid's and the car's clamp; one measure() is one burst of 20 ms.

    middle_counts: the raw count of the channels' bias.
    """

    def __init__(self, pins: "dict[str, int | None]", middle_counts: int, grid: Sums, car: Sums) -> None:
        self._grid = grid
        self._car = car
        self._middle = middle_counts
        self.has_car = pins["car_adc"] is not None
        self._read_phase = ADC(Pin(pins["phase_adc"]), atten=ADC.ATTN_11DB).read_u16
        self._read_grid = ADC(Pin(pins["grid_adc"]), atten=ADC.ATTN_11DB).read_u16
        car_pin = pins["car_adc"] if self.has_car else pins["grid_adc"]
        self._read_car = ADC(Pin(car_pin), atten=ADC.ATTN_11DB).read_u16

    def measure(self) -> None:
        """Fill both clamps' sums over one mains cycle: each current stands between two readings of the voltage."""
        middle = self._middle
        read_phase = self._read_phase
        read_grid = self._read_grid
        read_car = self._read_car
        sum_v = sum_vv = sum_gi = sum_gvi = sum_ci = sum_cvi = pairs = 0
        start_us = ticks_us()
        v0 = (read_phase() >> 4) - middle
        while pairs < MAX_PAIRS and ticks_diff(ticks_us(), start_us) < CYCLE_US:
            grid_i = (read_grid() >> 4) - middle
            v1 = (read_phase() >> 4) - middle
            car_i = (read_car() >> 4) - middle
            v2 = (read_phase() >> 4) - middle
            sum_gvi += (v0 + v1) * grid_i >> 1
            sum_cvi += (v1 + v2) * car_i >> 1
            sum_gi += grid_i
            sum_ci += car_i
            sum_v += v1
            sum_vv += v1 * v1
            v0 = v2
            pairs += 1
        _fill(self._grid, pairs, sum_v, sum_vv, sum_gi, sum_gvi)
        _fill(self._car, pairs, sum_v, sum_vv, sum_ci, sum_cvi)


def _fill(channel: Sums, pairs: int, sum_v: int, sum_vv: int, sum_i: int, sum_vi: int) -> None:
    channel.pairs = pairs
    channel.sum_v = sum_v
    channel.sum_vv = sum_vv
    channel.sum_i = sum_i
    channel.sum_vi = sum_vi
