"""The offer: the lowest of all caps, who set it, how fast it may rise; and the caps that protect cable, heat and fuse.

Knows currents, temperatures and a meter's age; does not know the sun, the settings or the contactor.
"""

from array import array

from micropython import const

from evse.safety.limits import (
    METER_CLIPPED,
    METER_OLD_MS,
    METER_STARTING,
    MIN_OFFER_MA,
    Hold,
    Inputs,
    elapsed_ms,
)

# Who may limit the offer; their names are in app/text.py.
CAP_BOARD = const(0)
CAP_CABLE = const(1)
CAP_SETTING = const(2)
CAP_HEAT = const(3)
CAP_FUSE = const(4)
CAP_METER = const(5)
CAP_STOP = const(6)
CAP_MODE = const(7)
CAP_SUN = const(8)
CAP_CAR = const(9)
CAP_COUNT = const(10)

_STEP_MA = const(100)
_RAISE_INTERVAL_MS = const(5000)  # table A.6, sequence 6: the car has 5 s to follow

# Proximity resistor of the plug (IEC 61851-1 annex B): (up to so many ohm, the rating of the cable).
_SHORTED_OHM = const(80)  # under it no plug fits
_CABLES = ((140, 63000), (308, 32000), (936, 20000), (2460, 13000))

# Temperature of the enclosure, 0.01 C (OpenEVSE's steps, with hysteresis).
_HALVE_CDEG = const(6500)
_RESTORE_CDEG = const(6200)
_STOP_CDEG = const(7000)
_RESUME_CDEG = const(6000)
_SENSOR_LOW_CDEG = const(-4000)
_SENSOR_HIGH_CDEG = const(12000)

_FUSE_FREE_MS = const(60000)  # after a stop for the main fuse, room for 6 A must last so long
_METER_LOST_MS = const(15000)
_ABSURD = const(9)  # three phases at three times the main fuse: it would be gone


class Offer:
    """What the car may draw now."""

    def __init__(self) -> None:
        self.caps_ma = array("i", [0] * CAP_COUNT)  # one a CAP_..., 0 until somebody sets it
        self.offer_ma = 0  # 0, or 6000 and more in steps of 100 mA
        self.limiter = CAP_BOARD  # the CAP_... that decides
        self._raised_ms = 0

    def choose(self, now_ms: int) -> int:
        """Take the lowest cap: down at once, up at most every 5 s; returns offer_ma."""
        wanted_ma = self._lowest()
        if wanted_ma <= self.offer_ma:
            self.offer_ma = wanted_ma
        elif self.offer_ma == 0 or elapsed_ms(now_ms, self._raised_ms) >= _RAISE_INTERVAL_MS:
            self.offer_ma = wanted_ma
            self._raised_ms = now_ms
        return self.offer_ma

    def _lowest(self) -> int:
        caps_ma = self.caps_ma
        lowest_ma = min(caps_ma)  # in C; the name of the lowest is looked for only when another cap took over
        if caps_ma[self.limiter] != lowest_ma:
            self.limiter = 0
            while caps_ma[self.limiter] != lowest_ma:
                self.limiter += 1
        if lowest_ma < MIN_OFFER_MA:
            return 0
        return lowest_ma - lowest_ma % _STEP_MA


def ohm_from_mv(read_mv: int, pullup_ohm: int, supply_mv: int) -> int:
    """Resistance to earth under a pull-up, from the voltage across it; 0 when the reading is at the supply."""
    if read_mv >= supply_mv:
        return 0
    return read_mv * pullup_ohm // (supply_mv - read_mv)


def cable_ma_from_ohm(resistance_ohm: int) -> int:
    """What the cable may carry in mA: 63000, 32000, 20000 or 13000; 0 when no plug fits.

    Between two windows the lower rating counts (IEC 61851-1 annex B).
    """
    if resistance_ohm >= _SHORTED_OHM:
        for highest_ohm, cable_ma in _CABLES:
            if resistance_ohm <= highest_ohm:
                return cable_ma
    return 0


