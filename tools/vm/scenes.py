"""The scenes that cost a tick the most, told once for every budget: what happens, for how long, and what it must show.

Runs on CPython and in the MicroPython VM. Knows the world's people and plant; it must not know the firmware.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

CAR = {  # a car that answers at once, so that the scenes are short; it sleeps only when told to
    "name": "car of the scenes", "source": "tools/vm/scenes.py", "min_ma": 6000, "max_ma": 16000, "room_wh": 50000,
    "diode": 1, "r2_ohm": 2740, "r3_ohm": 1300, "wants_fan": 0, "start_delay_ms": 2000, "lag_ms": 1000,
    "ramp_up_ma_s": 8000, "ramp_down_ma_s": 8000, "below_offer_ma": 300, "stop_ms": 800, "ignores_stop": 0,
    "sleep_after_s": 0, "wakes_on": "open", "wake_pulse_ms": 3000,
}  # fmt: skip
# What a person may type while the car charges, and with the contactor open: every command of `evse` and `tune`.
CHARGING = (
    "evse", "tune", "evse.status()", "evse.status()['offer_ma']", "evse.journal()", "evse.verdict()", "evse.report()",
    "evse.car()", "evse.car('x')", "evse.car('x', limit=0, per_h=0)", "evse.forget('x')", "evse.mode('fast')",
    "evse.boost(kwh=2)", "evse.boost(minutes=60)", "evse.boost()", "evse.start()", "evse.wake()", "evse.cal",
    "evse.cal.zero('grid')", "evse.cal.mark('grid')", "evse.cal.phase('grid')", "evse.cal.gain('grid', 2000)",
    "evse.cal.flip('grid')", "tune.max_ma", "tune.max_ma = 16000", "tune.save()",
    "help", "help()", "help(evse)", "help(tune.max_ma)", "evse.selftest()",
)  # fmt: skip
STOPPED = (
    "evse.stop()", "evse.selftest()", "evse.verdict()", "evse.report()", "evse.cal", "evse.cal.zero('grid')",
    "evse.cal.mark('grid')", "evse.cal.phase('grid')", "evse.cal.gain('grid', 2000)", "evse.cal.flip('grid')",
)  # fmt: skip
SOLAR_W = (5000,)
HOUSE_W = (300,)


def rest(world: "Any") -> None:
    """Nothing happens."""


def mend(world: "Any") -> None:
    """The leak is mended, and the plug pulled to clear the fault."""
    world.leak(False)
    world.unplug()


def plug_asleep(world: "Any") -> None:
    """A car is plugged in that sleeps."""
    world.plug()
    world.mood.asleep = True


def is_idle(world: "Any") -> bool:
    """The contactor is open."""
    return not world.contactor.is_closed


def is_charging(world: "Any") -> bool:
    """Current flows."""
    return bool(world.contactor.is_closed and world.car.ma > 0)


def is_woken(world: "Any") -> bool:
    """The sleeping car was woken, once."""
    return bool(world.mood.woken == 1)


# What is looked at (None: the way there), what happens first, least and most seconds, and what it must come to.
STORY = (
    (None, rest, 65, 65, is_idle),  # until the sun has been enough for long enough
    ("start", lambda world: world.plug(), 2, 90, is_charging),
    (None, rest, 5, 5, is_charging),
    ("quiet", rest, 5, 5, is_charging),
    ("unplug", lambda world: world.unplug(), 2, 2, is_idle),
    (None, lambda world: world.plug(), 2, 90, is_charging),
    ("fault", lambda world: world.leak(True), 2, 2, is_idle),
    (None, mend, 5, 5, is_idle),
    (None, plug_asleep, 30, 30, is_idle),
    ("wake pulse", rest, 2, 60, is_woken),
)

def play(world: "Any", look: "Callable[[str | None], None]") -> "Iterator[str | None]":
    """Tell the story, a second at each next(); `look(scene)` is told what is looked at. Raises SceneError."""
    world.load_day(SOLAR_W, HOUSE_W)
    for scene, act, least_s, most_s, is_as_told in STORY:
        look(scene)
        act(world)
        spent_s = 0
        while spent_s < least_s or (spent_s < most_s and not is_as_told(world)):
            world.run_ms(1000)
            spent_s += 1
            yield scene
        name = "the way on" if scene is None else scene
        if not is_as_told(world):
            raise SceneError("scene %s at %d ms: %s is not so" % (name, world.ms, is_as_told.__name__))
        if world.judge.violations:
            raise SceneError("scene %s: the judge saw: %s" % (name, world.judge.last[0]))


class SceneError(Exception):
    """The charger did not play its part; the text says in which scene."""
