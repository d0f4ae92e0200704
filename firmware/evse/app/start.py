"""Builds the charger from board.py and arms it; main.py's only call.

Knows the order of a boot: check, build, take back, watchdog, tick.
"""

import gc
import sys

import machine

from evse import VERSION
from evse.app import boards, text
from evse.app.charger import Charger
from evse.app.console import Evse, Tune
from evse.app.restore import restore
from evse.drivers.meter import Meter
from evse.meter.power import SINE

_WATCHDOG_MS = 3000
_OLDEST_MICROPYTHON = (1, 26)  # before, PWM starts at 50 % and ADC reads fail silently
_BOOT_ALONE = ("boards", "restore", "start")  # modules of evse.app that only a boot needs


class StartError(Exception):
    """The charger must not be started here; the message says why."""


def start() -> "tuple[Evse, Tune]":
    """Start the charger of board.py; returns the REPL's `evse` and `tune`.

    Raises StartError or BoardError before any pin is driven.
    """
    if sys.implementation.version[:2] < _OLDEST_MICROPYTHON:
        raise StartError("MicroPython %d.%d is too old, 1.26 is needed" % sys.implementation.version[:2])
    from board import BOARD  # data beside main.py, written by flashing; its absence is an error like the others

    board = boards.check(BOARD)
    has_meter = board["pins"]["grid_adc"] is not None
    metering = boards.metering(board) if has_meter else None
    meter = Meter(*boards.burst_figures(board), SINE) if has_meter else None
    charger = Charger(board, metering, meter)
    charger.keeper.gap = restore(charger.controller, machine.reset_cause())
    _let_go()
    machine.freq(240000000)
    charger.start(machine.WDT(timeout=_WATCHDOG_MS).feed)
    print("Rouse %s on %s: type evse or tune" % (VERSION, board["name"]))
    for warning in _warnings(charger):
        print("Rouse: " + warning)
    return Evse(charger), Tune(charger)


def _let_go() -> None:
    """Forget the modules that only a boot needs: 6 KB that every collection would have to look through."""
    package = sys.modules["evse.app"]
    for name in _BOOT_ALONE:
        del sys.modules["evse.app." + name]
        delattr(package, name)
    gc.collect()


def _warnings(charger: Charger) -> "list[str]":
    warnings = [each for each in (charger.keeper.notice, charger.keeper.gap) if each]
    if charger.board["one_shot_ms"] is None:
        warnings.append("this board has no one-shot: only software opens the contactor")
    if charger.metering is None:
        warnings.append("this board has no meter: mode solar never charges, and nothing guards the main fuse")
    elif charger.board["reference"] is None:
        warnings.append(text.NO_REFERENCE)
    return warnings
