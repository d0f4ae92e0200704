"""The settings in force; what each may be is in core/setting_table.py.

Knows the values; does not know where they are stored or who types them.
"""

MODES = ("off", "fast", "solar", "eco", "min")


class Settings:
    """To begin with the defaults, as attributes: mode (str), the others ints in the unit of their name."""

    def __init__(self) -> None:
        self.mode = ""
        self.max_ma = 0
        self.fuse_ma = 0
        self.import_w = 0
        self.battery_w = 0
        self.start_wh = 0
        self.import_percent = 0
        self.eco_start_wh = 0
        self.eco_import_percent = 0
        self.budget_wh = 0
        self.least_on_s = 0
        self.least_off_s = 0
        self.wake = 0
        self.fix_clamp = 0
        from evse.core.setting_table import reset

        reset(self)
