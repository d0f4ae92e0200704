"""Every number of the standard and of the safety case, each with its clause; none of them is a setting.

Knows no state and no pin. A.x are annex A of IEC 61851-1; the figures' sources are in docs/safety.md.
"""

from micropython import const

# Offered current (A.2, table A.7): under 6 A there is no offer; the gap between the two duty formulas offers 51 A.
MIN_OFFER_MA = const(6000)
MAX_LOW_RANGE_MA = const(51000)
MIN_HIGH_RANGE_MA = const(52525)  # 85.01 %, the first duty of the upper formula
MAX_OFFER_MA = const(80000)
OFFER_STEP_MA = const(100)
# The low half of a duty over 89 % is too short for one sure ADC read in each period (58 us a read).
MAX_BOARD_MA = const(63000)
MAX_FUSE_MA = const(100000)
RAISE_INTERVAL_MS = const(5000)  # A.6 sequence 6: the car has 5 s to follow

# Duty, in 0.01 % (tables A.7, A.8).
DUTY_STEADY_BP = const(10000)
DUTY_MIN_BP = const(800)  # 8-10 % still reads as 6 A
DUTY_LOW_END_BP = const(8500)
DUTY_HIGH_END_BP = const(9600)
DUTY_MAX_BP = const(9700)

# Pilot levels at the connector: B is 1870-4610 ohm, C 909-1723 ohm of the R3 branch, so B/C meet at 7.5 V.
EDGE_AB_MV = const(10800)
EDGE_BC_MV = const(7500)
EDGE_CD_MV = const(3900)
EDGE_DE_MV = const(1600)
EDGE_E_LOW_MV = const(-2000)
HYSTERESIS_MV = const(200)
NEGATIVE_MV = const(-10000)  # weaker than this is no -12 V: no diode, or a broken generator
STEADY_RIPPLE_MV = const(1200)  # steady +12 V: both halves are the same level

# Debounce of the session's level; the interlock never waits for it.
CLOSE_DEBOUNCE_MS = const(500)  # a car's B-C-B toggles last 200-400 ms (ISO 15118-3 table 3)
LEAVE_DEBOUNCE_MS = const(60)

# Timing (table A.6).
GAP_MS = const(58)  # the one-shot's shortest time: a longer gap between ticks has opened the coil
FORCED_OPEN_MS = const(6000)  # sequence 10.2: the car does not obey, the charger opens under load
X1_HOLD_MS = const(3000)  # steady +12 V before PWM comes back
X1_AFTER_PULSE_MS = const(750)  # EV READY: 500-1000 ms between a wake pulse and the offer
FAULT_F_MS = const(300)  # table A.5: state F is shown at least this long
STUCK_MS = const(200)  # a car still in C so long after we opened has to be stopped with steady +12 V
READY_MS = const(500)
MAX_GLITCH_MS = const(550)  # BMW hybrids show B for 500 ms after a new duty: for a car so named B waits so long

# Contactor read-back: mirror contact checked 200 ms after opening (Phoenix), 1 s after closing (OpenEVSE).
WELD_MS = const(200)
NO_CLOSE_MS = const(1000)

# Residual-current self-test: the trip must come and go within these times.
SELF_TEST_TRIP_MS = const(500)
SELF_TEST_CLEAR_MS = const(3000)
SELF_TEST_VALID_MS = const(86400000)  # again after 24 h

# Proximity resistor of the plug (ohm; between two windows the lower rating counts).
CABLE_63_OHM = (80, 140)
CABLE_32_OHM = (80, 308)
CABLE_20_OHM = (80, 936)
CABLE_13_OHM = (80, 2460)

# Temperature of the enclosure, 0.01 C (OpenEVSE's steps, with hysteresis).
HALVE_CDEG = const(6500)
RESTORE_CDEG = const(6200)
STOP_CDEG = const(7000)
RESUME_CDEG = const(6000)
SENSOR_LOW_CDEG = const(-4000)
SENSOR_HIGH_CDEG = const(12000)

# A car that draws more than its offer (own; times of A.6 sequence 6: the car has 5 s to follow).
OVERDRAW_MA = const(500)  # on top of 10 %
OVERDRAW_MS = const(7000)
OVERDRAW_FOLLOW_MS = const(5000)
OVERDRAW_FOLLOW_MOST_MS = const(15000)  # a slower car does not follow

FUSE_FREE_MS = const(60000)  # after a stop for the main fuse, room for 6 A must last so long
METER_OLD_MS = const(3000)
METER_LOST_MS = const(15000)
