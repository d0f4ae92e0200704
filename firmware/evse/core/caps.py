"""The caps on the offer: from the board, cable, settings, heat, fuse, meter, a person and the sun.

Knows where each limit comes from; does not know the pilot, the session or the contactor.
"""

from micropython import const

from evse.core.boost import Boost
from evse.core.heat import Heat
from evse.core.learn import Learn
from evse.core.limits import FUSE_FREE_MS, METER_LOST_MS, METER_OLD_MS, MIN_OFFER_MA
from evse.core.offer import (
    CAP_BOARD,
    CAP_CABLE,
    CAP_CAR,
    CAP_FUSE,
    CAP_HEAT,
    CAP_METER,
    CAP_MODE,
    CAP_SETTING,
    CAP_STOP,
    CAP_SUN,
    Offer,
)
from evse.core.overdraw import Overdraw
from evse.core.patience import Patience
from evse.core.sanity import CLIPPED, STARTING
from evse.core.settings import Settings
from evse.core.surplus import Surplus
from evse.core.ticks import Hold, elapsed_ms
from evse.core.types import Inputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evse.core.phases import PhaseWish

_ABSURD = const(9)  # three phases at three times the main fuse: it would be gone


class Caps:
    """Fills Offer.caps_ma.

    is_stopped, is_boosted: a person's wishes until unplugged; boost: one that ends by itself; car: the one plugged in;
    car_w: what it draws on all phases, measured or assumed; phases: 1 or 3, all alike; is_sun_blind: three phases and
    one clamp; phase_wish: set where a contactor chooses the phases; is_for_sun: False while the offer is the first
    charge alone, which the sun would not give.
    """

    def __init__(
        self,
        board_max_ma: int,
        has_meter: bool,
        fuse_ma: int,
        nominal_v: int,
        patience: Patience,
        phases: int = 1,
        clamps: int = 1,
    ) -> None:
        self.is_stopped = False
        self.is_boosted = False
        self.car_w = 0
        self.boost = Boost()
        self.is_for_sun = True
        self.car = patience.car
        self._patience = patience
        self.phases = phases
        self.is_sun_blind = phases > 1 and clamps < phases
        self.phase_wish: PhaseWish | None = None
        self.surplus = Surplus()
        self.learn = Learn()
        self.overdraw = Overdraw()
        self._board_max_ma = board_max_ma
        self._board_fuse_ma = fuse_ma
        self._nominal_v = nominal_v
        self._has_meter = has_meter
        self._heat = Heat()
        self._fuse_ma = board_max_ma
        self._fuse_free = Hold(FUSE_FREE_MS)
        self._metered_ms = -1
        self._due = 0  # what is left to do with the last reading

    def step(
        self, inputs: Inputs, settings: Settings, is_charging: bool, offer: Offer, now_ms: int, now_s: int
    ) -> None:
        """Set every cap from this tick's inputs; a meter reading is used once, when it is new."""
        caps_ma = offer.caps_ma
        full_ma = self._board_max_ma
        caps_ma[CAP_BOARD] = full_ma
        caps_ma[CAP_CABLE] = inputs.cable_ma
        caps_ma[CAP_SETTING] = settings.max_ma
        caps_ma[CAP_HEAT] = self._heat.cap_ma(inputs.temperature_cdeg, full_ma)
        caps_ma[CAP_STOP] = 0 if self.is_stopped else full_ma
        caps_ma[CAP_MODE] = 0 if settings.mode == "off" else full_ma
        self.car_w = self._car_w(inputs, is_charging, offer)
        offered_ma = offer.offer_ma if is_charging else 0
        is_new = inputs.meter_at_ms != self._metered_ms and self._is_sane(inputs.grid_w)
        if self._due:  # the two ticks after a reading: none does it all
            self._study(inputs, settings, offered_ma, now_ms)
        if is_new:
            self._metered_ms = inputs.meter_at_ms
            self._due = self._due or 2  # readings as fast as ticks do not starve it
            self._metered(inputs, settings, offered_ma, now_ms)
        caps_ma[CAP_METER] = self._meter_cap_ma(inputs.meter_reason, offer.offer_ma, now_ms)
        if caps_ma[CAP_METER] == 0:
            self.surplus.off()
        if inputs.meter_reason == CLIPPED and inputs.grid_ma > self._board_fuse_ma:
            self._fuse_ma = 0  # what cannot be measured any more is still known to be too much
        caps_ma[CAP_FUSE] = self._fuse_ma if self._has_meter else full_ma
        is_led = self.is_sun_led(settings)
        caps_ma[CAP_SUN] = self._sun_cap_ma() if is_led else full_ma
        self.is_for_sun = not is_led or self.surplus.cap_ma > 0
        is_minded = is_led or self.car.name != ""
        caps_ma[CAP_CAR] = 0 if is_minded and self._patience.needs_pause(now_s) else full_ma

    def _sun_cap_ma(self) -> int:
        if self.phase_wish is not None and self.phase_wish.is_changing:
            return 0
        if self.surplus.cap_ma == 0 and self._patience.is_welcome and self._has_meter:
            return self._patience.welcome_ma
        return self.surplus.cap_ma

    def is_sun_led(self, settings: Settings) -> bool:
        """Whether the sun has a say: in modes solar, eco and min, unless a person wants all now."""
        mode = settings.mode
        return (mode == "solar" or mode == "eco" or mode == "min") and not (self.is_boosted or self.boost.is_running)

    def _metered(self, inputs: Inputs, settings: Settings, offered_ma: int, now_ms: int) -> None:
        grid_w = inputs.grid_w
        if grid_w is None:
            return
        volts = self._nominal_v * self.phases
        if self.is_sun_blind:
            grid_w *= self.phases  # one clamp stands for all
        car_ma = self.car_w * 1000 // volts
        least_car_ma = car_ma if inputs.car_w is None else min(car_ma, inputs.least_car_ma)
        # Of the calibrated power and the whole current by the board's figures the larger guards the fuse.
        house_ma = max((grid_w - self.car_w) * 1000 // volts, inputs.grid_ma - least_car_ma)
        fuse_ma = min(settings.fuse_ma, self._board_fuse_ma)
        free_ma = max(0, min(fuse_ma - house_ma, self._board_max_ma))
        is_free = self._fuse_free.step(free_ma >= MIN_OFFER_MA, now_ms)
        self._fuse_ma = free_ma if is_free or self._fuse_ma >= MIN_OFFER_MA else 0
        if self.is_sun_blind or not self.is_sun_led(settings):
            self.surplus.off()
            return
        car_w = self.car_w if inputs.car_w is not None else None
        self.surplus.measure(grid_w, car_w, offered_ma, volts, settings, self.car, now_ms)

    def _study(self, inputs: Inputs, settings: Settings, offered_ma: int, now_ms: int) -> None:
        self._due -= 1
        if self._due:
            if not self.is_sun_blind and self.is_sun_led(settings):
                self.surplus.decide(settings, self.car)
            if self.phase_wish is not None:
                self._choose_phases(self.phase_wish, settings, offered_ma, now_ms)
            return
        if inputs.car_w is None:
            return
        drawn_ma = self.car_w * 1000 // (self._nominal_v * self.phases)
        self.overdraw.step(offered_ma, drawn_ma, self.car.lag_ms, now_ms)
        self.learn.step(self.car, offered_ma, drawn_ma, now_ms)

    def _choose_phases(self, wish: "PhaseWish", settings: Settings, offered_ma: int, now_ms: int) -> None:
        most_ma = min(self._board_max_ma, settings.max_ma)
        self.phases = wish.step(self.surplus.available_w, most_ma, self._nominal_v, offered_ma > 0, now_ms)

    def _meter_cap_ma(self, meter_reason: int, offer_ma: int, now_ms: int) -> int:
        if not self._has_meter:
            return self._board_max_ma
        if self._metered_ms < 0:
            return 0
        age_ms = elapsed_ms(now_ms, self._metered_ms)
        if age_ms > METER_LOST_MS:
            return 0
        if meter_reason >= STARTING:
            return min(offer_ma, MIN_OFFER_MA)
        return MIN_OFFER_MA if age_ms > METER_OLD_MS else self._board_max_ma

    def _is_sane(self, grid_w: int | None) -> bool:
        """No reading is, and none of more than the main fuse could carry for a moment."""
        return grid_w is not None and abs(grid_w) // self._nominal_v <= _ABSURD * self._board_fuse_ma // 1000

    def _car_w(self, inputs: Inputs, is_charging: bool, offer: Offer) -> int:
        if not is_charging:
            return 0
        if inputs.car_w is not None:
            return inputs.car_w * self.phases if self.is_sun_blind else inputs.car_w
        return offer.offer_ma * self._nominal_v // 1000 * self.phases
