"""The safety rules of docs/safety.md as tests, written once. A rule's test is named after it (test_S06_...).

A board subclasses SafetyRules and, before it, the rules of each part that it has; those say that it has it, so that
no rule runs where it cannot apply. Knows what a board has; does not know any board by name.
"""

from contactor_rules import ContactorRules, never_closes, stop
from fault_rules import FaultRules
from latch_rules import LatchRules
from offer_rules import OfferRules
from scene import ROUND_MS, SLOW_MS, TICK_MS, charging, offered, twice
from time_rules import TimeRules
from wake_rules import WakeRules

from evse.safety import guard
from evse.safety.limits import PILOT_X1


class SafetyRules(ContactorRules, OfferRules, FaultRules, LatchRules, TimeRules, WakeRules):
    """The rules of every board.

    A subclass states max_ma, the board's limit; fuse_ma, the house's main fuse, as the board file has it; and what of
    the following is otherwise. has_switch: it can open the pilot. tethered_ma: rating of a fixed cable.
    """

    has_fan = False
    has_switch = True
    has_meter = False
    has_readback = False
    tethered_ma = 0


class FanRules:
    """S07 where the car may go to D and charge there."""

    has_fan = True

    def test_S07_changing_between_c_and_d_buys_no_time(self):
        for period_ms in (100, 700, 1500):
            scene = charging(self)
            stop(scene)
            scene.tick()
            start_ms = scene.ran_ms
            while scene.permits:
                scene.car = "CD"[(scene.ran_ms - start_ms) // period_ms % 2]
                scene.tick()
                assert scene.ran_ms - start_ms <= 6000, period_ms
            assert scene.ran_ms - start_ms == 6000


class MeterRules:
    """S11 and S33 of a board that measures the grid and the car."""

    has_meter = True

    def test_S11_an_old_meter_lowers_to_6_a_and_a_lost_one_withdraws_the_offer(self):
        for scene in twice(charging, self, 8000):
            offer = scene.controller.offer
            full_ma = offer.offer_ma
            scene.is_meter_alive = False
            for age_ms in range(TICK_MS, 16000, TICK_MS):
                scene.tick()
                most_ma, least_ma = [
                    0 if at_ms > 15000 else 6000 if at_ms > 3000 else full_ma for at_ms in (age_ms - ROUND_MS, age_ms)
                ]
                assert least_ma <= offer.offer_ma <= most_ma, (age_ms, offer.offer_ma)
            assert scene.pilot == PILOT_X1

    def test_S33_a_car_that_draws_more_than_offered_is_a_fault(self):
        for more_ma, is_fault in ((-400, False), (400, True)):
            scene = charging(self)
            over_ma = scene.controller.offer.offer_ma // 10 + 500 + more_ma
            scene.over_ma = over_ma
            scene.run_ms(5000 + 7000 - 500, SLOW_MS)
            assert scene.faults == 0, over_ma
            scene.run_ms(1500, SLOW_MS)
            assert (scene.faults == guard.FAULT_OVERDRAW) == is_fault and scene.is_closed != is_fault, over_ma


class ReadbackRules:
    """S09 of a board that sees its main contacts."""

    has_readback = True

    def test_S09_contacts_that_stay_closed_are_a_fault_after_200_ms(self):
        for scene in twice(charging, self, 100):
            scene.is_welded = True
            scene.car = "B"
            scene.tick()
            assert 200 <= scene.until(lambda each: each.faults, 400) <= 200 + TICK_MS
            assert scene.faults == guard.FAULT_WELDED
            for car in "BCAB":  # latched, no offer, also over an unplugging, for as long as they are closed
                scene.car = car
                never_closes(scene, 2000)
                assert (scene.state, scene.faults) == ("fault", guard.FAULT_WELDED), car

    def test_S09_contacts_that_do_not_close_are_a_fault_after_1_s(self):
        for scene in twice(offered, self, 1000):
            scene.coil_works = False
            scene.car = "C"
            scene.until(lambda each: each.permits, 1000)
            assert 1000 <= scene.until(lambda each: each.faults, 2000) <= 1000 + TICK_MS
            assert scene.faults == guard.FAULT_NO_CLOSE and not scene.permits


class SocketRules:
    """S11 of a board whose cable has a plug at this end too."""

    def test_S11_a_lost_plug_opens_within_a_tick_of_being_seen(self):
        scene = charging(self)
        scene.plug_ma = 0
        scene.tick()
        assert not scene.permits
