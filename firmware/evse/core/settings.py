"""The settings in force; what each may be is in core/setting_table.py.

Knows the values; does not know where they are stored or who types them.
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
