"""A world's state as JSON-able data, so that a new VM instance goes on with the same plant, pins and watchdog.

Lists by name what lives on; timers, the day file and planned actions do not.
"""

import binascii

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .wiring import Wiring

WORLD = ("reset_cause", "wrap_ms", "clock_offset_s", "cable_ohm", "temperature_cdeg", "grid_ms", "released_ms")
SEEN = ("imports_under_load", "collections_under_load", "longest_collection_under_load_ms")  # by the world too
PARTS = {
    "clock": ("ms", "us", "due_ms", "next_us", "pwm_start_us", "mains_place", "mains_rate", "cycles", "latch_wanted"),
    "scheduler": ("watchdog_ms", "fed_ms", "dropped", "callback_errors", "tick_opcodes"),
    "pilot": ("has_diode", "duty_u16", "freq_hz", "plugged", "s2", "is_open", "short"),
    "car": ("room_wh", "ma", "rest_w_ms", "seen", "seen_ms", "offer_ms", "dry_ms", "followed_ma")
    + ("heard_ms", "s2"),
    "mood": ("asleep", "locked", "woken", "interruptions", "pulses", "fed", "flowed", "is_waking", "plug_ms", "pwm_ms")
    + ("slept_ms", "ready_ms", "stopped_ms"),
    "quirks": ("duty_u16", "duty_ms", "moved_ms"),
    "contactor": ("wanted", "cut", "energised", "held", "welded", "starts", "alive_ms", "close_ms", "open_ms"),
    "residual": ("leaking", "testing", "broken", "tripped", "change_ms"),
    "judge": ("violations", "last", "told", "owner_writes", "c_since_ms", "left_ms", "high_since_ms", "trip_since_ms")
    + ("over_since_ms", "opened_ms", "left_since_open", "was_reset", "duty_u16"),
}


def take(world: "Wiring") -> "dict[str, Any]":
    """The state of `world` as a dict of dicts of ints, lists and texts."""
    state: dict[str, Any] = {name: _take(getattr(world, name), names) for name, names in PARTS.items()}
    state["world"] = _take(world, WORLD + SEEN)
    state["pins"] = world.pins.state()
    state["rtc_memory"] = binascii.hexlify(world.rtc_memory).decode()
    return state


def put(world: "Wiring", state: "dict[str, Any]") -> None:
    """Make `world` (built from the same board and car) as it was when take() made `state`."""
    for name, names in PARTS.items():
        _put(getattr(world, name), names, state[name])
    _put(world, WORLD + SEEN, state["world"])
    world.pins.restore(state["pins"])
    world.rtc_memory = binascii.unhexlify(state["rtc_memory"])


def _take(part: object, names: "tuple[str, ...]") -> "dict[str, Any]":
    taken = {}
    for name in names:
        value = getattr(part, name)
        taken[name] = list(value) if isinstance(value, list) else value
    return taken


def _put(part: object, names: "tuple[str, ...]", values: "dict[str, Any]") -> None:
    for name in names:
        value = values[name]
        setattr(part, name, list(value) if isinstance(value, list) else value)
