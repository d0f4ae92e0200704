"""Builds the charger from board.py and arms it; main.py's only call.

Knows the order of a boot: check, build, measure the chip, take back, watchdog, tick.
"""

import gc
import sys

import machine

from evse import VERSION
from evse.app import boards, selftest, text
from evse.app.charger import Charger
from evse.app.console import Evse, Tune
from evse.app.helping import Help
from evse.app.restore import restore
from evse.drivers.meter import Meter
from evse.meter.power import SINE

_WATCHDOG_MS = 3000
_OLDEST_MICROPYTHON = (1, 26)  # before, PWM starts at 50 % and ADC reads fail silently
_BOOT_ALONE = ("boards", "restore", "selftest", "start")  # modules of evse.app that only a boot needs


class StartError(Exception):
    """The charger must not be started here; the message says why."""


def start() -> "tuple[Evse, Tune, Help]":
    """Start the charger of board.py; returns the REPL's `evse`, `tune` and `help`.

    Raises StartError or BoardError before anything could close the contactor.
    """
    if sys.implementation.version[:2] < _OLDEST_MICROPYTHON:
        raise StartError("MicroPython %d.%d is too old, 1.26 is needed" % sys.implementation.version[:2])
    from board import BOARD  # data beside main.py, written by flashing; its absence is an error like the others

    board = boards.check(BOARD)
    has_meter = board["pins"]["grid_adc"] is not None
    metering = boards.metering(board) if has_meter else None
    meter = Meter(*boards.burst_figures(board), SINE) if has_meter else None
    charger = Charger(board, metering, meter)
    machine.freq(240000000)
    charger.chip_us = selftest.measure(board["pins"]["pilot_adc"])
    if selftest.tick_us(charger.chip_us) > selftest.LONGEST_TICK_US:
        raise StartError("%s: too slow to open the contactor in time" % selftest.chip(charger.chip_us))
    remarks = selftest.remarks(charger.chip_us, board["pins"])
    charger.keeper.gap = restore(charger.controller, machine.reset_cause())
    _let_go()
    print("Rouse %s on %s: type evse, tune or help" % (VERSION, board["name"]))
    for warning in remarks + _warnings(charger):
        if warning:
            print("Rouse: " + warning)
    typed = Evse(charger), Tune(charger), Help(charger)
    charger.start(machine.WDT(timeout=_WATCHDOG_MS).feed)
    return typed


def _let_go() -> None:
    """Forget the modules that only a boot needs: 6 KB that every collection would have to look through."""
    package = sys.modules["evse.app"]
    for name in _BOOT_ALONE:
        del sys.modules["evse.app." + name]
        delattr(package, name)
    gc.collect()


def _warnings(charger: Charger) -> "list[str]":
    warnings = [charger.keeper.notice or "", charger.keeper.gap]
    if charger.board["one_shot_ms"] is None:
        warnings.append("this board has no one-shot: only software opens the contactor")
    if charger.metering is None:
        warnings.append("this board has no meter: mode solar never charges, and nothing guards the main fuse")
    elif charger.board["reference"] is None:
        warnings.append(text.NO_REFERENCE)
    return warnings
