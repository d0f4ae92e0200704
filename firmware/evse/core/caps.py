"""The caps on the offer: from the board, cable, settings, heat, fuse, meter, a person and the sun.

Knows where each limit comes from; does not know the pilot, the session or the contactor.
"""

from evse.core.heat import Heat
from evse.core.limits import FUSE_FREE_MS, METER_LOST_MS, METER_OLD_MS, MIN_OFFER_MA
from evse.core.offer import (
    CAP_BOARD,
    CAP_CABLE,
    CAP_FUSE,
    CAP_HEAT,
    CAP_METER,
    CAP_MODE,
    CAP_SETTING,
    CAP_STOP,
    CAP_SUN,
    Offer,
)
from evse.core.sanity import CLIPPED, STARTING
from evse.core.settings import Settings
from evse.core.surplus import Surplus
from evse.core.ticks import Hold, elapsed_ms
from evse.core.types import Inputs


class Caps:
    """Fills Offer.caps_ma.

    is_stopped, is_boosted: a person's wishes until unplugged; car_w: what the car draws, measured or assumed.
    """

    def __init__(self, board_max_ma: int, has_meter: bool, fuse_ma: int, nominal_v: int) -> None:
        self.is_stopped = False
        self.is_boosted = False
        self.car_w = 0
        self.surplus = Surplus()
        self._board_max_ma = board_max_ma
        self._board_fuse_ma = fuse_ma
        self._nominal_v = nominal_v
        self._has_meter = has_meter
        self._heat = Heat()
        self._fuse_ma = board_max_ma
        self._fuse_free = Hold(FUSE_FREE_MS)
        self._metered_ms = -1

    def step(self, inputs: Inputs, settings: Settings, is_charging: bool, offer: Offer, now_ms: int) -> None:
        """Set every cap from this tick's inputs; a meter reading is used once, when it is new."""
        caps_ma = offer.caps_ma
        full_ma = self._board_max_ma
        caps_ma[CAP_BOARD] = full_ma
        caps_ma[CAP_CABLE] = inputs.cable_ma
        caps_ma[CAP_SETTING] = settings.max_ma
        caps_ma[CAP_HEAT] = self._heat.cap_ma(inputs.temperature_cdeg, full_ma)
        caps_ma[CAP_STOP] = 0 if self.is_stopped else full_ma
        caps_ma[CAP_MODE] = 0 if settings.mode == "off" else full_ma
        caps_ma[CAP_METER] = self._meter_cap_ma(inputs, offer.offer_ma, now_ms)
        self.car_w = self._car_w(inputs, is_charging, offer)
        if inputs.grid_w is not None and inputs.meter_at_ms != self._metered_ms:
            self._metered_ms = inputs.meter_at_ms
            self._metered(inputs, inputs.grid_w, settings, now_ms)
        if caps_ma[CAP_METER] == 0:
            self.surplus.off(now_ms)
        if inputs.meter_reason == CLIPPED and inputs.grid_ma > self._board_fuse_ma:
            self._fuse_ma = 0  # what cannot be measured any more is still known to be too much
        caps_ma[CAP_FUSE] = self._fuse_ma if self._has_meter else full_ma
        if settings.mode != "solar" or self.is_boosted:
            caps_ma[CAP_SUN] = full_ma
        else:
            caps_ma[CAP_SUN] = self.surplus.cap_ma

    def _metered(self, inputs: Inputs, grid_w: int, settings: Settings, now_ms: int) -> None:
        car_ma = self.car_w * 1000 // self._nominal_v
        least_car_ma = car_ma if inputs.car_w is None else min(car_ma, inputs.least_car_ma)
        # Of the calibrated power and the whole current by the board's figures the larger guards the fuse.
        house_ma = max((grid_w - self.car_w) * 1000 // self._nominal_v, inputs.grid_ma - least_car_ma)
        fuse_ma = min(settings.fuse_ma, self._board_fuse_ma)
        free_ma = max(0, min(fuse_ma - house_ma, self._board_max_ma))
        is_free = self._fuse_free.step(free_ma >= MIN_OFFER_MA, now_ms)
        self._fuse_ma = free_ma if is_free or self._fuse_ma >= MIN_OFFER_MA else 0
        self.surplus.set_delays(settings.start_s, settings.stop_s)
        self.surplus.step(grid_w, self.car_w, self._nominal_v, settings.import_w, now_ms)

    def _meter_cap_ma(self, inputs: Inputs, offer_ma: int, now_ms: int) -> int:
        if not self._has_meter:
            return self._board_max_ma
        if inputs.grid_w is None:
            return 0
        age_ms = elapsed_ms(now_ms, inputs.meter_at_ms)
        if age_ms > METER_LOST_MS:
            return 0
        if inputs.meter_reason >= STARTING:
            return min(offer_ma, MIN_OFFER_MA)
        return MIN_OFFER_MA if age_ms > METER_OLD_MS else self._board_max_ma

    def _car_w(self, inputs: Inputs, is_charging: bool, offer: Offer) -> int:
        if not is_charging:
            return 0
        if inputs.car_w is not None:
            return inputs.car_w
        return offer.offer_ma * self._nominal_v // 1000
