"""The zoo: every car names its source, and everything in which it differs from the plain one shows in the plant."""

import re
from typing import Any

import pytest

from rouse.bench.inlet import MINUS12, OPEN, PWM, X1, Inlet
from rouse.data.car_file import CARS, KEYS, Car, read_car
from rouse.virtual import host

STEP_MS = 100
HOUR_S = 3600
ZOO = {path.stem: read_car(path) for path in sorted(CARS.glob("*.toml"))}


class ZooBench:
    """Plugged in at time 0; is_closed follows the car: closed in C under an offer, and until it lets go."""

    def __init__(self, car: Car) -> None:
        self.car: Any = car
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

    def fall_asleep(self) -> None:
        """Pause until it sleeps in its way, and has settled."""
        self.pause((self.car["sleep_after_s"] or self.car["unfed_s"]) + 1)
        assert self.inlet.car.mood.asleep
        self.pause(self.car["settle_s"])

    def pulse(self, what: str, seconds: float) -> None:
        """The pilot "open" or at "minus12" for so long, then +12 V for a second."""
        self.hold(OPEN if what == "open" else MINUS12, seconds)
        self.pause(1)

    @property
    def answer_s(self) -> float:
        """The longest it may need from an offer to its first current."""
        keys = ("start_delay_ms", "wake_delay_ms", "lag_ms")
        return sum(self.car[key] for key in keys) / 1000 + self.car["wakes_itself_s"] + 5

    @property
    def safe_pause_s(self) -> int:
        """A pause it takes well and does not fall asleep in, if there is one."""
        longest_s = self.car["sleep_after_s"] - 1 if self.car["sleep_after_s"] else HOUR_S
        return min(longest_s, max(self.car["toggle_s"], 30) + 1)


def sleep_after_s(bench: ZooBench) -> None:
    bench.charge()
    bench.pause(bench.car["sleep_after_s"] - 2)
    assert not bench.inlet.car.mood.asleep
    bench.pause(4)
    assert bench.inlet.car.mood.asleep
    bench.pause(bench.car["settle_s"])
    if bench.car["wakes_on"] != "offer":
        bench.hold(PWM, 30)
        assert bench.inlet.car.ma == 0


def wakes_on(bench: ZooBench) -> None:
    long_s = bench.car["wake_pulse_ms"] / 1000 + 1
    for what in ("open", "minus12"):
        bench = ZooBench(bench.car)
        bench.fall_asleep()
        bench.pulse(what, long_s)
        is_woken = bench.car["wakes_on"] in (what, "either") or bench.car["wakes_on"] == "offer"
        is_faulty = what == "minus12" and bench.car["minus12_fault"]
        assert bench.charge() == (is_woken and not is_faulty), what


def wake_pulse_ms(bench: ZooBench) -> None:
    what = "minus12" if bench.car["wakes_on"] == "minus12" else "open"
    bench.fall_asleep()
    bench.pulse(what, bench.car["wake_pulse_ms"] / 1000 - 0.5)
    bench.hold(PWM, 20)
    assert bench.inlet.car.mood.asleep


def wake_delay_ms(bench: ZooBench) -> None:
    bench.fall_asleep()
    if bench.car["wakes_on"] == "offer":
        bench.hold(PWM, 0.1)
    else:
        bench.pulse("minus12" if bench.car["wakes_on"] == "minus12" else "open", bench.car["wake_pulse_ms"] / 1000 + 1)
    bench.hold(PWM, bench.car["wake_delay_ms"] / 1000 - 2)
    assert bench.inlet.car.ma == 0 and not bench.inlet.car.mood.asleep
    assert bench.charge()


def wakes_itself_s(bench: ZooBench) -> None:
    bench.fall_asleep()
    bench.hold(PWM, bench.car["wakes_itself_s"] - 1)
    assert bench.inlet.car.mood.asleep
    bench.hold(PWM, 2)
    assert not bench.inlet.car.mood.asleep


def unfed_s(bench: ZooBench) -> None:
    bench.pause(bench.car["unfed_s"] - 1)
    assert not bench.inlet.car.mood.asleep and bench.inlet.car.mood.answers(bench.now_ms)
    bench.pause(2)
    assert not bench.inlet.car.mood.answers(bench.now_ms)
    assert (bench.inlet.car.mood.locked == "unfed") == (bench.car["unfed_then"] == "fault")


def patience(bench: ZooBench) -> None:
    for _ in range(bench.car["patience"] - 1):
        assert bench.charge()
        bench.pause(bench.safe_pause_s)
    assert bench.charge(), "one interruption is left"
    bench.pause(bench.safe_pause_s)
    assert not bench.charge(), "it refuses"
    bench.pulse("open", 60)
    assert not bench.charge(), "and no pulse mends it"
    bench.inlet.plug(bench.now_ms)
    assert bench.charge(), "plugged in anew it has forgotten"


def pulse_limit(bench: ZooBench) -> None:
    for number in range(bench.car["pulse_limit"]):
        assert bench.charge(), number
        bench.pulse("open", 5)
    assert not bench.charge()