class Heat:
    """Two thresholds with hysteresis: halve at 65 C (back at 62), stop at 70 C (resume at 60)."""

    def __init__(self) -> None:
        self._is_halved = False
        self._is_stopped = False

    def cap_ma(self, temperature_cdeg: int | None, full_ma: int) -> int:
        """What the heat allows of `full_ma`; 0 without a believable reading."""
        if temperature_cdeg is None or not _SENSOR_LOW_CDEG < temperature_cdeg < _SENSOR_HIGH_CDEG:
            return 0
        self._is_stopped = temperature_cdeg >= (_RESUME_CDEG if self._is_stopped else _STOP_CDEG)
        self._is_halved = temperature_cdeg >= (_RESTORE_CDEG if self._is_halved else _HALVE_CDEG)
        if self._is_stopped:
            return 0
        if self._is_halved:
            return max(full_ma // 2, MIN_OFFER_MA)
        return full_ma


class Protection:
    """The caps that protect: board, cable, heat, main fuse, and the meter's age."""

    def __init__(self, board_max_ma: int, has_meter: bool, fuse_ma: int, nominal_v: int) -> None:
        self.full_ma = board_max_ma
        self._has_meter = has_meter
        self._board_fuse_ma = fuse_ma
        self._most_w = _ABSURD * nominal_v * fuse_ma // 1000
        self._heat = Heat()
        self._fuse_ma = board_max_ma
        self._fuse_free = Hold(_FUSE_FREE_MS)
        self._metered_ms = -1

    def is_new(self, inputs: Inputs) -> bool:
        """Whether there is a reading not yet taken, of no more than the main fuse could carry for a moment."""
        if inputs.meter_at_ms == self._metered_ms:
            return False
        grid_w = inputs.grid_w
        return grid_w is not None and abs(grid_w) <= self._most_w

    def measure(self, house_ma: int, fuse_setting_ma: int, meter_at_ms: int, now_ms: int) -> None:
        """Take a reading: what the main fuse leaves beside the house; a setting may lower it, never lift it."""
        self._metered_ms = meter_at_ms
        fuse_ma = min(fuse_setting_ma, self._board_fuse_ma)
        free_ma = max(0, min(fuse_ma - house_ma, self.full_ma))
        is_free = self._fuse_free.lasts(free_ma >= MIN_OFFER_MA, now_ms)
        self._fuse_ma = free_ma if is_free or self._fuse_ma >= MIN_OFFER_MA else 0

    def limit(self, inputs: Inputs, offer: Offer) -> None:
        """The caps of board, cable and heat, when cable and heat were read anew."""
        caps_ma = offer.caps_ma
        caps_ma[CAP_BOARD] = self.full_ma
        caps_ma[CAP_CABLE] = inputs.cable_ma
        caps_ma[CAP_HEAT] = self._heat.cap_ma(inputs.temperature_cdeg, self.full_ma)

    def limit_by_meter(self, inputs: Inputs, offer: Offer, now_ms: int) -> None:
        """The caps of the meter's age and of the main fuse."""
        caps_ma = offer.caps_ma
        caps_ma[CAP_METER] = self._meter_cap_ma(inputs.meter_reason, offer.offer_ma, now_ms)
        if inputs.meter_reason == METER_CLIPPED and inputs.grid_ma > self._board_fuse_ma:
            self._fuse_ma = 0  # what cannot be measured any more is still known to be too much
        caps_ma[CAP_FUSE] = self._fuse_ma if self._has_meter else self.full_ma

    def _meter_cap_ma(self, meter_reason: int, offer_ma: int, now_ms: int) -> int:
        if not self._has_meter:
            return self.full_ma
        if self._metered_ms < 0:
            return 0
        age_ms = elapsed_ms(now_ms, self._metered_ms)
        if age_ms > _METER_LOST_MS:
            return 0
        if meter_reason >= METER_STARTING:
            return min(offer_ma, MIN_OFFER_MA)
        return MIN_OFFER_MA if age_ms > METER_OLD_MS else self.full_ma
