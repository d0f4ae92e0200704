"""The plug's proximity resistor becomes the cable's rating.

Knows the standard's windows; does not know the pin or the pilot.
"""

from evse.core.limits import CABLE_13_OHM, CABLE_20_OHM, CABLE_32_OHM, CABLE_63_OHM

_CABLES = ((CABLE_63_OHM, 63000), (CABLE_32_OHM, 32000), (CABLE_20_OHM, 20000), (CABLE_13_OHM, 13000))


def ohm_from_mv(read_mv: int, pullup_ohm: int, supply_mv: int) -> int:
    """Resistance to earth under a pull-up, from the voltage across it; 0 when the reading is at the supply."""
    if read_mv >= supply_mv:
        return 0
    return read_mv * pullup_ohm // (supply_mv - read_mv)


def cable_ma_from_ohm(resistance_ohm: int) -> int:
    """What the cable may carry in mA: 63000, 32000, 20000 or 13000; 0 when no plug fits.

    Between two windows the lower rating counts (IEC 61851-1 annex B).
    """
    for (lowest_ohm, highest_ohm), cable_ma in _CABLES:
        if lowest_ohm <= resistance_ohm <= highest_ohm:
            return cable_ma
    return 0
