"""The parties and causes of core/blame.py in words.

Loaded when used; knows nothing else.
"""

PARTIES = ("nobody", "sun", "house", "setting", "charger", "cable", "car")
# In the order of the causes in core/blame.py.
WORDS = (
    "charged",
    "no car plugged in",
    "not enough surplus for this car",
    "the main fuse had no room",
    "mode off",
    "stopped by a person",
    "max_ma is below what this car needs",
    "import_w keeps back what this car needs",
    "a start delay made longer than its default",
    "a fault",
    "no meter reading",
    "heat, or no temperature reading",
    "residual-current self-test",
    "its own start delay or pause",
    "this car's patience is spent: stays off",
    "wake pulses",
    "steady +12 V before an offer, and closing",
    "the program stood still",
    "the plug's resistor: none, or too small a cable",
    "pilot shorted to earth",
    "asleep",
    "ended its charge itself: full, or on a timer",
    "refuses",
    "slow to take the offer",
    "takes nothing though the contactor is closed",
    "does not let go after steady +12 V",
)
