"""Safety rules of closing and opening: S01, S04 to S07, S13, S21, S22, S25. Written once, for every board."""

from scene import SLOW_MS, TICK_MS, Scene, charging, offered, twice
from storm import Storm

from evse.record import facts
from evse.safety import guard
from evse.safety.limits import PILOT_PWM, PILOT_X1

METER_BURST_MS = 22  # one mains cycle, and what the reads in it overrun
BAD_HALVES = ((None, None), (None, -12000), (6000, None), (6000, 6000), (6000, -5600), (0, 0), (9000, -12000),
              (12000, -12000), (-12000, -12000), (-5000, -12000), (15000, -12000))  # fmt: skip
D_HALVES = (3000, -12000)


def never_closes(scene, for_ms, gap_ms=SLOW_MS):
    """Assert that the contactor stays open for so long."""
    for _ in range(for_ms // gap_ms):
        scene.tick(gap_ms)
        assert not scene.permits, (scene.state, scene.ran_ms, scene.trace[-4:])


def stop(scene):
    scene.controller.wishes.stop()


def trip(scene):
    scene.is_tripped = True


def break_sensor(scene):
    scene.halves = (None, None)


def latch(scene):
    scene.controller.faults.latch(guard.FAULT_TICK)


def overheat(scene):
    scene.temperature_cdeg = 7000


def forget_test(scene):
    scene.controller.self_test.forget()
    scene.monitor_works = False


def lose_diode(scene):
    scene.has_diode = False


BLOCKERS = (stop, trip, break_sensor, latch, overheat, forget_test, lose_diode)


class ContactorRules:
    """A subclass states its board's facts."""

    def test_S01_each_missing_precondition_keeps_the_contactor_open(self):
        for block in BLOCKERS:
            scene = offered(self)
            block(scene)
            scene.car = "C"
            never_closes(scene, 5000)

    def test_S01_each_precondition_that_ends_opens_the_contactor(self):
        for block in BLOCKERS:
            scene = charging(self)
            block(scene)
            scene.tick()
            # Without an offer the car is asked first (S07); everything else opens in this very tick.
            assert scene.permits == (block in (stop, overheat)), block
            assert scene.pilot != PILOT_PWM or block in (break_sensor, forget_test, lose_diode), block

    def test_S01_an_onlooker_finds_nothing_in_a_storm_of_events(self):
        storm = Storm(self)
        for _ in range(6000):
            storm.tick()
        assert storm.closings >= 8 and storm.asked_to_stop > 0, (storm.closings, storm.asked_to_stop)

    def test_S04_the_contactor_is_wanted_only_in_c_and_d(self):
        for car in "ABCDE":
            scene = Scene(self)
            scene.run_ms(100)
            scene.car = car
            charges = car == "C" or (car == "D" and self.has_fan)
            scene.run_ms(6000)
            assert scene.permits == charges, (car, scene.state)

    def test_S05_the_contactor_closes_after_500_ms_of_c_under_the_offer(self):
        for scene in twice(offered, self, 250):
            scene.car = "C"
            took_ms = scene.until(lambda each: each.permits, 1000)
            assert took_ms - TICK_MS == 500, took_ms  # counted from the first burst that saw C

    def test_S05_toggles_to_c_of_up_to_480_ms_never_close(self):
        for long_ms in (200, 400, 480):
            scene = offered(self)
            for _ in range(4):
                for car, for_ms in (("C", long_ms), ("B", 300)):
                    scene.car = car
                    never_closes(scene, for_ms, TICK_MS)

    def test_S06_contactor_opens_within_100_ms_when_the_ev_leaves_c(self):
        for car in "ABE" if self.has_fan else "ABDE":
            for gap_ms in (TICK_MS, TICK_MS + METER_BURST_MS, 58):
                for scene in twice(charging, self, 10):
                    scene.car = car
                    scene.tick(gap_ms)
                    assert not scene.permits and not scene.is_closed, (car, gap_ms)

    def test_S07_a_withdrawn_offer_opens_at_6_s_and_not_before(self):
        for scene in twice(charging, self, 3000):
            stop(scene)
            scene.tick()
            assert (scene.pilot, scene.permits) == (PILOT_X1, True)
            assert scene.until(lambda each: not each.permits, 7000) == 6000

    def test_S07_a_car_that_obeys_is_opened_cold(self):
        for obeys_after_ms in (20, 500, 3000, 5900):
            scene = charging(self)
            stop(scene)
            scene.run_ms(obeys_after_ms)
            assert scene.permits, obeys_after_ms
            scene.car = "B"
            scene.tick()
            assert not scene.permits
            assert scene.journal_codes()[-1] == facts.EVENT_OPENED

    def test_S13_one_bad_burst_opens(self):
        for halves in BAD_HALVES if self.has_fan else BAD_HALVES + (D_HALVES,):
            scene = charging(self)
            scene.halves = halves
            scene.tick()
            assert not scene.permits, halves

    def test_S21_a_gap_of_more_than_58_ms_opens_and_the_whole_sequence_follows(self):
        for gap_ms in (57, 58, 59, 60, 5000):
            for scene in twice(charging, self, gap_ms // 2):
                scene.tick(gap_ms)
                assert scene.permits == (gap_ms <= 58), gap_ms
                if gap_ms > 58:
                    never_closes(scene, 4000)
                    assert (scene.state, scene.pilot) == ("C1", PILOT_X1)
                    scene.car = "B"
                    scene.until(lambda each: each.pilot == PILOT_PWM, 4000)
                    scene.car = "C"
                    assert scene.until(lambda each: each.permits, 1000) - TICK_MS == 500

    def test_S22_a_car_still_in_c_is_never_closed_onto_again(self):
        for halves, gap_ms in ((None, 100), ((9000, -12000), TICK_MS), ((12000, -12000), TICK_MS), ((0, 0), TICK_MS)):
            scene = charging(self)
            scene.halves = halves
            scene.tick(gap_ms)
            scene.halves = None
            never_closes(scene, 10000)
            assert scene.pilot == PILOT_X1, halves  # it is asked to let go, in the only words the pilot has
            scene.car = "B"
            never_closes(scene, 100)
            scene.until(lambda each: each.state == "B2", 4000)
            scene.car = "C"
            scene.until(lambda each: each.permits, 1000)

    def test_S25_state_d_closes_only_with_a_fan(self):
        for make in (offered, charging):
            scene = make(self)
            scene.car = "D"
            scene.run_ms(1500)
            assert scene.permits == self.has_fan
            assert (scene.faults == guard.FAULT_VENTILATION) == (not self.has_fan)
