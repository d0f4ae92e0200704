"""What is said when the sun, the meter or the car decides: a sentence for each."""

from evse.app import text
from evse.core import face
from evse.sun.car import Car
from evse.sun.car import Patience
from evse.settings import Settings
from evse.sun.switch import SUN_BRIDGING, SUN_COMING, SUN_GOOD, SUN_HELD, SUN_HOLDING, SUN_LEAST, SUN_RESTING, SUN_SHORT, SUN_SPENT

SAID = (
    (SUN_GOOD, face._WHY_CHARGING),
    (SUN_BRIDGING, face._WHY_BRIDGING),
    (SUN_HELD, face._WHY_HELD),
    (SUN_SHORT, face._WHY_NO_SUN),
    (SUN_COMING, face._WHY_SUN_COMING),
    (SUN_RESTING, face._WHY_SUN_RESTING),
    (SUN_SPENT, face._WHY_SUN_SPENT),
    (SUN_HOLDING, face._WHY_HOLDING),
    (SUN_LEAST, face._WHY_LEAST),
)


def caps_with(why, clamps=1, phases=1):
    caps = Caps(32000, True, 35000, 230, Patience(Car()), phases, clamps)
    surplus.why = why
    return caps


def test_where_the_sun_decides_its_reason_is_given():
    settings = Settings()
    for mode in ("solar", "eco", "min"):
        settings.mode = mode
        for why, expected in SAID:
            is_on = why in (SUN_GOOD, SUN_BRIDGING, SUN_HELD, SUN_HOLDING, SUN_LEAST)
            said = face._WHY_CHARGING if is_on else face._WHY_NO_SUN
            assert face.refined(said, caps_with(why), settings) == expected, (mode, why)


def test_where_it_does_not_nothing_is_changed():
    settings = Settings()
    settings.mode = "fast"
    for why, _ in SAID:
        for code in range(len(text.REASONS)):
            if code != face._WHY_NO_SUN:
                assert face.refined(code, caps_with(why), settings) == code


def test_three_phases_and_one_clamp_are_said():
    settings = Settings()
    for clamps, phases in ((1, 1), (1, 3), (3, 3)):
        caps = caps_with(SUN_SHORT, clamps, phases)
        expected = face._WHY_SUN_BLIND if clamps < phases else face._WHY_NO_SUN
        assert face.refined(face._WHY_NO_SUN, caps, settings) == expected


def test_a_car_that_draws_nothing_is_named():
    caps = caps_with(SUN_GOOD)
    learn.is_idle = True
    assert face.refined(face._WHY_CHARGING, caps, Settings()) == face._WHY_IDLE


def test_every_code_has_a_sentence_of_its_own():
    sentences = text.REASONS
    assert len(set(sentences)) == len(sentences) == len(face.LAMPS) == face._WHY_LEAST + 1
