"""Modules that a person or a boot needs now and then: imported where they are used, and let go again.

Knows their names; the heap they would take stays free for what runs in every tick.
"""

import sys

from evse import app

NAMES = (
    "boards", "calibrate", "cars", "clamp_figures", "clamps", "events", "meter_text", "restore", "store", "text",
    "verdict", "words",
)  # fmt: skip


def let_go() -> None:
    """Forget the modules of NAMES that are loaded; who still uses one keeps it until done."""
    for name in NAMES:
        if sys.modules.pop("evse.app." + name, None) is not None and hasattr(app, name):  # not if it is just loading
            delattr(app, name)
