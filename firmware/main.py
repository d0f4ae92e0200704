"""Starts the charger and returns, so that the native REPL stays the console."""

from evse.app.boards import BoardError
from evse.app.start import start

try:
    evse, tune = start()
except BoardError as error:
    print("Rouse: not started, the contactor stays open:", error)
