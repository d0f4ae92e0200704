"""The journal: a ring that drops the oldest; it tells a charge with its times, and a fault with its reading."""

from scene import SLOW_MS, Reference, charging, offered

from evse.record import facts
from evse.record.facts import CAPACITY, Journal
from evse.safety.offer import CAP_STOP


def filled(count):
    """A journal after `count` events whose value is their number."""
    ring = Journal(0)
    for number in range(count):
        ring.add(1000 + number, number % 20, number)
    return ring


def test_the_last_events_are_kept_in_order_and_the_others_counted():
    for count in (0, 1, 2, CAPACITY - 1, CAPACITY, CAPACITY + 1, 2 * CAPACITY + 3):
        ring = filled(count)
        kept = min(count, CAPACITY)
        assert (ring.count, ring.dropped, ring.added) == (kept, count - kept, count), count
        for index in range(kept):
            number = count - kept + index
            assert ring.event(index) == (1000 + number, number % 20, number), (count, index)


def test_after_saving_it_starts_over():
    ring = filled(CAPACITY + 10)
    ring.forget()
    assert (ring.count, ring.dropped) == (0, 0)
    ring.add(-7, facts.EVENT_BOOT, 1)
    assert (ring.count, ring.event(0)) == (1, (-7, facts.EVENT_BOOT, 1))


def events(scene):
    """(code, value) of every event, oldest first."""
    kept = scene.controller.journal
    return [kept.event(index)[1:] for index in range(kept.count)]


def value_of(scene, code):
    values = [value for each, value in events(scene) if each == code]
    assert len(values) == 1, (code, values)
    return values[0]


def test_the_time_from_the_offer_to_s2_is_noted():
    for wait_ms in (0, 700, 5000):
        scene = offered(Reference)
        scene.run_ms(wait_ms)
        scene.car = "C"
        scene.run_ms(2000)
        assert value_of(scene, facts.EVENT_OFFERED) == scene.controller.offer.offer_ma
        assert 0 <= value_of(scene, facts.EVENT_ANSWERED) - wait_ms - 500 <= 60, "500 ms of debounce"


def test_the_time_from_steady_12_v_to_an_open_s2_is_noted_and_who_withdrew_the_offer():
    scene = charging(Reference)
    scene.controller.wishes.stop()
    scene.run_ms(1500)
    scene.car = "B"
    scene.run_ms(500)
    assert value_of(scene, facts.EVENT_WITHDRAWN) == CAP_STOP
    assert 0 <= value_of(scene, facts.EVENT_LET_GO) - 1500 <= 80


def test_a_car_that_ends_its_charge_itself_is_noted():
    scene = charging(Reference)
    scene.car = "B"
    scene.run_ms(500)
    assert value_of(scene, facts.EVENT_ENDED) == scene.controller.energy.wh
    assert facts.EVENT_WITHDRAWN not in [code for code, _ in events(scene)]


def test_a_fault_is_noted_with_the_pilot_s_reading_if_there_is_one():
    for halves, readings in (((6010, -6020), [6010, -6020]), ((None, None), [])):
        scene = charging(Reference)
        scene.halves = halves
        scene.run_ms(200)
        kept = events(scene)
        assert facts.EVENT_FAULT in [code for code, _ in kept]
        assert [value for code, value in kept if code in (facts.EVENT_HIGH, facts.EVENT_LOW)] == readings


def test_pulses_and_the_waking_are_noted_with_the_answer():
    scene = offered(Reference)
    scene.until(lambda each: each.state == "wake", 31000, SLOW_MS)
    scene.until(lambda each: each.state == "B2", 50000, SLOW_MS)
    scene.car = "C"
    scene.run_ms(1000)
    assert value_of(scene, facts.EVENT_PULSE) == 46000 and value_of(scene, facts.EVENT_WOKEN) == 1
    answers = [value for code, value in events(scene) if code == facts.EVENT_ANSWERED]
    assert len(answers) == 1 and answers[0] <= 700, "counted from the offer after the pulse"


def test_a_burst_in_the_middle_of_which_s2_opened_is_no_opening_under_load():
    for after, code in (((9000, 9000), facts.EVENT_OPENED), ((9000, 6000), facts.EVENT_OPENED_HOT)):
        scene = charging(Reference)
        scene.controller.wishes.stop()
        scene.run_ms(800)
        scene.halves = (9000, 6000)
        scene.tick()
        assert not scene.permits
        scene.halves = after
        scene.tick()
        codes = [each for each, _ in events(scene)]
        assert [each for each in codes if each in (facts.EVENT_OPENED, facts.EVENT_OPENED_HOT)] == [code]
