"""The plug's resistor: the standard's windows, the gaps between them, and the way from millivolts."""

from evse.safety.offer import cable_ma_from_ohm, ohm_from_mv

# (lowest, highest, mA) as printed in IEC 61851-1 annex B.
WINDOWS = ((80, 140, 63000), (164, 308, 32000), (400, 936, 20000), (1100, 2460, 13000))


def expected_ma(resistance_ohm):
    """The window's rating; between two windows that of the one above, which is the lower rating."""
    if resistance_ohm < 80:
        return 0
    for _, highest_ohm, cable_ma in WINDOWS:
        if resistance_ohm <= highest_ohm:
            return cable_ma
    return 0


def test_every_resistance_gives_its_rating():
    for resistance_ohm in range(0, 6000):
        assert cable_ma_from_ohm(resistance_ohm) == expected_ma(resistance_ohm), resistance_ohm


def test_nominal_resistors_and_none():
    for resistance_ohm, cable_ma in ((100, 63000), (220, 32000), (680, 20000), (1500, 13000), (1000000, 0), (0, 0)):
        assert cable_ma_from_ohm(resistance_ohm) == cable_ma, resistance_ohm


def test_resistance_from_the_voltage_under_the_pull_up_and_back():
    for pullup_ohm, supply_mv in ((1000, 3300), (330, 5000)):
        for resistance_ohm in range(50, 3000, 7):
            read_mv = supply_mv * resistance_ohm // (resistance_ohm + pullup_ohm)
            got_ohm = ohm_from_mv(read_mv, pullup_ohm, supply_mv)
            # One millivolt is worth (R + pull-up)^2 / (supply * pull-up) ohm.
            step_ohm = (resistance_ohm + pullup_ohm) * (resistance_ohm + pullup_ohm) // (supply_mv * pullup_ohm) + 1
            assert resistance_ohm - step_ohm <= got_ohm <= resistance_ohm, (pullup_ohm, resistance_ohm, got_ohm)


def test_an_open_line_is_no_resistance_and_no_cable():
    for read_mv in (3300, 3301, 5000):
        assert ohm_from_mv(read_mv, 1000, 3300) == 0, read_mv
    assert ohm_from_mv(3299, 1000, 3300) == 3299000
    assert cable_ma_from_ohm(ohm_from_mv(3299, 1000, 3300)) == 0
