"""What is said when the sun, the meter or the car decides: a sentence for each."""

from evse.app.text import REASONS
from evse.core import face
from evse.sun.switch import (
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

CHARGING = REASONS.index("charging")
NO_SUN = REASONS.index("waiting for sun")
SAID = (
    (SUN_GOOD, "charging"),
    (SUN_BRIDGING, "charging through a dip: another start would cost more than this import"),
    (SUN_HELD, "charging on for a while: the charge is short yet"),
    (SUN_SHORT, "waiting for sun"),
    (SUN_COMING, "the sun is coming: starts when it has earned a start"),
    (SUN_RESTING, "sun enough, but the pause is short yet"),
    (SUN_SPENT, "this car takes no more interruptions: off until replugged"),
    (SUN_HOLDING, "holding the least current through the cloud: this car takes no more interruptions"),
    (SUN_LEAST, "charging with the least current: mode min never stops"),
)


def test_where_the_sun_decides_its_reason_is_given():
    for why, expected in SAID:
        is_on = why in (SUN_GOOD, SUN_BRIDGING, SUN_HELD, SUN_HOLDING, SUN_LEAST)
        said = CHARGING if is_on else NO_SUN
        assert face.refined(said, False, False, True, why) == REASONS.index(expected), why


def test_where_it_does_not_nothing_is_changed():
    for why, _ in SAID:
        for code in range(len(REASONS)):
            if code != NO_SUN:
                assert face.refined(code, False, False, False, why) == code


def test_three_phases_and_one_clamp_are_said():
    assert REASONS[face.refined(NO_SUN, False, True, True, SUN_SHORT)].startswith("three phases and one clamp")
    assert face.refined(NO_SUN, False, False, True, SUN_SHORT) == NO_SUN


def test_a_car_that_draws_nothing_is_named():
    said = REASONS[face.refined(CHARGING, True, False, True, SUN_GOOD)]
    assert said == "the contactor is closed and the car draws nothing: full, or on a timer"


def test_every_code_has_a_sentence_and_a_lamp_of_its_own():
    assert len(set(REASONS)) == len(REASONS) == len(face.LAMPS)
