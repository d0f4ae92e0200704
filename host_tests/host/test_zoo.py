"""The zoo: every car names its source, and everything in which it differs from the plain one shows in the plant."""

import re
from collections.abc import Callable

import pytest
from zoo_bench import HOUR_S, ZooBench

from rouse.bench.inlet import MINUS12, OPEN, PWM, X1
from rouse.data.car_file import CARS, KEYS, Car, read_car

ZOO = {path.stem: read_car(path) for path in sorted(CARS.glob("*.toml"))}


def asleep(car: Car) -> ZooBench:
    """A bench with the car asleep in the way it falls asleep."""
    bench = ZooBench(car)
    bench.pause(int(car["sleep_after_s"] or car["unfed_s"]) + 1)
    assert bench.inlet.car.asleep
    bench.pause(int(car["settle_s"]))
    return bench


def sleep_after_s(car: Car) -> None:
    bench = ZooBench(car)
    bench.charge()
    bench.pause(int(car["sleep_after_s"]) - 2)
    assert not bench.inlet.car.asleep
    bench.pause(4)
    assert bench.inlet.car.asleep
    bench.pause(int(car["settle_s"]))
    if car["wakes_on"] != "offer":
        bench.hold(PWM, 30)
        assert bench.inlet.car.ma == 0


def wakes_on(car: Car) -> None:
    long_s = int(car["wake_pulse_ms"]) / 1000 + 1
    for what in ("open", "minus12"):
        bench = asleep(car)
        bench.pulse(what, long_s)
        is_woken = car["wakes_on"] in (what, "either") or car["wakes_on"] == "offer"
        is_faulty = what == "minus12" and car["minus12_fault"]
        assert bench.charge() == (is_woken and not is_faulty), what


def wake_pulse_ms(car: Car) -> None:
    what = "minus12" if car["wakes_on"] == "minus12" else "open"
    bench = asleep(car)
    bench.pulse(what, int(car["wake_pulse_ms"]) / 1000 - 0.5)
    bench.hold(PWM, 20)
    assert bench.inlet.car.asleep


def wake_delay_ms(car: Car) -> None:
    bench = asleep(car)
    if car["wakes_on"] == "offer":
        bench.hold(PWM, 0.1)
    else:
        bench.pulse("minus12" if car["wakes_on"] == "minus12" else "open", int(car["wake_pulse_ms"]) / 1000 + 1)
    bench.hold(PWM, int(car["wake_delay_ms"]) / 1000 - 2)
    assert bench.inlet.car.ma == 0 and not bench.inlet.car.asleep
    assert bench.charge()


def wakes_itself_s(car: Car) -> None:
    bench = asleep(car)
    bench.hold(PWM, int(car["wakes_itself_s"]) - 1)
    assert bench.inlet.car.asleep
    bench.hold(PWM, 2)
    assert not bench.inlet.car.asleep


def unfed_s(car: Car) -> None:
    bench = ZooBench(car)
    bench.pause(int(car["unfed_s"]) - 1)
    assert not bench.inlet.car.asleep and bench.inlet.car.mood.answers(bench.now_ms)
    bench.pause(2)
    assert not bench.inlet.car.mood.answers(bench.now_ms)
    assert (bench.inlet.car.mood.locked == "unfed") == (car["unfed_then"] == "fault")


def patience(car: Car) -> None:
    bench = ZooBench(car)
    for _ in range(int(car["patience"]) - 1):
        assert bench.charge()
        bench.pause(bench.safe_pause_s)
    assert bench.charge(), "one interruption is left"
    bench.pause(bench.safe_pause_s)
    assert not bench.charge(), "it refuses"
    bench.pulse("open", 60)
    assert not bench.charge(), "and no pulse mends it"
    bench.inlet.plug(bench.now_ms)
    assert bench.charge(), "plugged in anew it has forgotten"


def pulse_limit(car: Car) -> None:
    bench = ZooBench(car)
    for number in range(int(car["pulse_limit"])):
        assert bench.charge(), number
        bench.pulse("open", 5)
    assert not bench.charge()


def toggle_s(car: Car) -> None:
    for pause_s, charges in ((int(car["toggle_s"]) - 1, False), (int(car["toggle_s"]) + 1, True)):
        bench = ZooBench(car)
        bench.charge()
        bench.pause(pause_s)
        assert bench.charge() == charges, pause_s


