"""The safety ring's numbers, words and time: limits of the standard with their clauses, levels, states, elapsed time.

None of the numbers is a setting. Knows no rule, no state and no pin; a number that one file alone needs stands there.
A.x are annex A of IEC 61851-1; the figures' sources are in docs/safety.md.
"""

from micropython import const

# Offered current (A.2, table A.7): under 6 A there is no offer.
MIN_OFFER_MA = const(6000)
# The low half of a duty over 89 % is too short for one sure ADC read in each period (58 us a read).
MAX_BOARD_MA = const(63000)
MAX_FUSE_MA = const(100000)

# Timing: the one-shot's shortest time. A longer gap between ticks has opened the coil.
GAP_MS = const(58)
# A meter reading so old leaves 6 A; the car is asked to stop at 15 s (docs/safety.md, S11).
METER_OLD_MS = const(3000)

# What the pilot shows, from the voltage of its high half (table A.2).
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

# The meter's reasons that safety must know; the others are meter/metering.py's.
METER_STARTING = const(2)  # from here on the reading must not be used: down to 6 A, then pause
METER_CLIPPED = const(3)

EXPORTING_MA = const(-MAX_FUSE_MA)

_WHEEL = const(0x3FFFFFFF)


def elapsed_ms(now_ms: int, then_ms: int) -> int:
    """Milliseconds from `then_ms` to `now_ms`, both 0..2^30-1 as time.ticks_ms() gives them, over one wrap."""
    return (now_ms - then_ms) & _WHEEL


class Hold:
    """Whether a condition has held, unbroken, for `hold_ms`."""

    def __init__(self, hold_ms: int) -> None:
        self.hold_ms = hold_ms
        self.is_running = False  # it holds, perhaps not for long
        self.is_over = False  # it has held so long; until it breaks
        self._since_ms = 0

    def lasts(self, condition: bool, now_ms: int) -> bool:
        """Feed one tick's `condition`; returns whether it has held for `hold_ms`."""
        if not condition:
            self.is_running = False
            self.is_over = False
            return False
        if not self.is_running:
            self.is_running = True
            self._since_ms = now_ms
        if not self.is_over and (now_ms - self._since_ms) & _WHEEL >= self.hold_ms:
            self.is_over = True
        return self.is_over


class Inputs:
    """Everything the core is told in one tick; None is a reading that is missing."""

    def __init__(self) -> None:
        # The control pilot's halves at the connector, -15000..15000 mV.
        self.high_mv: int | None = None
        self.low_mv: int | None = None
        self.residual_tripped = True
        self.is_late = True  # more than GAP_MS since the last tick
        self.contactor_closed: bool | None = None  # main contacts as read back, None where not wired
        self.cable_ma = 0  # what the plug or the tethered cable may carry, 0 when none is seen
        self.temperature_cdeg: int | None = None  # 0.01 C
        self.grid_w: int | None = None  # import positive
        self.car_w: int | None = None  # what the car draws, None without a clamp
        self.meter_at_ms = 0  # when grid_w was measured
        self.meter_reason = 0  # what is wrong with the meter, a code of meter/metering.py
        self.sun_w: int | None = None  # the inverter's power, None without its clamp
        # What the main fuse carries by the board's figures alone, EXPORTING_MA when it is surely export; and the part
        # of it that is the car's at the least.
        self.grid_ma = EXPORTING_MA
        self.least_car_ma = 0
