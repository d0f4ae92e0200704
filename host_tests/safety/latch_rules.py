"""Safety rules of how a fault comes, shows and goes: S18 to S20. Written once, for every board."""

from contactor_rules import never_closes
from scene import Scene, charging, offered, twice

from evse.record import facts
from evse.safety import guard
from evse.safety.limits import PILOT_MINUS12, PILOT_X1


def trip(scene):
    scene.is_tripped = True
    return guard.FAULT_RESIDUAL


def break_sensor(scene):
    scene.halves = (None, None)
    return guard.FAULT_PILOT


def fail_tick(scene):
    scene.controller.faults.latch(guard.FAULT_TICK)
    return guard.FAULT_TICK


def mend(scene):
    """Whatever was wrong is well again."""
    scene.is_tripped = False
    scene.halves = None
    scene.is_welded = False
    scene.coil_works = True
    scene.monitor_works = True
    scene.has_diode = True


CAUSES = (trip, break_sensor, fail_tick)


class LatchRules:
    """A subclass states its board's facts."""

    def test_S18_a_fault_comes_and_goes_with_a_line_in_the_journal(self):
        for make in (offered, charging):
            for cause in CAUSES:
                scene = make(self)
                scene.controller.journal.forget()
                cause(scene)
                scene.run_ms(200)
                mend(scene)
                assert scene.journal_codes().count(facts.EVENT_FAULT) == 1, (make, cause)
                scene.car = "A"
                scene.until(lambda each: each.faults == 0, 1000)
                assert scene.journal_codes()[-1] == facts.EVENT_UNPLUGGED, (make, cause)

    def test_S18_a_fault_that_stays_is_journalled_once(self):
        scene = charging(self)
        scene.is_tripped = True
        scene.car = "A"
        scene.run_ms(5000)
        assert scene.faults == guard.FAULT_RESIDUAL
        assert scene.journal_codes().count(facts.EVENT_FAULT) == 1
        assert scene.controller.journal.dropped == 0

    def test_S19_a_fault_is_left_only_by_unplugging(self):
        for cause in CAUSES:
            scene = charging(self)
            bit = cause(scene)
            scene.run_ms(200)
            mend(scene)
            for car in "CBDEB":
                scene.car = car
                scene.controller.wishes.is_stopped = not scene.controller.wishes.is_stopped
                never_closes(scene, 3000)
                assert scene.state == "fault" and scene.faults & bit, (cause, car)
            scene.car = "A"
            scene.until(lambda each: each.state == "A", 200)
            assert scene.faults == 0
            scene.car = "B"
            scene.until(lambda each: each.state == "B2", 10000)

    def test_S19_a_failed_self_test_too_is_left_by_unplugging(self):
        scene = Scene(self)
        scene.run_ms(100)
        scene.monitor_works = False
        scene.car = "B"
        scene.run_ms(2000)
        assert scene.faults == guard.FAULT_SELF_TEST
        mend(scene)
        never_closes(scene, 2000)
        scene.car = "A"
        scene.until(lambda each: each.state == "A", 200)
        scene.car = "B"
        scene.until(lambda each: each.state == "B2", 10000)

    def test_S19_a_broken_settings_file_is_never_left(self):
        scene = Scene(self)
        scene.controller.faults.latch(guard.FAULT_SETTINGS)
        for car in "ABCAB":
            scene.car = car
            never_closes(scene, 2000)
            assert scene.state == "fault"

    def test_S20_a_fault_shows_minus_12_v_for_300_ms_then_steady_12_v_until_unplugged(self):
        for make, car in ((offered, "B"), (charging, "C"), (charging, "D"), (Scene, "A")):
            for cause in CAUSES:
                for scene in twice(make, self, 150):
                    scene.car = car
                    cause(scene)
                    scene.until(lambda each: each.state == "fault", 700)
                    mend(scene)
                    scene.car = car if car != "A" else "B"
                    start_ms = scene.ran_ms
                    while scene.ran_ms - start_ms < 1000:
                        expected = PILOT_MINUS12 if scene.ran_ms - start_ms < 300 else PILOT_X1
                        assert scene.pilot == expected, (make, cause, scene.ran_ms - start_ms)
                        scene.tick()