def toggle_s(bench: ZooBench) -> None:
    for pause_s, charges in ((bench.car["toggle_s"] - 1, False), (bench.car["toggle_s"] + 1, True)):
        bench = ZooBench(bench.car)
        bench.charge()
        bench.pause(pause_s)
        assert bench.charge() == charges, pause_s


def settle_s(bench: ZooBench) -> None:
    for settled_s, is_locked in ((-5, True), (1, False)):
        bench = ZooBench(bench.car)
        bench.charge()
        bench.pause(bench.car["sleep_after_s"] + bench.car["settle_s"] + settled_s)
        bench.hold(PWM, 1)
        assert bool(bench.inlet.car.mood.locked) == is_locked, settled_s


def minus12_fault(bench: ZooBench) -> None:
    bench.pulse("minus12", 1)
    assert not bench.charge()
    bench.inlet.plug(bench.now_ms)
    assert bench.charge()


def blip_ms(bench: ZooBench) -> None:
    bench.pause(bench.car["blip_every_s"] * 2 + 1)
    lengths = [len(blip) for blip in re.findall("C+", bench.shown)]
    assert lengths and all(abs(length * 100 - bench.car["blip_ms"]) <= 100 for length in lengths)


def glitch_ms(bench: ZooBench) -> None:
    bench.charge()
    bench.hold(PWM, 2, 10_000)
    assert re.fullmatch("C?B+C+", bench.shown)
    assert abs(bench.shown.count("B") * 100 - bench.car["glitch_ms"]) <= 200
    assert bench.inlet.car.ma > 0, "it draws on"


def cool_every_s(bench: ZooBench) -> None:
    bench.charge(bench.car["cool_every_s"] + bench.car["cool_s"] + 60)
    rests = [len(rest) for rest in re.findall("(?<=C)B+(?=C)", bench.shown)]
    assert len(rests) == 1 and abs(rests[0] / 10 - bench.car["cool_s"]) <= 1


def bounce_ms(bench: ZooBench) -> None:
    world = host.World(host.board(), bench.car)
    world.plug()
    world.run_ms(100)
    world.unplug()
    plugged = []
    for _ in range(bench.car["bounce_ms"] + 20):
        world.run_ms(1)
        plugged.append(world.pilot.plugged)
    text = "".join("x" if each else "." for each in plugged)
    assert re.fullmatch(r"\.+x+\.+", text), "it touches once more"


def min_ma(bench: ZooBench) -> None:
    bench.hold(PWM, bench.answer_s + 20, bench.car["min_ma"] - 200)
    assert bench.inlet.car.ma == 0
    bench.hold(PWM, bench.answer_s + 20, bench.car["min_ma"] + 200)
    assert bench.inlet.car.ma > 0


def max_ma(bench: ZooBench) -> None:
    bench.hold(PWM, bench.answer_s + 60, 32_000)
    assert bench.inlet.car.ma == bench.car["max_ma"]


def room_wh(bench: ZooBench) -> None:
    bench.hold(PWM, HOUR_S)
    assert bench.inlet.car.is_full and not bench.inlet.pilot.s2


def start_delay_ms(bench: ZooBench) -> None:
    bench.hold(PWM, 60)
    assert abs(bench.shown.index("C") * 100 - bench.car["start_delay_ms"]) <= 300


def stop_ms(bench: ZooBench) -> None:
    bench.charge()
    bench.pause(8)
    assert abs(bench.shown.count("C") * 100 - bench.car["stop_ms"]) <= 300


def ignores_stop(bench: ZooBench) -> None:
    bench.charge()
    bench.hold(X1, 8)
    assert bench.inlet.car.ma > 0


ALSO = {"unfed_then": unfed_s, "cool_s": cool_every_s, "blip_every_s": blip_ms}  # covered by another key's check
PECULIAR = [
    (stem, key)
    for stem, car in ZOO.items()
    for key, rule in KEYS.items()
    if key not in ("name", "source") and car[key] != rule.default
]


def test_the_zoo_is_large_and_every_car_is_another() -> None:
    assert len(ZOO) >= 30
    assert len({str(car["name"]) for car in ZOO.values()}) == len(ZOO)


@pytest.mark.parametrize("stem", ZOO)
def test_every_car_names_where_it_was_seen_or_that_it_is_made_up(stem: str) -> None:
    source = str(ZOO[stem]["source"])
    assert re.search(r"#\d+|l\.\d+", source) or re.search("made up", source, re.IGNORECASE)


@pytest.mark.parametrize(("stem", "key"), PECULIAR)
def test_what_a_car_s_file_says_shows_in_the_plant(stem: str, key: str) -> None:
    """A key's check is the function of its name."""
    check = ALSO.get(key) or globals()[key]
    check(ZooBench(ZOO[stem]))


@pytest.mark.parametrize("what", [OPEN, MINUS12])
def test_the_plain_car_minds_nothing(what: int) -> None:
    bench = ZooBench(ZOO["plain"])
    for _ in range(30):
        assert bench.charge(5)
        bench.hold(what, 5)
        bench.pause(5)
    assert bench.charge()