def settle_s(car: Car) -> None:
    for settled_s, is_locked in ((-5, True), (1, False)):
        bench = ZooBench(car)
        bench.charge()
        bench.pause(int(car["sleep_after_s"]) + int(car["settle_s"]) + settled_s)
        bench.hold(PWM, 1)
        assert bool(bench.inlet.car.mood.locked) == is_locked, settled_s


def minus12_fault(car: Car) -> None:
    bench = ZooBench(car)
    bench.pulse("minus12", 1)
    assert not bench.charge()
    bench.inlet.plug(bench.now_ms)
    assert bench.charge()


def blip_ms(car: Car) -> None:
    bench = ZooBench(car)
    bench.pause(int(car["blip_every_s"]) * 2 + 1)
    lengths = [len(blip) for blip in re.findall("C+", bench.shown)]
    assert lengths and all(abs(length * 100 - int(car["blip_ms"])) <= 100 for length in lengths)


def glitch_ms(car: Car) -> None:
    bench = ZooBench(car)
    bench.charge()
    bench.hold(PWM, 2, 10_000)
    assert re.fullmatch("C?B+C+", bench.shown)
    assert abs(bench.shown.count("B") * 100 - int(car["glitch_ms"])) <= 200
    assert bench.inlet.car.ma > 0, "it draws on"


def cool_every_s(car: Car) -> None:
    bench = ZooBench(car)
    bench.charge(int(car["cool_every_s"]) + int(car["cool_s"]) + 60)
    rests = [len(rest) for rest in re.findall("(?<=C)B+(?=C)", bench.shown)]
    assert len(rests) == 1 and abs(rests[0] / 10 - int(car["cool_s"])) <= 1


def bounce_ms(car: Car) -> None:
    from rouse.virtual import host

    world = host.World(host.board(), car)
    world.plug()
    world.run_ms(100)
    world.unplug()
    plugged = []
    for _ in range(int(car["bounce_ms"]) + 20):
        world.run_ms(1)
        plugged.append(world.pilot.plugged)
    text = "".join("x" if each else "." for each in plugged)
    assert re.fullmatch(r"\.+x+\.+", text), "it touches once more"


def min_ma(car: Car) -> None:
    bench = ZooBench(car)
    bench.hold(PWM, bench.answer_s + 20, int(car["min_ma"]) - 200)
    assert bench.inlet.car.ma == 0
    bench.hold(PWM, bench.answer_s + 20, int(car["min_ma"]) + 200)
    assert bench.inlet.car.ma > 0


def max_ma(car: Car) -> None:
    bench = ZooBench(car)
    bench.hold(PWM, bench.answer_s + 60, 32_000)
    assert bench.inlet.car.ma == car["max_ma"]


def room_wh(car: Car) -> None:
    bench = ZooBench(car)
    bench.hold(PWM, HOUR_S)
    assert bench.inlet.car.charged_wh == car["room_wh"] and not bench.inlet.pilot.s2


def start_delay_ms(car: Car) -> None:
    bench = ZooBench(car)
    bench.hold(PWM, 60)
    assert abs(bench.shown.index("C") * 100 - int(car["start_delay_ms"])) <= 300


def stop_ms(car: Car) -> None:
    bench = ZooBench(car)
    bench.charge()
    bench.pause(8)
    assert abs(bench.shown.count("C") * 100 - int(car["stop_ms"])) <= 300


def ignores_stop(car: Car) -> None:
    bench = ZooBench(car)
    bench.charge()
    bench.hold(X1, 8)
    assert bench.inlet.car.ma > 0


# A key that another's check covers has that one's.
CHECKS: dict[str, Callable[[Car], None]] = {
    **{
        check.__name__: check
        for check in (
            *(sleep_after_s, wakes_on, wake_pulse_ms, wake_delay_ms, wakes_itself_s, unfed_s, patience, pulse_limit),
            *(toggle_s, settle_s, minus12_fault, blip_ms, glitch_ms, cool_every_s, bounce_ms, min_ma, max_ma),
            *(room_wh, start_delay_ms, stop_ms, ignores_stop),
        )
    },
    "unfed_then": unfed_s,
    "cool_s": cool_every_s,
    "blip_every_s": blip_ms,
}
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
    CHECKS[key](ZOO[stem])


@pytest.mark.parametrize("what", [OPEN, MINUS12])
def test_the_plain_car_minds_nothing(what: int) -> None:
    bench = ZooBench(ZOO["plain"])
    for _ in range(30):
        assert bench.charge(5)
        bench.hold(what, 5)
        bench.pause(5)
    assert bench.charge()
