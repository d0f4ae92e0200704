"""Each second is booked once, to today and to the session; a day turns at midnight or after four dark hours."""

from scene import SLOW_MS, Reference, Scene, charging, minds_nothing, offered

from evse.record import ledger
from evse.safety import guard

SECOND_MS = 1000


def seconds(scene, cause, at=ledger.TODAY):
    return scene.controller.ledger.cells[at + ledger.ROW_SPENT_S + cause]


def session(scene, age=0):
    return scene.controller.ledger.row(age)


def figure(scene, name, at=ledger.TODAY):
    return scene.controller.ledger.cells[at + name]


def run_s(scene, length_s):
    scene.run_ms(length_s * SECOND_MS, SLOW_MS)


def sunny(surplus_w=3000, import_w=0):
    """A scene in mode solar, with a car plugged in that waits."""
    scene = minds_nothing(Scene(Reference))
    scene.controller.settings.mode = "solar"
    scene.controller.settings.import_w = import_w
    scene.house_w = -surplus_w
    run_s(scene, 2)
    scene.car = "B"
    return scene


def test_a_charge_is_booked_to_nobody_and_its_energy_counted():
    scene = charging(Reference)
    before_s = seconds(scene, ledger.CAUSE_CHARGED)
    run_s(scene, 60)
    assert abs(seconds(scene, ledger.CAUSE_CHARGED) - before_s - 60) <= 1
    assert abs(seconds(scene, ledger.CAUSE_CHARGED, session(scene)) - seconds(scene, ledger.CAUSE_CHARGED)) <= 1
    assert abs(figure(scene, ledger.ROW_WH) - scene.controller.energy.wh) <= 3
    causes = [cause for cause in range(ledger.CAUSE_COUNT) if ledger.PARTY_OF[cause] > ledger.PARTY_SUN]
    lost = sum([seconds(scene, cause) for cause in causes])
    assert lost <= 12, "steady +12 V, self-test, offer and S2"


def test_every_second_of_a_plug_in_is_booked_once():
    scene = sunny()
    run_s(scene, 200)
    at = session(scene)
    booked = sum(seconds(scene, cause, at) for cause in range(ledger.CAUSE_COUNT))
    assert booked == figure(scene, ledger.ROW_LENGTH_S, at)
    assert abs(booked - 200) <= 1


def test_the_charger_s_own_start_delay_is_the_charger_s():
    scene = sunny(1450)
    took_s = scene.until(lambda each: each.state == "B2", 300000, SLOW_MS) // 1000
    assert 30 < took_s - 4 <= seconds(scene, ledger.CAUSE_DELAY) <= took_s
    assert seconds(scene, ledger.CAUSE_LONG_DELAY) == 0


def test_a_wait_that_turns_out_to_be_a_sleep_was_one_from_its_first_second():
    scene = sunny()
    scene.controller.settings.wake = 0
    scene.until(lambda each: each.state == "B2", 70000, SLOW_MS)
    run_s(scene, 28)
    assert 26 <= seconds(scene, ledger.CAUSE_SLOW) <= 29 and seconds(scene, ledger.CAUSE_ASLEEP) == 0
    run_s(scene, 10)
    assert seconds(scene, ledger.CAUSE_SLOW) == 0
    assert 36 <= seconds(scene, ledger.CAUSE_ASLEEP) <= 39
    assert seconds(scene, ledger.CAUSE_ASLEEP, session(scene)) == seconds(scene, ledger.CAUSE_ASLEEP)


def test_a_car_that_answers_in_time_stays_slow():
    scene = sunny()
    scene.until(lambda each: each.state == "B2", 70000, SLOW_MS)
    run_s(scene, 20)
    scene.car = "C"
    run_s(scene, 20)
    assert 18 <= seconds(scene, ledger.CAUSE_SLOW) <= 22 and seconds(scene, ledger.CAUSE_ASLEEP) == 0
    assert seconds(scene, ledger.CAUSE_CHARGED) >= 17


