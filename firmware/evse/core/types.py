"""Words that the core shares: pilot levels, session states, pilot outputs, and what goes in.

Knows no rule and no number of the standard.
"""

from micropython import const

# What the pilot shows, from the voltage of its high half (IEC 61851-1 table A.2).
LEVEL_A = const(0)
LEVEL_B = const(1)
LEVEL_C = const(2)
LEVEL_D = const(3)
LEVEL_E = const(4)
LEVEL_F = const(5)
LEVEL_DIODE = const(6)  # a car's voltage above, no -12 V below
LEVEL_BAD = const(7)  # the two halves fit no level, or the sensor is broken

# Session states; 1 = steady +12 V (X1), 2 = 1 kHz PWM (X2).
STATE_A = const(0)
STATE_B1 = const(1)
STATE_B2 = const(2)
STATE_C1 = const(3)
STATE_C2 = const(4)
STATE_D1 = const(5)
STATE_D2 = const(6)
STATE_E = const(7)
STATE_WAKE = const(8)
STATE_FAULT = const(9)

# What the charger puts on the pilot.
PILOT_X1 = const(0)  # steady +12 V
PILOT_PWM = const(1)
PILOT_MINUS12 = const(2)
PILOT_OPEN = const(3)  # disconnected: the car sees no charger

# What the session wants of the contactor.
WANT_OPEN = const(0)
WANT_KEEP = const(1)  # stay closed a moment while the car winds down, never close
WANT_CLOSE = const(2)


# Counts from mid-scale reach 3031 (bias 1000..1600 mV) and two readings together 6062; times a sine of 1024, so many
# stay below 2^30, where small ints end.
MAX_STEPS = const(170)
BURST_TURN = const(1 << 28)  # a mains cycle in the burst's own time: 256 steps of the sine's table, 2^20 parts each


class Sums:
    """One burst: `i` is the sum of two readings of the current, `v` of the voltages around them, from mid-scale.

    weight: 16 times the steps that count; start_us: when the sine began, as ticks_us; is_wild: a current left the ADC's
    straight part. sum_ii is in quarters, sum_vi in halves of squared counts; the sums with sin and cos are 1024-fold.
    """

    def __init__(self) -> None:
        self.weight = 0
        self.start_us = 0
        self.is_wild = False
        self.sum_v = 0
        self.sum_i = 0
        self.sum_ii = 0
        self.sum_vi = 0
        self.v_sin = 0
        self.v_cos = 0
        self.i_sin = 0
        self.i_cos = 0


EXPORTING_MA = const(-1000000)


class Inputs:
    """Everything the core is told in one tick; None is a reading that is missing.

    high_mv, low_mv: the control pilot's halves at the connector, -15000..15000.
    residual_tripped: the residual-current monitor's output.
    is_late: more than limits.GAP_MS since the last tick.
    contactor_closed: read-back of the main contacts, None where not wired.
    cable_ma: what the plug or the tethered cable may carry, 0 when none is seen.
    temperature_cdeg: 0.01 C.
    grid_w: import positive; car_w: what the car draws, None without a clamp.
    meter_at_ms: when grid_w was measured; meter_reason: what is wrong with the meter, a code of sanity.py, from
    STARTING on the reading must not be trusted; sun_w: the inverter's power, None without its clamp.
    grid_ma: what the main fuse carries by the board's figures alone, EXPORTING_MA when it is surely export;
    least_car_ma: the part of it that is the car's at the least.
    """

    def __init__(self) -> None:
        self.high_mv: int | None = None
        self.low_mv: int | None = None
        self.residual_tripped = True
        self.is_late = False
        self.contactor_closed: bool | None = None
        self.cable_ma = 0
        self.temperature_cdeg: int | None = None
        self.grid_w: int | None = None
        self.car_w: int | None = None
        self.meter_at_ms = 0
        self.meter_reason = 0
        self.sun_w: int | None = None
        self.grid_ma = EXPORTING_MA
        self.least_car_ma = 0
