"""The settings: values in force, and name, unit, range and meaning of each.

No safety limit is among them, and nothing that one is measured by (clamp gains, mains voltage): those are figures of
the board. Does not know where they are stored or who types them.
"""

MODES = ("off", "fast", "solar", "eco", "min")


class Settings:
    """The defaults to begin with, as attributes: mode (str), the others ints in the unit of their name."""

    def __init__(self) -> None:
        self.mode = "solar"
        self.max_ma = 32000
        self.fuse_ma = 100000
        self.import_w = 0
        self.battery_w = 0
        self.start_wh = 150
        self.import_percent = 435
        self.eco_start_wh = 160
        self.eco_import_percent = 80
        self.budget_wh = 20000
        self.least_on_s = 300
        self.least_off_s = 180
        self.wake = 1
        self.fix_clamp = 0


# name, unit, lowest, highest, meaning. A mode is one of MODES.
TABLE = (
    ("mode", "", 0, 0, "off, fast (all allowed), solar (surplus), eco (bridges more), min (6 A and more)"),
    ("max_ma", "mA", 6000, 63000, "most that this car or circuit may have"),
    ("fuse_ma", "mA", 6000, 100000, "a lower limit for the house than the main fuse in the board file"),
    ("import_w", "W", -3000, 3000, "grid power the car may use in solar modes; negative keeps a margin of export"),
    ("battery_w", "W", -10000, 10000, "left to the house battery; negative: it gives so much to the car"),
    ("start_wh", "Wh", 0, 1000, "mode solar: one start is worth so much sun"),
    ("import_percent", "%", 0, 1000, "mode solar: an imported Wh costs so much of a Wh of sun"),
    ("eco_start_wh", "Wh", 0, 1000, "as start_wh, in modes eco and min"),
    ("eco_import_percent", "%", 0, 1000, "as import_percent, in modes eco and min"),
    ("budget_wh", "Wh", 0, 100000, "import a day for bridging dips; past it the next dip ends the charge"),
    ("least_on_s", "s", 60, 1800, "shortest charge that the sun starts"),
    ("least_off_s", "s", 60, 1800, "shortest pause after it"),
    ("wake", "0/1", 0, 1, "wake a car that does not answer the offer"),
    ("fix_clamp", "0/1", 0, 1, "turn a grid clamp that a start of the car shows to be on backwards"),
)


def reset(settings: Settings) -> None:
    """Every setting back to its default."""
    for name, value in as_dict(Settings()).items():
        setattr(settings, name, value)


def put(settings: Settings, name: str, value: object) -> None:
    """Check and apply one value; raises as check() does and changes nothing then."""
    setattr(settings, name, check(name, value))


def as_dict(settings: Settings) -> "dict[str, int | str]":
    """Every setting by name."""
    return {row[0]: getattr(settings, row[0]) for row in TABLE}


def check(name: str, value: object) -> "int | str":
    """Return `value` if the setting may have it; raises KeyError (no such setting) or ValueError, saying what fits."""
    row = _row(name)
    if name == "mode":
        if value not in MODES:
            raise ValueError("mode: one of %s, not %r" % (", ".join(MODES), value))
        return str(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("%s: a whole number of %s, not %r" % (name, row[1], value))
    if not row[2] <= value <= row[3]:
        raise ValueError("%s: %d..%d %s, not %d" % (name, row[2], row[3], row[1], value))
    return value


def _row(name: str) -> "tuple[str, str, int, int, str]":
    for row in TABLE:
        if row[0] == name:
            return row
    raise KeyError("no setting %s; `tune` lists them" % name)
