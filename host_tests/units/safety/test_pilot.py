"""Pilot halves to level: bands with hysteresis, the diode, and broken readings; and amps to duty, over every value."""

from evse.app import text
from evse.safety.limits import (
    LEVEL_A,
    LEVEL_B,
    LEVEL_BAD,
    LEVEL_C,
    LEVEL_D,
    LEVEL_DIODE,
    LEVEL_E,
    LEVEL_F,
    PILOT_MINUS12,
    PILOT_OPEN,
    PILOT_PWM,
    PILOT_X1,
)
from evse.safety.pilot import band, classify, duty_bp_from_ma

LEVELS = range(len(text.LEVELS))
PILOTS = (PILOT_X1, PILOT_PWM, PILOT_MINUS12, PILOT_OPEN)
EDGES_MV = (10800, 7500, 3900, 1600)  # A/B, B/C, C/D, D/E
WHEEL_MS = 1 << 30
HIGH_MV = {LEVEL_A: 12000, LEVEL_B: 9000, LEVEL_C: 6000, LEVEL_D: 3000, LEVEL_E: 0}


def expected_band(high_mv, was):
    """As many levels down as there are edges above the voltage; every edge moves 200 mV away from where we were."""
    level = 0
    for index, edge_mv in enumerate(EDGES_MV):
        level += high_mv < (edge_mv - 200 if was <= index else edge_mv + 200)
    if level == LEVEL_E and high_mv < -2000:
        return LEVEL_F if high_mv <= -10000 else LEVEL_BAD
    return level


def dense_mv():
    """Voltages sparse everywhere and dense at every limit."""
    found = set(range(-13000, 13001, 500))
    for edge_mv in EDGES_MV + (-2000, -10000):
        for shift_mv in (-200, 0, 200):
            found.update(range(edge_mv + shift_mv - 2, edge_mv + shift_mv + 3))
    return sorted(found)


def expected_class(high_mv, low_mv, pilot, was):
    """The same decision by asking for each answer's own conditions."""
    level = expected_band(high_mv, was)
    if pilot == PILOT_PWM:
        has_negative = low_mv <= -10000
        if level == LEVEL_E or has_negative:
            return level
        return LEVEL_DIODE if level in (LEVEL_B, LEVEL_C, LEVEL_D) else LEVEL_BAD
    is_steady = high_mv - low_mv <= 1200
    fits = level == LEVEL_F or pilot != PILOT_MINUS12
    return level if is_steady and fits else LEVEL_BAD


def test_band_of_every_voltage_from_every_side():
    for was in LEVELS:
        for high_mv in dense_mv():
            assert band(high_mv, was) == expected_band(high_mv, was), (high_mv, was)


def test_nominal_voltages_fall_in_their_bands_from_every_side():
    for was in LEVELS:
        for level, high_mv in HIGH_MV.items():
            assert band(high_mv, was) == level, (high_mv, was)


def test_test_resistors_of_the_standard_fall_in_their_bands_from_every_side():
    # B alone, C and D as the branch beside 2740 ohm; 0.7 V diode, source resistor +-3 %.
    branches = ((LEVEL_B, (1870, 2740, 4610)), (LEVEL_C, (909, 1300, 1723)), (LEVEL_D, (262, 270, 278)))
    for level, branches_ohm in branches:
        for branch_ohm in branches_ohm:
            car_ohm = branch_ohm if level == LEVEL_B else branch_ohm * 2740 // (branch_ohm + 2740)
            for source_ohm in (970, 1000, 1030):
                high_mv = 700 + 11300 * car_ohm // (car_ohm + source_ohm)
                for was in LEVELS:
                    assert band(high_mv, was) == level, (level, branch_ohm, source_ohm, high_mv, was)


def test_classify_every_level_under_every_pilot():
    lows_mv = (-12600, -10001, -10000, -9999, -5600, 0, 6000)
    for pilot in PILOTS:
        for was in LEVELS:
            for high_mv in dense_mv():
                for low_mv in lows_mv:
                    got = classify(high_mv, low_mv, pilot, was)
                    assert got == expected_class(high_mv, low_mv, pilot, was), (high_mv, low_mv, pilot, was, got)


def test_steady_pilot_may_ripple_by_1200_mv():
    for pilot in (PILOT_X1, PILOT_OPEN):
        for low_mv in range(9000 - 1210, 9001):
            expected = LEVEL_B if 9000 - low_mv <= 1200 else LEVEL_BAD
            assert classify(9000, low_mv, pilot, LEVEL_B) == expected, (pilot, low_mv)
    for high_mv in range(-12000, -10700):
        expected = LEVEL_F if high_mv + 12000 <= 1200 else LEVEL_BAD
        assert classify(high_mv, -12000, PILOT_MINUS12, LEVEL_F) == expected, high_mv


def test_a_missing_half_is_bad_whatever_the_other_shows():
    for pilot in PILOTS:
        for value_mv in (None, 12000, 9000, 6000, 0, -12000):
            assert classify(None, value_mv, pilot, LEVEL_B) == LEVEL_BAD, (pilot, value_mv)
            assert classify(value_mv, None, pilot, LEVEL_B) == LEVEL_BAD, (pilot, value_mv)


def allowed_ma(duty_bp):
    """What the tables A.7 and A.8 let a car draw at 10 to 96 %, in mA: from the percentages as they are printed."""
    if duty_bp <= 8500:
        return duty_bp * 600 // 100  # duty in % * 0.6 A
    return (duty_bp - 6400) * 2500 // 100  # (duty in % - 64) * 2.5 A


def test_anchors_of_the_standard():
    anchors = ((6, 1000), (9, 1500), (12, 2000), (15, 2500), (18, 3000), (24, 4000), (30, 5000), (48, 8000), (51, 8500))
    for amps, duty_bp in anchors + ((55, 8600), (65, 9000), (80, 9600)):
        assert duty_bp_from_ma(amps * 1000) == duty_bp, amps


def test_under_six_ampere_the_pilot_is_steady():
    for offer_ma in range(0, 6000):
        assert duty_bp_from_ma(offer_ma) == 10000, offer_ma
    assert duty_bp_from_ma(-1) == 10000


def test_the_duty_is_the_highest_that_offers_no_more_than_asked():
    best_bp = 1000
    for offer_ma in range(6000, 90000):
        while best_bp < 9600 and allowed_ma(best_bp + 1) <= offer_ma:
            best_bp += 1
        duty_bp = duty_bp_from_ma(offer_ma)
        assert duty_bp == best_bp, (offer_ma, duty_bp, best_bp)
