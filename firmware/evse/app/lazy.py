"""Modules that a person or a boot needs now and then: imported where they are used, and let go again.

Knows their names; the heap they would take stays free for what runs in every tick.
"""

import sys

NAMES = (
    ("evse.app", (
        "boards", "calibrate", "cars", "clamp_figures", "clamps", "events", "meter_text", "restore", "store", "text",
        "verdict", "words",
    )),
    ("evse.core", ("names", "setting_table")),
)  # fmt: skip


def let_go() -> None:
    """Forget the modules of NAMES that are loaded; who still uses one keeps it until done."""
    for head, names in NAMES:
        package = sys.modules.get(head)
        for name in names:
            if sys.modules.pop(head + "." + name, None) and hasattr(package, name):  # not if it is just loading
                delattr(package, name)
