"""What one burst of the meter adds up: the form in which the driver hands its sums over.

Knows the sizes that keep the sums below 2^30; does not know watts or pins.
"""

from micropython import const

# Counts from mid-scale reach 3031 (bias 1000..1600 mV) and two readings together 6062; times a sine of 1024, so many
# stay below 2^30, where small ints end.
MAX_STEPS = const(170)
BURST_TURN = const(1 << 28)  # a mains cycle in the burst's own time: 256 steps of the sine's table, 2^20 parts each


class Sums:
    """One burst: `i` is the sum of two readings of the current, `v` of the voltages around them, from mid-scale."""

    def __init__(self) -> None:
        self.weight = 0  # 16 times the steps that count
        self.start_us = 0  # when the sine began, as ticks_us
        self.is_wild = False  # a current left the ADC's straight part
        self.sum_v = 0
        self.sum_i = 0
        self.sum_ii = 0  # in quarters of squared counts
        self.sum_vi = 0  # in halves of squared counts
        self.v_sin = 0  # 1024-fold, as the next three
        self.v_cos = 0
        self.i_sin = 0
        self.i_cos = 0