def test_pulses_and_what_follows_them_are_the_charger_s_and_the_sleep_around_them_is_the_car_s():
    scene = offered(Reference)
    run_s(scene, 180)
    assert 56 <= seconds(scene, ledger.CAUSE_PULSE) <= 60, "46 s + 12 s"
    assert seconds(scene, ledger.CAUSE_SLOW) == 0
    assert seconds(scene, ledger.CAUSE_ASLEEP) >= 85
    run_s(scene, 100)
    assert seconds(scene, ledger.CAUSE_REFUSES) >= 10, "the budget is spent"


def test_dark_minutes_are_the_sun_s_and_without_a_car_nobody_s():
    scene = sunny()
    scene.house_w = 300
    run_s(scene, 100)
    assert 98 <= seconds(scene, ledger.CAUSE_NO_SUN) <= 101
    scene.car = "A"
    run_s(scene, 100)
    assert seconds(scene, ledger.CAUSE_NO_SUN) <= 102
    assert seconds(scene, ledger.CAUSE_NO_CAR) <= 3, "dark and no car: nobody's"
    scene.house_w = -3000
    run_s(scene, 100)
    assert 98 <= seconds(scene, ledger.CAUSE_NO_CAR) <= 103


def test_the_import_allowance_may_keep_back_what_the_car_would_need():
    scene = sunny(2000, import_w=-1000)
    run_s(scene, 100)
    assert seconds(scene, ledger.CAUSE_MARGIN) >= 96


def test_what_a_person_lets_it_import_counts_as_there():
    scene = sunny(1000, import_w=400)
    run_s(scene, 40)
    assert seconds(scene, ledger.CAUSE_DELAY) >= 36 and seconds(scene, ledger.CAUSE_NO_SUN) <= 3


def test_a_car_that_needs_more_than_6_a():
    scene = sunny()
    scene.house_w = -1500
    scene.controller.car.min_ma = 8000
    run_s(scene, 100)
    assert seconds(scene, ledger.CAUSE_NO_SUN) >= 96 and figure(scene, ledger.ROW_SUNNY_S) <= 3


def test_a_stall_of_the_program_is_the_charger_s_and_in_the_dark_the_sun_s():
    for house_w, stalled_s in ((-3000, 6), (300, 0)):  # all but the second in which it is noticed
        scene = sunny()
        scene.house_w = house_w
        run_s(scene, 10)
        scene.tick(7000)
        run_s(scene, 2)
        assert seconds(scene, ledger.CAUSE_STALLED) == stalled_s, house_w


class Clampless(Scene):
    """Nothing measures the car."""

    def _read_slow(self):
        super()._read_slow()
        self.controller.inputs.car_w = None


def test_an_opening_is_no_want_of_sun_where_nothing_measures_the_car():
    scene = minds_nothing(Clampless(Reference))
    scene.controller.settings.mode = "solar"
    scene.house_w = -3000
    for phase_ms in range(0, 1000, 100):
        scene.car = "B"
        scene.until(lambda each: each.state == "B2", 300000, SLOW_MS)
        scene.car = "C"
        scene.until(lambda each: each.permits, 3000)
        scene.run_ms(20000 + phase_ms)
        assert scene.controller.offer.offer_ma > 11000, "it takes all the sun there is"
        before_s = seconds(scene, ledger.CAUSE_NO_SUN)
        scene.tick(100)
        assert not scene.permits
        scene.run_ms(2000)
        assert seconds(scene, ledger.CAUSE_NO_SUN) == before_s, phase_ms


def test_a_lost_meter_is_the_charger_s_while_the_sun_was_out_when_it_was_lost():
    for house_w, cause in ((-3000, ledger.CAUSE_METER), (300, ledger.CAUSE_NO_SUN)):
        scene = sunny()
        scene.house_w = house_w
        run_s(scene, 80)
        scene.is_meter_alive = False
        before_s = seconds(scene, cause)
        run_s(scene, 100)
        assert seconds(scene, cause) - before_s >= 80, house_w


