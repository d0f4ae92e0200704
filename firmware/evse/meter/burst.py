"""What one burst of the meter adds up: the form in which the driver hands its sums over.

Knows the sizes that keep the sums below 2^30; does not know watts or pins.
"""

from micropython import const

# So many steps, even over a cycle, keep each sum below 2^30, where small ints end. Two readings lie within 8190 counts,
# 6062 of mid-scale (bias 1000..1600 mV): beside a sine of 1024 a whole cycle has at most 4095 * 652 a step, and two
# currents 6062 * 6062 / 16. A chip's step takes 75 us or more: 300 in the longest cycle.
MAX_STEPS = const(384)
BURST_TURN = const(1 << 28)  # a mains cycle in the burst's own time: 256 steps of the sine's table, 2^20 parts each


class Sums:
    """One burst: `i` is the sum of two readings of the current, `v` of the voltages around them, from mid-scale."""

    def __init__(self) -> None:
        self.weight = 0  # 16 times the steps that count; 0: the burst came to nothing
        self.start_us = 0  # when the sine began, as ticks_us
        self.is_wild = False  # a current left the ADC's straight part
        self.sum_v = 0
        self.sum_i = 0
        self.sum_ii = 0  # in quarters of squared counts
        self.sum_vi = 0  # as sum_ii
        self.v_sin = 0  # 1024-fold, as the next three
        self.v_cos = 0
        self.i_sin = 0
        self.i_cos = 0
