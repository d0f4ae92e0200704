"""What the core's codes are called: pilot levels, session states, pilot outputs, caps, faults and reasons.

Loaded by who shows them, then let go again (app/lazy.py); each table is in the order of its codes. Knows nothing else.
"""

LEVELS = ("A", "B", "C", "D", "E", "F", "no diode", "bad")
STATES = ("A", "B1", "B2", "C1", "C2", "D1", "D2", "E", "wake", "fault")
PILOTS = ("+12 V", "PWM", "-12 V", "open")
CAPS = ("board", "cable", "setting max_ma", "heat", "main fuse", "meter", "you", "mode off", "sun", "car's pause")
# The place in this table, from 1, is the number of blinks.
FAULTS = (
    "pilot voltage fits no state",
    "no diode in the car's pilot",
    "pilot shorted to earth",
    "residual current",
    "residual-current self-test failed",
    "contactor welded",
    "contactor did not close",
    "car asks for ventilation and there is none",
    "firmware error in the tick",
    "settings file broken: defaults in force, mode off",
    "the car draws more than it is offered",
)
REASONS = (
    "no car",
    "charging",
    "fault",
    "waking the car",
    "stopped by you",
    "waiting for sun",
    "no current to give",
    "testing the residual-current monitor",
    "the car ended its charge: full, or on a timer",
    "the car does not wake; left alone until replugged",
    "waiting for the car to take the offer",
    "waiting for the car to let go",
    "mode is off",
    "the pilot is shorted to earth",
    "charging through a dip: another start would cost more than this import",
    "charging on for a while: the charge is short yet",
    "the sun is coming: starts when it has earned a start",
    "sun enough, but the pause is short yet",
    "this car takes no more interruptions: off until replugged",
    "three phases and one clamp: the sun cannot be seen; mode fast charges",
    "no reading from the meter",
    "the contactor is closed and the car draws nothing: full, or on a timer",
    "giving the car the pause it needs after a stop",
    "holding the least current through the cloud: this car takes no more interruptions",
    "charging with the least current: mode min never stops",
)
