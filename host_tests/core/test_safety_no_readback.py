"""The safety rules on a three-phase-sized board that cannot read its contacts back."""

from safety_rules import MeterRules, SafetyRules, SocketRules
from scene import SLOW_MS, charging, offered


class TestNoReadback(MeterRules, SocketRules, SafetyRules):
    max_ma = 63000
    fuse_ma = 100000

    def test_contacts_that_nobody_sees_are_no_fault(self):
        for make, car, is_welded in ((charging, "B", True), (offered, "C", False)):
            scene = make(self)
            scene.is_welded, scene.coil_works, scene.car = is_welded, is_welded, car
            scene.run_ms(5000, SLOW_MS)
            assert scene.faults == 0 and scene.is_closed == is_welded, car
