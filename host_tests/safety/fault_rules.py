"""Safety rules of faults: S03, S08, S10, S26. Written once, for every board."""

from contactor_rules import never_closes
from scene import Scene, charging, offered, twice

from evse.app import text
from evse.safety import guard
from evse.safety.limits import LEVEL_BAD, LEVEL_DIODE, LEVEL_E, LEVEL_F, PILOT_MINUS12, STATE_FAULT
from evse.safety.session import Session


class FaultRules:
    """A subclass states its board's facts."""

    def test_S03_empty_cells_and_the_columns_f_no_diode_and_bad_are_faults(self):
        for state in range(text.STATES.index("E") + 1):
            for level in range(len(text.LEVELS)):
                for is_offering in (False, True):
                    session = Session()
                    session.state = state
                    got = session.advance(level, is_offering, False, 0)
                    is_short_in_charge = level == LEVEL_E and text.STATES[state][0] in "CD"
                    expected = level in (LEVEL_F, LEVEL_DIODE, LEVEL_BAD) or is_short_in_charge
                    assert (got == STATE_FAULT) == expected, (text.STATES[state], text.LEVELS[level], is_offering)

    def test_S08_residual_current_opens_in_the_same_step_and_latches(self):
        for scene in twice(charging, self, 10):
            scene.is_tripped = True
            scene.tick()
            assert scene.was_opened_at_once and not scene.is_closed and scene.faults == guard.FAULT_RESIDUAL
            scene.is_tripped = False
            never_closes(scene, 5000)
            assert scene.state == "fault"

    def test_S08_one_tick_of_residual_current_is_enough_in_any_state(self):
        for car in "ABC":
            scene = charging(self)
            scene.car = car
            scene.run_ms(200)
            scene.is_tripped = True
            scene.tick()
            scene.is_tripped = False
            assert scene.faults == guard.FAULT_RESIDUAL, car
            assert (scene.state, scene.pilot) == ("fault", PILOT_MINUS12), car

    def test_S10_without_a_diode_there_is_no_charge(self):
        for car in "BC":
            scene = Scene(self)
            scene.has_diode = False
            scene.run_ms(100)
            scene.car = car
            never_closes(scene, 6000)
            assert scene.faults == guard.FAULT_DIODE, car
            scene.car = "C"
            never_closes(scene, 3000)

    def test_S10_the_negative_half_must_be_stronger_than_minus_10_v(self):
        for low_mv in (-12000, -10001, -10000, -9999, -9000, 0):
            scene = offered(self)
            scene.halves = (6000, low_mv)
            scene.run_ms(1000)
            assert scene.permits == (low_mv <= -10000), low_mv

    def test_S26_the_monitor_is_tested_before_each_session(self):
        scene = Scene(self)
        for _ in range(3):
            scene.car = "A"
            scene.run_ms(1000)
            assert not scene.controller.self_test.is_passed
            scene.car = "B"
            scene.until(lambda each: each.controller.self_test.is_pressing, 1000)
            assert not scene.permits
            scene.until(lambda each: each.controller.self_test.is_passed, 1000)

    def test_S26_a_dead_monitor_is_a_fault_and_never_a_charge(self):
        for car in "BC":
            scene = Scene(self)
            scene.monitor_works = False
            scene.run_ms(100)
            scene.car = car
            never_closes(scene, 10000)
            assert scene.faults == guard.FAULT_SELF_TEST, car
