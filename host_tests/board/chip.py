"""The firmware's drivers and charger on CPython, in front of the fake chip and without a boot, for tests of one part.

Knows modules; does not know what a part must do.
"""

import importlib
import sys

from rouse.virtual.host import machine, time

FAKES = {"machine": machine, "time": time}


def load(*names):
    """Modules of the firmware, imported afresh in front of the fakes; Python gets its own modules back."""
    kept = take_out()
    sys.modules.update(FAKES)
    try:
        return [importlib.import_module(name) for name in names]
    finally:
        take_out()
        sys.modules.update(kept)


def take_out():
    """The modules that the firmware and the fakes stand in front of, as they were, out of Python's way."""
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name in FAKES or name.split(".")[0] == "evse"}
