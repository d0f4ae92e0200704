"""A car of the zoo at the end of a pilot wire, and a person at the charger's end who does what a test asks.

Knows the inlet; each act takes simulated time in steps of 100 ms.
"""

from rouse.bench.inlet import MINUS12, OPEN, PWM, X1, Inlet
from rouse.data.car_file import Car

STEP_MS = 100
HOUR_S = 3600


class ZooBench:
    """Plugged in at time 0; is_closed follows the car: closed in C under an offer, and until it lets go."""

    def __init__(self, car: Car) -> None:
        self.car = car
        self.inlet = Inlet(car)
        self.now_ms = 0
        self.shown = ""  # B or C, one letter a step since the last act
        self.inlet.plug(0)

    def hold(self, what: int, seconds: float, offer_ma: int = 16_000) -> None:
        """Put out `what` for so long."""
        self.shown = ""
        for _ in range(round(seconds * 1000 / STEP_MS)):
            self.inlet.drive(what, offer_ma, self.now_ms)
            self.now_ms += STEP_MS
            is_c = self.inlet.pilot.s2
            self.inlet.step(self.now_ms, STEP_MS, self.inlet.car.s2 and what in (PWM, X1))
            self.shown += "C" if is_c else "B"

    def charge(self, seconds: float = 60) -> bool:
        """Offer 16 A until it charges, and for so long; whether it does."""
        self.hold(PWM, self.answer_s + seconds)
        return self.inlet.car.ma > 0

    def pause(self, seconds: float) -> None:
        """Steady +12 V for so long."""
        self.hold(X1, seconds)

    def pulse(self, what: str, seconds: float) -> None:
        """The pilot "open" or at "minus12" for so long, then +12 V for a second."""
        self.hold(OPEN if what == "open" else MINUS12, seconds)
        self.pause(1)

    @property
    def answer_s(self) -> float:
        """The longest it may need from an offer to its first current."""
        keys = ("start_delay_ms", "wake_delay_ms", "lag_ms")
        return sum(int(self.car[key]) for key in keys) / 1000 + int(self.car["wakes_itself_s"]) + 5

    @property
    def safe_pause_s(self) -> int:
        """A pause it takes well and does not fall asleep in, if there is one."""
        longest_s = int(self.car["sleep_after_s"]) - 1 if self.car["sleep_after_s"] else HOUR_S
        return min(longest_s, max(int(self.car["toggle_s"]), 30) + 1)
