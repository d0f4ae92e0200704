"""Car files: how a car behaves, read from TOML and checked against one table.

Knows the keys, their units and ranges; nothing of the plant that plays the car.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from rouse import ROOT, ToolError

CARS = ROOT / "tools" / "data" / "cars"  # the zoo
Value = int | str
Car = dict[str, Value]


class CarError(ToolError):
    """A car file that cannot be used; the message is one line with file, key and remedy."""


@dataclass(frozen=True)
class Number:
    """An integer key of a car file."""

    default: int
    lowest: int
    highest: int
    meaning: str

    def checked(self, key: str, value: object) -> int:
        """`value`, if it may be; raises ValueError."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"{key} = {value!r} must be a whole number: {self.meaning}")
        if not self.lowest <= value <= self.highest:
            raise ValueError(f"{key} = {value} must be {self.lowest} to {self.highest}: {self.meaning}")
        return value


@dataclass(frozen=True)
class Text:
    """A text key of a car file; no `choices` means any text of 1 to LONGEST_TEXT characters."""

    default: str | None
    choices: tuple[str, ...]
    meaning: str

    def checked(self, key: str, value: object) -> str:
        """`value`, if it may be; raises ValueError."""
        if not isinstance(value, str) or (not self.choices and not 1 <= len(value) <= LONGEST_TEXT):
            raise ValueError(f"{key} must be a text of 1 to {LONGEST_TEXT} characters: {self.meaning}")
        if self.choices and value not in self.choices:
            raise ValueError(f"{key} = {value!r} must be one of {', '.join(map(repr, self.choices))}: {self.meaning}")
        return value


LONGEST_TEXT = 300
WAKES_ON = ("", "open", "minus12", "either", "offer")
UNFED_THEN = ("sleeps", "fault")

KEYS: dict[str, Number | Text] = {
    "name": Text(None, (), "what the report calls the car"),
    "source": Text(None, (), "where this behaviour was seen, or that it is made up"),
    "min_ma": Number(6000, 0, 32_000, "least current it charges with, mA"),
    "max_ma": Number(32_000, 1000, 80_000, "most current it draws, mA"),
    "room_wh": Number(40_000, 0, 200_000, "energy until the battery is full, Wh"),
    "diode": Number(1, 0, 1, "1: the pilot circuit has its diode"),
    "r2_ohm": Number(2740, 500, 10_000, "pilot resistor, always connected, ohm"),
    "r3_ohm": Number(1300, 100, 10_000, "pilot resistor that S2 adds, ohm"),
    "wants_fan": Number(0, 0, 1, "1: asks for ventilation (state D instead of C)"),
    "start_delay_ms": Number(9000, 0, 60_000, "from an offer to closing S2, ms"),
    "lag_ms": Number(2000, 0, 10_000, "dead time between a new offer and the answer, ms"),
    "ramp_up_ma_s": Number(3000, 100, 32_000, "how fast the current rises, mA a second"),
    "ramp_down_ma_s": Number(6000, 100, 32_000, "how fast the current falls, mA a second"),
    "below_offer_ma": Number(300, 0, 5000, "draws this much less than offered, mA"),
    "stop_ms": Number(800, 0, 10_000, "from steady +12 V to no current and S2 open, ms"),
    "ignores_stop": Number(0, 0, 1, "1: keeps drawing after steady +12 V until mains is gone"),
    "sleep_after_s": Number(0, 0, 86_400, "this long without an offer and it sleeps, s; 0: never"),
    "wakes_on": Text("", WAKES_ON, "pilot interruption that wakes it; offer: an offer made anew does"),
    "wake_pulse_ms": Number(3000, 0, 120_000, "shortest interruption that wakes it, ms"),
    "wake_delay_ms": Number(0, 0, 600_000, "once woken, so long until it takes notice of an offer, ms"),
    "wakes_itself_s": Number(0, 0, 3600, "an offer left standing so long wakes it, s; 0: never"),
    "unfed_s": Number(0, 0, 3600, "it minds when no current flows so long after the plug-in, s; 0: never"),
    "unfed_then": Text("sleeps", UNFED_THEN, "what it does then; a fault lasts until replugged"),
    "patience": Number(0, 0, 100, "at so many interruptions (a charge stopped, a pulse) it refuses; 0: never"),
    "pulse_limit": Number(0, 0, 100, "at so many pulses (pilot open or at -12 V) it refuses until replugged; 0: never"),
    "toggle_s": Number(0, 0, 3600, "offered sooner than this after its charge was stopped it locks up, s"),
    "settle_s": Number(0, 0, 3600, "offered sooner than this after it fell asleep it shows an error, s"),
    "minus12_fault": Number(0, 0, 1, "1: -12 V on the pilot is a fault that lasts until replugged"),
    "blip_ms": Number(0, 0, 480, "in B it closes S2 for so long now and then, ms; 0: never"),
    "blip_every_s": Number(30, 1, 3600, "how often, s"),
    "glitch_ms": Number(0, 0, 1000, "after a change of the duty its S2 seems open for so long, ms"),
    "cool_every_s": Number(0, 0, 86_400, "after so long a charge it opens S2 to cool its battery, s; 0: never"),
    "cool_s": Number(30, 1, 600, "for so long, s"),
    "step_ma": Number(1, 1, 5000, "its current moves in steps of this, mA"),
    "bounce_ms": Number(0, 0, 1000, "when unplugged the pilot contact touches once more within this, ms"),
}


def read_car(path: Path) -> Car:
    """The car in `path`, every key of KEYS present; raises CarError for anything that is not a usable car file."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as err:
        raise CarError(f"car file {path}: {err.strerror or err}; give a readable TOML file") from err
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as err:
        raise CarError(f"car file {path}: not TOML ({err}); write lines of key = value") from err
    try:
        return checked(given)
    except ValueError as err:
        raise CarError(f"car file {path}: {err}") from err


def read_cars(folder: Path) -> dict[str, Car]:
    """Every car file of `folder` by its name without .toml; raises CarError, for none as well."""
    cars = {path.stem: read_car(path) for path in sorted(folder.glob("*.toml"))}
    if not cars:
        raise CarError(f"car folder {folder}: no car files (*.toml) in there")
    return cars


def checked(given: dict[str, object]) -> Car:
    """`given` with the defaults filled in; raises ValueError naming the first unknown, missing or impossible key."""
    for key in given:
        if key not in KEYS:
            raise ValueError(f"unknown key {key!r}; the keys are {', '.join(KEYS)}")
    car = {key: _value(key, rule, given) for key, rule in KEYS.items()}
    if car["wakes_on"] and not (car["sleep_after_s"] or car["unfed_s"]):
        raise ValueError("wakes_on without sleep_after_s or unfed_s; say after how many seconds it sleeps")
    return car


def _value(key: str, rule: Number | Text, given: dict[str, object]) -> Value:
    if key in given:
        return rule.checked(key, given[key])
    if rule.default is None:
        raise ValueError(f"key {key!r} is missing; it is {rule.meaning}")
    return rule.default