def test_a_meter_that_never_worked_is_the_charger_s_for_four_hours():
    scene = Scene(Reference)
    scene.controller.settings.mode = "solar"
    scene.is_meter_alive = False
    scene.car = "B"
    run_s(scene, 60)
    assert seconds(scene, ledger.CAUSE_METER) >= 50
    kept = scene.controller.ledger
    kept._blind_s = 4 * 3600
    run_s(scene, 60)
    assert seconds(scene, ledger.CAUSE_METER) <= 61 and seconds(scene, ledger.CAUSE_NO_SUN) >= 58


def test_the_fault_says_whose_it_is():
    for halves, cause in (
        ((6000, -6000), ledger.CAUSE_REFUSES),
        ((0, 0), ledger.CAUSE_SHORT),
        ((None, None), ledger.CAUSE_FAULT),
    ):
        scene = charging(Reference)
        scene.halves = halves
        run_s(scene, 20)
        assert seconds(scene, cause) >= 18, halves
    scene = charging(Reference)
    scene.is_tripped = True
    run_s(scene, 20)
    assert scene.faults & guard.FAULT_RESIDUAL and seconds(scene, ledger.CAUSE_FAULT) >= 18


def test_sessions_are_a_ring_and_the_last_is_0():
    scene = Scene(Reference)
    for turn in range(ledger.SESSIONS + 2):
        scene.car = "B"
        run_s(scene, 10 + turn)
        scene.car = "A"
        run_s(scene, 2)
    assert scene.controller.ledger.sessions == ledger.SESSIONS + 2
    for age in range(ledger.SESSIONS):
        length_s = figure(scene, ledger.ROW_LENGTH_S, session(scene, age))
        assert abs(length_s - (10 + ledger.SESSIONS + 1 - age)) <= 1, age


def day(dark_s, base_s, began_s=0):
    """The lengths of today and of the day before, once the sun is back after `dark_s`."""
    scene = sunny()
    kept = scene.controller.ledger
    scene.controller.journal.base_s = base_s
    scene.controller.uptime_s = kept._told_s = began_s
    kept.cells[ledger.ROW_BEGAN_S] = began_s
    run_s(scene, 10)
    scene.house_w = 300
    run_s(scene, 2)
    kept.dark_s = dark_s
    scene.house_w = -3000
    run_s(scene, 10)
    return figure(scene, ledger.ROW_LENGTH_S), figure(scene, ledger.ROW_LENGTH_S, ledger.BEFORE)


def test_a_day_ends_with_the_first_sun_after_four_dark_hours():
    today_s, before_s = day(4 * 3600, 0)
    assert 8 <= today_s <= 11 and 11 <= before_s <= 15
    today_s, before_s = day(4 * 3600 - 10, 0)
    assert today_s >= 20 and before_s == 0


def test_with_the_time_of_day_a_day_ends_at_midnight_and_only_there():
    noon_s = 2520 * 86400 + 43200
    assert day(5 * 3600, noon_s)[1] == 0
    scene = sunny()
    scene.controller.journal.base_s = noon_s + 43200 - 12
    run_s(scene, 30)
    assert figure(scene, ledger.ROW_BEGAN_S) == 12
    assert 10 <= figure(scene, ledger.ROW_LENGTH_S, ledger.BEFORE) <= 12
    assert 17 <= figure(scene, ledger.ROW_LENGTH_S) <= 20


def test_a_session_goes_on_over_midnight():
    scene = sunny()
    run_s(scene, 5)
    scene.controller.journal.base_s = 2520 * 86400 - 20
    run_s(scene, 40)
    assert figure(scene, ledger.ROW_LENGTH_S, session(scene)) >= 43
    assert figure(scene, ledger.ROW_LENGTH_S) <= 30
