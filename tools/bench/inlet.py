"""A car at the end of a pilot wire, without a chip: what a charger puts out goes in, what the car does comes out.

The virtual board's own car and pilot circuit, for benches that step hours in a second. Knows no firmware.
"""

from typing import Any

from rouse.data.car_file import Car
from rouse.virtual import car as plant
from rouse.virtual.analog import Channel
from rouse.virtual.pilot import PWM as OFFERED
from rouse.virtual.pilot import Pilot, offered_ma
from rouse.virtual.pins import FULL_U16

X1, PWM, MINUS12, OPEN = range(4)  # what the charger puts out: steady +12 V, an offer, -12 V, nothing
# The electrical truth is used, not the ADC's: any front end will do.
_FRONT_END = {"pilot_offset_uv": 0, "pilot_gain_ppm": 100_000}


class Inlet:
    """pilot and car as in tools/virtual; drive() what the charger puts out, step() time."""

    def __init__(self, car: Car) -> None:
        facts: Any = car  # the plant, which the VM runs too, names no types
        self.pilot = Pilot(_FRONT_END, facts, Channel(True))
        self.car = plant.Car(facts, self.pilot)
        self.pilot.duty_u16 = FULL_U16

    def plug(self, now_ms: int) -> None:
        """The cable goes in."""
        self.pilot.plugged = True
        self.car.plugged(now_ms)
        self.pilot.update()

    def drive(self, what: int, offer_ma: int, now_ms: int) -> None:
        """Put out X1, PWM (an offer of 6000..51000 mA), MINUS12 or OPEN from now on."""
        duties_u16 = {X1: FULL_U16, OPEN: FULL_U16, MINUS12: 0}
        self.pilot.is_open = what == OPEN
        self.pilot.duty_u16 = duties_u16.get(what, offer_ma * 65536 // 60_000)
        self.pilot.update()
        self.car.look(now_ms)

    def step(self, now_ms: int, span_ms: int, has_mains: bool) -> None:
        """`span_ms` go by and it is `now_ms`; has_mains: the contactor is closed."""
        if self.car.step(now_ms, span_ms, has_mains):
            self.pilot.update()

    @property
    def halves_mv(self) -> tuple[int, int]:
        """The two halves of the pilot at the charger's end, mV."""
        pilot = self.pilot
        high_mv = pilot.high_mv if pilot.duty_u16 else pilot.low_mv
        return high_mv, pilot.low_mv if pilot.duty_u16 < FULL_U16 else pilot.high_mv

    @property
    def is_offered(self) -> bool:
        """Whether the car sees PWM."""
        return self.pilot.inlet() == OFFERED

    @property
    def offer_ma(self) -> int:
        """The current on offer as the car reads it from the duty, mA; 0 without PWM."""
        return offered_ma(self.pilot.duty_u16) if self.is_offered else 0

    @property
    def car_w(self) -> int:
        """What the car draws, W."""
        return self.car.ma * plant.MAINS_V // 1000
