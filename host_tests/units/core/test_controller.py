"""Scenes: the whole core in front of a car, from plug-in to unplug."""

from scene import Reference, Scene, charging, offered

from evse.app import text
from evse.record import facts
from evse.safety import guard
from evse.safety.limits import PILOT_MINUS12, PILOT_OPEN, PILOT_PWM, PILOT_X1


def reason(scene):
    return text.REASONS[scene.controller.reason]


def states(scene):
    """The session's states in the order they came, without repetition."""
    names = []
    for _, name, _, _, _ in scene.trace:
        if not names or names[-1] != name:
            names.append(name)
    return names


def test_a_charge_from_plug_in_to_unplug():
    scene = charging(Reference)
    assert states(scene) == ["A", "B1", "B2", "C2"]
    assert reason(scene) == "charging"
    scene.run_ms(60000)
    scene.car = "B"
    scene.tick()
    assert not scene.permits
    scene.run_ms(200)
    assert reason(scene).startswith("the car ended its charge")
    wh = scene.controller.energy.wh
    assert abs(wh - 7360 * 60 // 3600) <= 1
    scene.car = "A"
    scene.run_ms(200)
    assert (scene.state, scene.controller.energy.wh) == ("A", 0)
    begun = [facts.EVENT_PLUGGED, facts.EVENT_MODE, facts.EVENT_OFFERED, facts.EVENT_ANSWERED, facts.EVENT_CLOSED]
    assert scene.journal_codes() == begun + [facts.EVENT_OPENED, facts.EVENT_ENDED, facts.EVENT_UNPLUGGED]


def test_it_boots_with_a_car_already_in_c():
    scene = Scene(Reference)
    scene.car = "C"
    took_ms = scene.until(lambda each: each.permits, 8000)
    assert states(scene) == ["A", "C1", "C2"]
    assert took_ms >= 3500  # steady +12 V for 3 s, then C under the offer for 500 ms


def test_an_offer_withdrawn_opens_cold():
    scene = charging(Reference)
    scene.controller.wishes.stop()
    scene.tick()
    assert (scene.state, scene.pilot, scene.permits) == ("C1", PILOT_X1, True)
    scene.run_ms(1000)
    assert scene.permits and reason(scene) == "stopped by you"
    scene.car = "B"
    scene.tick()
    assert not scene.permits
    scene.run_ms(100)
    assert scene.state == "B1"
    assert scene.faults == 0


def test_a_car_that_does_not_let_go_is_cut_and_left_on_steady_12_v():
    scene = charging(Reference)
    scene.controller.wishes.stop()
    scene.until(lambda each: not each.permits, 6100)
    assert scene.journal_codes()[-1] == facts.EVENT_OPENED_HOT
    scene.controller.wishes.start()
    scene.run_ms(20000)
    assert (scene.state, scene.permits) == ("C1", False)
    assert reason(scene) == "waiting for the car to let go"
    scene.car = "B"
    scene.until(lambda each: each.state == "B2", 200)
    scene.car = "C"
    scene.until(lambda each: each.permits, 1000)


def test_an_offer_that_comes_back_in_c1_keeps_the_contactor_closed():
    scene = charging(Reference)
    scene.controller.wishes.stop()
    scene.run_ms(500)
    scene.controller.wishes.start()
    scene.until(lambda each: each.state == "C2", 3100)
    scene.run_ms(1000)
    assert scene.permits
    assert scene.journal_codes().count(facts.EVENT_CLOSED) == 1
    assert facts.EVENT_OPENED not in scene.journal_codes() and facts.EVENT_OPENED_HOT not in scene.journal_codes()


def test_wake_pulses_come_with_the_pilot_back_at_the_offer_and_the_car_charges():
    scene = offered(Reference)
    scene.until(lambda each: each.state == "wake", 31000, 50)
    assert scene.pilot == PILOT_OPEN and reason(scene) == "waking the car"
    took_ms = scene.until(lambda each: each.state == "B2", 48000)
    assert 46750 <= took_ms <= 46810
    scene.car = "C"
    scene.until(lambda each: each.permits, 1000)
    assert facts.EVENT_WOKEN in scene.journal_codes()
    assert scene.controller.wake.attempts == 1
    assert "A" not in states(scene)[1:]


def test_a_car_that_sleeps_on_is_left_alone_after_the_budget():
    scene = offered(Reference)
    scene.run_ms(260000, gap_ms=200)
    pilots = [pilot for _, name, pilot, _, _ in scene.trace if name == "wake"]
    assert pilots == [PILOT_OPEN, PILOT_MINUS12]
    assert reason(scene).startswith("the car does not wake")
    assert scene.pilot == PILOT_PWM


def test_a_full_car_is_not_pulsed_and_charges_again_when_it_comes_back():
    scene = charging(Reference)
    scene.car = "B"
    scene.run_ms(60000, gap_ms=50)
    assert scene.state == "B2" and "wake" not in states(scene)
    scene.car = "C"
    scene.until(lambda each: each.permits, 1000)


def test_a_person_s_pulse():
    scene = offered(Reference)
    scene.controller.wishes.pulse()
    scene.tick()
    assert (scene.state, scene.pilot) == ("wake", PILOT_OPEN)
    scene.controller.wishes.pulse()
    scene.tick()
    assert scene.controller.wake.attempts == 1, "a wish in the middle of a pulse is forgotten"
    scene.until(lambda each: each.state == "B2", 48000)
    assert scene.controller.wake.attempts == 1
    scene = charging(Reference)
    scene.controller.wishes.pulse()
    scene.tick()
    assert scene.state == "C2" and scene.controller.wake.attempts == 0


def test_no_pulse_when_waking_is_switched_off():
    scene = offered(Reference)
    scene.controller.settings.wake = 0
    scene.run_ms(60000)
    assert "wake" not in states(scene)


def test_unplugging_in_a_pulse_is_seen_by_the_plug_s_resistor():
    scene = offered(Reference)
    scene.controller.wishes.pulse()
    scene.run_ms(1000)
    scene.car = "A"
    scene.until(lambda each: each.state == "A", 200)


def test_the_fault_that_a_pilot_becomes():
    for halves, bit in (
        ((0, 0), guard.FAULT_SHORT),
        ((6000, -6000), guard.FAULT_DIODE),
        ((None, None), guard.FAULT_PILOT),
    ):
        scene = charging(Reference)
        scene.halves = halves
        scene.run_ms(100)
        assert (scene.state, scene.faults) == ("fault", bit), halves
        assert scene.controller.is_lit(0)


def test_a_short_before_charging_is_no_fault_and_ends_by_itself():
    scene = offered(Reference)
    scene.car = "E"
    scene.run_ms(100)
    assert (scene.state, scene.pilot, scene.faults) == ("E", PILOT_X1, 0)
    scene.car = "B"
    scene.until(lambda each: each.state == "B2", 4000)


def test_uptime_counts_whole_seconds_of_uneven_ticks():
    scene = Scene(Reference)
    for _ in range(1000):
        scene.tick(37)
    assert scene.controller.uptime_s == scene.ran_ms // 1000 == 37
