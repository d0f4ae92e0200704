"""Text for a person: the status card, the figures and the list of settings.

Reads the charger; changes nothing.
"""

from evse.app.pace import say
from evse.core import names
from evse.core.setting_table import TABLE, as_dict
from evse.core.settings import Settings
from evse.core.types import STATE_A, Inputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evse.app.charger import Charger

UNKNOWN_CAR = (
    'car    unknown, so treated as touchy: evse.car("name", limit=0, per_h=0, min_off_s=0) if it minds no stops'
)
NO_REFERENCE = "solar needs a grid clamp and a phase reference (transformer, opto or the inverter's clamp): no charge"


class Figures:
    """Figures by name, figures["offer_ma"], printed at the pace of the tick; `values` is the plain dict."""

    def __init__(self, charger: "Charger", values: "dict[str, object]") -> None:
        self.values = values
        self._charger = charger

    def __getitem__(self, name: str) -> object:
        return self.values[name]

    def __repr__(self) -> str:
        say(self._charger, "\n".join(["%s %s" % row for row in sorted(self.values.items())]))
        return ""


def status(charger: "Charger") -> Figures:
    """The charger's figures by name, units in the names."""
    controller = charger.controller
    inputs = controller.inputs
    offer = controller.offer
    values: dict[str, object] = {
        "state": names.STATES[controller.session.state],
        "level": names.LEVELS[controller.pilot.raw],
        "pilot": names.PILOTS[controller.session.pilot],
        "high_mv": inputs.high_mv,
        "low_mv": inputs.low_mv,
        "mode": _mode(charger),
        "offer_ma": offer.offer_ma,
        "limiter": names.CAPS[offer.limiter],
        "contactor": controller.interlock.permits,
        "contactor_closed": inputs.contactor_closed,
        "grid_w": inputs.grid_w,
        "car_w": inputs.car_w,
        "sun_w": inputs.sun_w,
        "meter": meter_reason(inputs),
        "available_w": controller.caps.surplus.available_w,
        "session_wh": controller.energy.wh,
        "cable_ma": inputs.cable_ma,
        "temperature_cdeg": inputs.temperature_cdeg,
        "reason": names.REASONS[controller.reason],
        "faults": fault_names(controller.faults.bits),
        "pulses": controller.wake.attempts,
        "interruptions": controller.waking.patience.spent,
        "ticks": charger.tick_count,
        "tick_errors": charger.tick_errors,
        "late": charger.late_count,
        "uptime_s": controller.uptime_s,
    }
    return Figures(charger, values)


def fault_names(bits: int) -> "list[str]":
    """The latched faults as sentences."""
    return [name for index, name in enumerate(names.FAULTS) if bits >> index & 1]


def card(charger: "Charger", now_ms: int) -> str:
    """The status card: what it does, why, and the figures behind it."""
    controller = charger.controller
    inputs = controller.inputs
    offer = controller.offer
    lines = [
        "Rouse  %s  %s" % (names.STATES[controller.session.state], names.REASONS[controller.reason]),
        _countdown(charger, now_ms),
        "pilot  %s, car shows %s  (%s / %s mV)"
        % (names.PILOTS[controller.session.pilot], names.LEVELS[controller.pilot.raw], inputs.high_mv, inputs.low_mv),
        "offer  %d.%d A, limited by %s  (mode %s)"
        % (offer.offer_ma // 1000, offer.offer_ma // 100 % 10, names.CAPS[offer.limiter], _mode(charger)),
        "grid   %s W   car %s W   for the car %d W%s"
        % (inputs.grid_w, inputs.car_w, controller.caps.surplus.available_w, _sun(inputs)),
        "meter  %s" % meter_reason(inputs) if inputs.meter_reason else "",
        "car    %d Wh since plugged, %d wake pulses, cable %d A"
        % (controller.energy.wh, controller.wake.attempts, inputs.cable_ma // 1000),
        UNKNOWN_CAR if _is_touchy(charger) else "",
        "faults %s" % (", ".join(fault_names(controller.faults.bits)) or "none"),
        "notice %s" % charger.keeper.notice if charger.keeper.notice else "",
    ]
    return "\n".join([line for line in lines if line])


def _is_touchy(charger: "Charger") -> bool:
    """Whether a car without a name is plugged in while the sun leads, so that what it may mind holds it back."""
    controller = charger.controller
    is_plugged = controller.session.state != STATE_A
    return is_plugged and not controller.car.name and controller.caps.is_sun_led(controller.settings)


def _mode(charger: "Charger") -> str:
    controller = charger.controller
    boost = controller.caps.boost
    if boost.is_running:
        return "boost, %d Wh or %d min left" % (max(0, boost.left_wh), (max(0, boost.left_s) + 59) // 60)
    return "fast until unplugged" if controller.caps.is_boosted else controller.settings.mode


def meter_reason(inputs: Inputs) -> str:
    """What is wrong with the meter, or fine."""
    if inputs.meter_reason == 0:
        return "fine"
    from evse.app.meter_text import REASONS  # a KB that is seldom needed

    return REASONS[inputs.meter_reason]


def _sun(inputs: Inputs) -> str:
    if inputs.sun_w is None or inputs.grid_w is None:
        return ""
    return "   sun %d W   house %d W" % (inputs.sun_w, inputs.grid_w + inputs.sun_w - (inputs.car_w or 0))


def _countdown(charger: "Charger", now_ms: int) -> str:
    surplus = charger.controller.caps.surplus
    waiting_s = surplus.waiting_ms() // 1000
    if not waiting_s or not charger.controller.caps.is_sun_led(charger.controller.settings):
        return ""
    return "       %s in %d s unless the sun changes" % ("stops" if surplus.cap_ma else "starts", waiting_s)


def settings_list(charger: "Charger") -> str:
    """Every setting: value, unit, default, range and meaning."""
    lines = []
    values = as_dict(charger.controller.settings)
    defaults = as_dict(Settings())
    for name, unit, lowest, highest, meaning in TABLE:
        span = "" if name == "mode" else " %s..%s" % (lowest, highest)
        lines.append("%-14s %s %s  (default %s%s)  %s" % (name, values[name], unit, defaults[name], span, meaning))
    return "\n".join(lines)
