"""The meter's reason codes as sentences, in the order of core/sanity.py; imported when one must be said."""

REASONS = (
    "fine",
    "current only: wire a transformer, an opto or the inverter's clamp to phase_adc for solar mode",
    "no reading yet",
    "clipped: more current than the grid clamp and its burden can show",
    "raw 0 or full scale: the grid clamp's bias is gone",
    "no current at all: is the grid clamp round the wire and plugged in?",
    "the phase reference is dead",
    "no mains frequency of 45..65 Hz in the phase reference",
    "no good reading for 3 s",
    'grid clamp is on backwards: evse.cal.flip("grid")',
    'car clamp is on backwards: evse.cal.flip("car")',
    "grid power does not follow the car: is the grid clamp on this phase, before the charger?",
)
