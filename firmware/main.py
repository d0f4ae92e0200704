"""Starts the charger and returns, so that the native REPL stays the console."""

from evse.app.start import start

try:
    evse, tune, help = start()
except Exception as error:
    # boot.py has opened the contactor; without a tick nothing closes it. One line, not a dead prompt.
    print("Rouse: not started, the contactor stays open:", error)
del start  # not to be typed, and its memory is the tick's
