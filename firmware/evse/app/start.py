"""Builds the charger from board.py and arms it; main.py's only call.

Knows the order of a boot: check, build, watchdog, tick.
"""

import sys

import machine

from evse import VERSION
from evse.app.charger import CRASH_MARK, Charger
from evse.app.console import Evse, Tune
from evse.app.text import NO_REFERENCE
from evse.core import faults, journal

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
    charger.controller.journal.add(0, journal.BOOT, machine.reset_cause())
    _recall_crash(charger)
    machine.freq(240000000)
    charger.start(machine.WDT(timeout=WATCHDOG_MS).feed)
    print("Rouse %s on %s: type evse or tune" % (VERSION, board["name"]))
    for warning in _warnings(charger):
        print("Rouse: " + warning)
    return Evse(charger), Tune(charger)


def _checked_board() -> dict:  # type: ignore[type-arg]  # Any is typing's, not the chip's
    # The check is needed once: it is let go again, 5 KB of a heap of 112.
    from board import BOARD  # data beside main.py, written by flashing

    import evse.app.boards

    try:
        return evse.app.boards.check(BOARD)
    finally:
        del sys.modules["evse.app.boards"], evse.app.boards


def _recall_crash(charger: Charger) -> None:
    memory = machine.RTC()
    if memory.memory() == CRASH_MARK:
        memory.memory(b"")
        charger.controller.faults.latch(faults.TICK)


def _warnings(charger: Charger) -> "list[str]":
    warnings = [charger.notice] if charger.notice else []
    if charger.board["one_shot_ms"] is None:
        warnings.append("this board has no one-shot: only software opens the contactor")
    if charger.meter is None:
        warnings.append("this board has no meter: mode solar never charges, and nothing guards the main fuse")
    elif charger.board["reference"] is None:
        warnings.append(NO_REFERENCE)
    return warnings
