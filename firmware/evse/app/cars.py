"""Cars by name: what is known of each, on flash as cars.json, shown and stated at the REPL.

Its callers see to it that a write stops no charge.
"""

import json
import os

from evse.sun.car import Car

CARS_FILE = "cars.json"
MOST_CARS = 8
LONGEST_NAME = 16
# name, lowest, highest, meaning: what is kept of a car. The first ones are stated, the others found out.
FIELDS = (
    ("limit", 0, 100, "interruptions in a plug-in at which it refuses; 0: it minds none"),
    ("pulses", 0, 100, "the same, of wake pulses alone"),
    ("per_h", 0, 8, "at most so many interruptions an hour; 0: any"),
    ("min_off_s", 0, 3600, "shortest pause between a stop and the next offer, s"),
    ("min_on_s", 0, 3600, "shortest charge, s"),
    ("welcome_s", 0, 300, "charged so long after the plug-in, whatever the sun does, s"),
    ("minus12", 0, 1, "0: must not see -12 V (older hybrids)"),
    ("itself", 0, 1, "1: an offer left standing wakes it"),
    ("glitch_ms", 0, 550, "so long after a new duty its B means nothing, ms (BMW hybrids: 550)"),
    ("min_ma", 6000, 32000, "least offer it charges with, mA"),
    ("pulse", 0, 3, "what woke it: 2 -12 V, 3 pilot open, 0 nothing yet"),
    ("pulse_ms", 0, 60000, "and how long, ms"),
    ("woke_s", 0, 400, "from the pulse until it took the offer, s"),
    ("sleeps_s", 0, 1000000, "shortest pause in which it fell asleep, s; 0: none yet"),
    ("awake_s", 0, 1000000, "longest pause after which it was still awake, s"),
    ("bad", 0, 1000, "interruptions that ended with a car that does not wake"),
    ("lag_ms", 0, 60000, "from a new offer to its answer, ms"),
    ("below_ma", 0, 32000, "draws this much less than offered, mA"),
    ("step_ma", 0, 32000, "its current moves in steps of this, mA"),
)


def replace(name: str, text: str) -> None:
    """Write `text` to the file `name`, which is whole at any moment; raises OSError when the flash is full."""
    with open(name + ".tmp", "w") as file:
        file.write(text)
    os.rename(name + ".tmp", name)


def load(car: Car) -> "str | None":
    """Fill `car` with the car chosen last; returns None, or one line saying what is wrong with the file."""
    try:
        name, cars = _read()
        _apply(car, name, cars.get(name, {}))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        car.name = ""
        car.forget()
        return "%s is broken (%s): every car is unknown; the next name given with evse.car() begins it anew" % (
            CARS_FILE,
            error,
        )
    return None


def save(car: Car, forgotten: str) -> None:
    """Write the chosen car's record, less the car called `forgotten` ("": none); raises OSError when flash is full."""
    cars = _read_or_none()
    cars.pop(forgotten, None)
    if car.name:
        cars[car.name] = {row[0]: getattr(car, row[0]) for row in FIELDS}
    replace(CARS_FILE, json.dumps({"chosen": car.name, "cars": cars}))
    car.is_changed = False


def choose(car: Car, name: str, stated: "dict[str, int]") -> None:
    """From now on the car is the one called `name`, or unknown (""), with what is `stated` of it.

    Raises ValueError, saying what fits, and changes nothing then.
    """
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        raise ValueError("a car's name is a text of at most %d characters, not %r" % (LONGEST_NAME, name))
    if car.name and car.is_changed and name != car.name:
        raise ValueError("what is known of %s is not on flash yet: wait until the contactor is open" % car.name)
    cars = _read_or_none()
    if name and name not in cars and len(cars) >= MOST_CARS:
        raise ValueError("%d cars are kept: evse.forget() one of %s" % (MOST_CARS, ", ".join(sorted(cars))))
    if stated and not name:
        raise ValueError("an unknown car has no record: give it a name")
    for key, value in stated.items():
        _check(key, value)
    if car.name or not name or name in cars:
        if name != car.name or not name:
            _apply(car, name, cars.get(name, {}))
    else:
        car.name = name  # an unknown car gets a name: what was found out of it since the plug-in stays
    for key, value in stated.items():
        setattr(car, key, value)
        car.is_changed = True


def show(car: Car) -> str:
    """The record of the car that is chosen, and the names of the others."""
    lines = ["car %s" % (car.name or "unknown: evse.car(\"name\") gives it a record")]
    for name, _, _, meaning in FIELDS:
        lines.append("%-10s %6d  %s" % (name, getattr(car, name), meaning))
    lines.append("known: %s" % (", ".join(sorted(_read_or_none())) or "none"))
    return "\n".join(lines)


def _read() -> "tuple[str, dict[str, dict[str, int]]]":
    try:
        with open(CARS_FILE) as file:
            kept = json.load(file)
    except OSError:
        return "", {}
    return kept["chosen"], {name: dict(record) for name, record in kept["cars"].items()}


def _read_or_none() -> "dict[str, dict[str, int]]":
    try:
        return _read()[1]
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _apply(car: Car, name: str, record: "dict[str, int]") -> None:
    for key, value in record.items():
        _check(key, value)
    car.name = name
    car.forget()
    for key, value in record.items():
        setattr(car, key, value)


def _check(key: str, value: object) -> None:
    for name, lowest, highest, _ in FIELDS:
        if name == key:
            if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
                raise ValueError("%s: a whole number %d..%d, not %r" % (key, lowest, highest, value))
            return
    raise ValueError("no %s in a car's record; evse.car() lists what there is" % key)
