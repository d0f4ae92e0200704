"""What is said when the sun, the meter or the car decides: a sentence for each."""

from evse.core import names, reason
from evse.core.caps import Caps
from evse.core.car import Car
from evse.core.patience import Patience
from evse.core.settings import Settings
from evse.core.surplus import (
    SUN_BRIDGING,
    SUN_COMING,
    SUN_GOOD,
    SUN_HELD,
    SUN_HOLDING,
    SUN_LEAST,
    SUN_RESTING,
    SUN_SHORT,
    SUN_SPENT,
)

SAID = (
    (SUN_GOOD, reason.CHARGING),
    (SUN_BRIDGING, reason.BRIDGING),
    (SUN_HELD, reason.HELD),
    (SUN_SHORT, reason.NO_SUN),
    (SUN_COMING, reason.SUN_COMING),
    (SUN_RESTING, reason.SUN_RESTING),
    (SUN_SPENT, reason.SUN_SPENT),
    (SUN_HOLDING, reason.HOLDING),
    (SUN_LEAST, reason.LEAST),
)


def caps_with(why, clamps=1, phases=1):
    caps = Caps(32000, True, 35000, 230, Patience(Car()), phases, clamps)
    caps.surplus.why = why
    return caps


def test_where_the_sun_decides_its_reason_is_given():
    settings = Settings()
    for mode in ("solar", "eco", "min"):
        settings.mode = mode
        for why, expected in SAID:
            is_on = why in (SUN_GOOD, SUN_BRIDGING, SUN_HELD, SUN_HOLDING, SUN_LEAST)
            said = reason.CHARGING if is_on else reason.NO_SUN
            assert reason.refined(said, caps_with(why), settings) == expected, (mode, why)


def test_where_it_does_not_nothing_is_changed():
    settings = Settings()
    settings.mode = "fast"
    for why, _ in SAID:
        for code in range(len(names.REASONS)):
            if code != reason.NO_SUN:
                assert reason.refined(code, caps_with(why), settings) == code


def test_three_phases_and_one_clamp_are_said():
    settings = Settings()
    for clamps, phases in ((1, 1), (1, 3), (3, 3)):
        caps = caps_with(SUN_SHORT, clamps, phases)
        expected = reason.SUN_BLIND if clamps < phases else reason.NO_SUN
        assert reason.refined(reason.NO_SUN, caps, settings) == expected


def test_a_car_that_draws_nothing_is_named():
    caps = caps_with(SUN_GOOD)
    caps.learn.is_idle = True
    assert reason.refined(reason.CHARGING, caps, Settings()) == reason.IDLE


def test_every_code_has_a_sentence_of_its_own():
    sentences = names.REASONS
    assert len(set(sentences)) == len(sentences) == len(reason.LAMPS) == reason.LEAST + 1
