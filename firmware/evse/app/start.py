"""Builds the charger from board.py and arms it; main.py's only call.

Knows the order of a boot: check, build, watchdog, tick.
"""

import sys

import machine

from evse import VERSION
from evse.app.boards import check
from evse.app.charger import Charger
from evse.app.console import Evse, Tune
from evse.core import faults, journal

WATCHDOG_MS = 3000
OLDEST_MICROPYTHON = (1, 26)


def start() -> "tuple[Evse, Tune]":
    """Start the charger of board.py; returns the REPL's `evse` and `tune`.

    Raises BoardError before any pin is driven.
    """
    from board import BOARD  # data beside main.py, written by flashing

    charger = Charger(check(BOARD))
    if sys.implementation.version[:2] < OLDEST_MICROPYTHON:
        charger.refuse(faults.VERSION)
        print("Rouse: MicroPython %d.%d is too old, 1.26 is needed: not armed" % sys.implementation.version[:2])
    charger.controller.journal.add(0, journal.BOOT, machine.reset_cause())
    machine.freq(240000000)
    charger.start(machine.WDT(timeout=WATCHDOG_MS).feed)
    print("Rouse %s on %s: type evse or tune" % (VERSION, BOARD["name"]))
    if charger.notice:
        print("Rouse: " + charger.notice)
    if BOARD["one_shot_ms"] is None:
        print("Rouse: this board has no one-shot: only software opens the contactor")
    return Evse(charger), Tune(charger)
