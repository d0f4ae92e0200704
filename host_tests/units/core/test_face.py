"""The face: lamp patterns over one period each, the button's presses, and a sentence for whatever decides."""

from evse.app.text import REASONS
from evse.core.face import LAMPS, PRESS_LONG, PRESS_NONE, PRESS_SHORT, Button, is_lit, refined
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

READY, CHARGING, WAITING, WAKING, RESTING, FAULT = [
    LAMPS[REASONS.index(said)]
    for said in ("no car", "charging", "waiting for sun", "waking the car", "stopped by you", "fault")
]

WHEEL_MS = 1 << 30
SAYS_CHARGING = REASONS.index("charging")
SAYS_NO_SUN = REASONS.index("waiting for sun")
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


def edges(pattern, period_ms, blinks=0):
    """The times within one period at which the lamp goes on or off, and whether the next period is the same."""
    lit = [is_lit(pattern, blinks, now_ms) for now_ms in range(2 * period_ms)]
    assert lit[:period_ms] == lit[period_ms:], (pattern, blinks)
    changes = [now_ms for now_ms in range(1, period_ms) if lit[now_ms] != lit[now_ms - 1]]
    return lit[0], changes


def test_each_pattern():
    assert edges(CHARGING, 1000) == (True, [])
    assert edges(READY, 3000) == (True, [100])
    assert edges(WAITING, 2000) == (True, [1000])
    assert edges(WAKING, 200) == (True, [100])
    assert edges(RESTING, 3000) == (True, [100, 300, 400])


def test_a_fault_blinks_its_number_and_pauses():
    for blinks in range(1, 11):
        expected = [at_ms for blink in range(blinks) for at_ms in (400 * blink, 400 * blink + 200)]
        assert edges(FAULT, 400 * blinks + 1600, blinks) == (True, expected[1:]), blinks


def presses(changes, until_ms, start_ms=0):
    """(ms, press) for a button that changes at the times `changes`, looked at every 20 ms."""
    button = Button()
    found = []
    is_pressed = False
    for now_ms in range(0, until_ms, 20):
        if now_ms in changes:
            is_pressed = not is_pressed
        press = button.press(is_pressed, (start_ms + now_ms) % WHEEL_MS)
        if press != PRESS_NONE:
            found.append((now_ms, press))
    return found


def test_a_press_is_short_when_let_go_and_long_at_2_s():
    for start_ms in (0, WHEEL_MS - 300):
        for length_ms in range(0, 4000, 20):
            got = presses((200, 200 + length_ms) if length_ms else (), 6000, start_ms)
            if length_ms <= 40:
                expected = []
            elif length_ms <= 2000:
                expected = [(200 + length_ms, PRESS_SHORT)]
            else:
                expected = [(2200, PRESS_LONG)]
            assert got == expected, (start_ms, length_ms, got)


def test_a_bounce_is_no_press():
    assert presses((200, 220, 240, 260), 3000) == []


def test_two_presses_are_two():
    assert presses((200, 400, 600, 800), 3000) == [(400, PRESS_SHORT), (800, PRESS_SHORT)]
    assert presses((200, 2600, 3000, 3200), 5000) == [(2200, PRESS_LONG), (3200, PRESS_SHORT)]


def test_a_button_stuck_since_boot_presses_nothing_until_it_was_let_go():
    button = Button()
    assert all(button.press(True, now_ms) == PRESS_NONE for now_ms in range(0, 5000, 20))
    assert button.press(False, 5000) == PRESS_NONE
    got = [button.press(True, now_ms) for now_ms in range(5020, 7060, 20)]
    assert got.count(PRESS_LONG) == 1 and got.count(PRESS_SHORT) == 0


def test_where_the_sun_decides_its_reason_is_given():
    for why, expected in SAID:
        is_on = why in (SUN_GOOD, SUN_BRIDGING, SUN_HELD, SUN_HOLDING, SUN_LEAST)
        said = SAYS_CHARGING if is_on else SAYS_NO_SUN
        assert refined(said, False, False, True, why) == REASONS.index(expected), why


def test_where_it_does_not_nothing_is_changed():
    for why, _ in SAID:
        for code in range(len(REASONS)):
            if code != SAYS_NO_SUN:
                assert refined(code, False, False, False, why) == code


def test_three_phases_and_one_clamp_are_said():
    assert REASONS[refined(SAYS_NO_SUN, False, True, True, SUN_SHORT)].startswith("three phases and one clamp")
    assert refined(SAYS_NO_SUN, False, False, True, SUN_SHORT) == SAYS_NO_SUN


def test_a_car_that_draws_nothing_is_named():
    said = REASONS[refined(SAYS_CHARGING, True, False, True, SUN_GOOD)]
    assert said == "the contactor is closed and the car draws nothing: full, or on a timer"


def test_every_code_has_a_sentence_and_a_lamp_of_its_own():
    assert len(set(REASONS)) == len(REASONS) == len(LAMPS)
