"""Builds the charger from board.py and arms it; main.py's only call.

Knows the order of a boot: check, build, watchdog, tick.
"""

import sys

import machine

from evse import VERSION
from evse.app import lazy
from evse.app.charger import Charger
from evse.app.console import Evse, Tune

WATCHDOG_MS = 3000
OLDEST_MICROPYTHON = (1, 26)  # before, PWM starts at 50 % and ADC reads fail silently


class StartError(Exception):
    """The charger must not be started here; the message says why."""


def start() -> "tuple[Evse, Tune]":
    """Start the charger of board.py; returns the REPL's `evse` and `tune`.

    Raises StartError or BoardError before any pin is driven.
    """
    if sys.implementation.version[:2] < OLDEST_MICROPYTHON:
        raise StartError("MicroPython %d.%d is too old, 1.26 is needed" % sys.implementation.version[:2])
    board = _checked_board()
    charger = Charger(board)
    charger.keeper.gap = _recalled(charger)
    machine.freq(240000000)
    charger.start(machine.WDT(timeout=WATCHDOG_MS).feed)
    print("Rouse %s on %s: type evse or tune" % (VERSION, board["name"]))
    for warning in _warnings(charger):
        print("Rouse: " + warning)
    typed = Evse(charger), Tune(charger)
    lazy.let_go()
    let_go_of_boot()
    return typed


def let_go_of_boot() -> None:
    """Forget the functions that only a boot calls; tools/once.py writes the body when the firmware is linked."""


def _checked_board() -> dict:  # type: ignore[type-arg]  # Any is typing's, not the chip's
    from board import BOARD  # data beside main.py, written by flashing

    from evse.app.boards import check

    return check(BOARD)


def _recalled(charger: Charger) -> str:
    from evse.app.restore import restore

    return restore(charger.controller, machine.reset_cause())


def _warnings(charger: Charger) -> "list[str]":
    warnings = [each for each in (charger.keeper.notice, charger.keeper.gap) if each]
    if charger.board["one_shot_ms"] is None:
        warnings.append("this board has no one-shot: only software opens the contactor")
    if charger.meter is None:
        warnings.append("this board has no meter: mode solar never charges, and nothing guards the main fuse")
    elif charger.board["reference"] is None:
        from evse.app.text import NO_REFERENCE

        warnings.append(NO_REFERENCE)
    return warnings
