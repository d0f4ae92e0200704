"""What a simulated charge left behind: one sample a second, the figures and the events read from them.

Knows powers, pilot letters and the contactor as an observer sees them; nothing of the firmware or of pictures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

LINE = "sample"  # first word of a sample's line on the VM's output
VIOLATION = "SAFETY VIOLATION"


@dataclass(frozen=True)
class Sample:
    """One simulated second; counters count from the beginning of the run."""

    at_s: int
    solar_w: int
    house_w: int
    car_w: int
    offer_ma: int  # as the car reads it from the duty; 0 without PWM
    pilot: str  # what the car sees: A unplugged, B, C, D, E no pilot (opened), F -12 V
    is_pwm: bool
    is_closed: bool
    is_asleep: bool
    woken: int
    violations: int

    @property
    def is_interrupted(self) -> bool:
        """Whether the car is plugged in and its pilot is gone or at -12 V, which is how a car is woken."""
        return self.pilot in "EF"

    @property
    def surplus_w(self) -> int:
        """Solar minus house, W."""
        return self.solar_w - self.house_w

    @property
    def state(self) -> str:
        """The pilot letter with 2 while current is offered and 1 while not, for a connected car."""
        return self.pilot + ("2" if self.is_pwm else "1") if self.pilot in "BCD" else self.pilot


def parse(line: str) -> Sample | None:
    """The sample in a line of the VM's output, or None for any other line."""
    words = line.split()
    if len(words) != 12 or words[0] != LINE:
        return None
    at_s, solar_w, house_w, car_w, offer_ma = map(int, words[1:6])
    is_pwm, is_closed, is_asleep = (word == "1" for word in words[7:10])
    powers_w = (solar_w, house_w, car_w)
    return Sample(at_s, *powers_w, offer_ma, words[6], is_pwm, is_closed, is_asleep, int(words[10]), int(words[11]))


@dataclass(frozen=True)
class Figures:
    """Energy, starts and wakes of a trace; the definitions are those of the peers' scores."""

    solar_kwh: float
    car_kwh: float
    import_kwh: float
    starts: int
    wake_attempts: int
    woken: int
    safety_violations: int


def figures(samples: Sequence[Sample]) -> Figures:
    """The figures of `samples`, one a second; raises IndexError without any."""
    solar_ws = sum(min(sample.car_w, max(sample.surplus_w, 0)) for sample in samples)
    car_ws = sum(sample.car_w for sample in samples)
    last = samples[-1]
    return Figures(
        solar_kwh=round(solar_ws / 3.6e6, 4),
        car_kwh=round(car_ws / 3.6e6, 4),
        import_kwh=round((car_ws - solar_ws) / 3.6e6, 4),
        starts=sum(a.car_w == 0 and b.car_w > 0 for a, b in pairwise(samples)) + (samples[0].car_w > 0),
        wake_attempts=len(wake_times_s(samples)),
        woken=last.woken,
        safety_violations=last.violations,
    )


def wake_times_s(samples: Sequence[Sample]) -> list[int]:
    """When the pilot of the plugged car was interrupted, in s; pulses shorter than a second may be missed."""
    return [b.at_s for a, b in pairwise(samples) if b.is_interrupted and not a.is_interrupted]


def events(samples: Sequence[Sample]) -> list[tuple[int, str]]:
    """What changed and when, as (second, sentence), in order."""
    return [(b.at_s, text) for a, b in pairwise(samples) for text in _changes(a, b)]


def _changes(a: Sample, b: Sample) -> Iterator[str]:
    if a.state != b.state:
        yield f"pilot {a.state} → {b.state}"
    if (a.offer_ma > 0) != (b.offer_ma > 0):
        yield f"offer {b.offer_ma / 1000:.1f} A" if b.offer_ma else "offer withdrawn"
    if a.is_closed != b.is_closed:
        yield "contactor closes" if b.is_closed else "contactor opens"
    if b.is_interrupted and not a.is_interrupted:
        yield "wake attempt: pilot " + ("opened" if b.pilot == "E" else "at −12 V")
    if a.is_asleep != b.is_asleep:
        yield "car falls asleep" if b.is_asleep else "car wakes"
    if (a.car_w > 0) != (b.car_w > 0):
        yield "car draws current" if b.car_w else "car stops drawing"
    if b.violations > a.violations:
        yield f"{VIOLATION} ({b.violations} so far)"
