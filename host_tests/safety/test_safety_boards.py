"""The safety rules on five boards: the reference, and one for each thing a board can lack or have."""

from safety_rules import FanRules, MeterRules, ReadbackRules, SafetyRules, SocketRules
from scene import SLOW_MS, charging, offered


class TestReference(MeterRules, ReadbackRules, SocketRules, SafetyRules):
    max_ma = 32000
    fuse_ma = 35000


class TestFan(FanRules, MeterRules, ReadbackRules, SocketRules, SafetyRules):
    """It can switch a fan."""

    max_ma = 32000
    fuse_ma = 35000


class TestTethered(MeterRules, ReadbackRules, SafetyRules):
    """A 16 A cable is fixed to it."""

    max_ma = 16000
    fuse_ma = 35000
    tethered_ma = 16000


class TestNoSwitch(ReadbackRules, SocketRules, SafetyRules):
    """It cannot disconnect the pilot, and has no meter."""

    max_ma = 32000
    fuse_ma = 35000
    has_switch = False


class TestNoReadback(MeterRules, SocketRules, SafetyRules):
    """Of three phases' size, it cannot read its contacts back."""

    max_ma = 63000
    fuse_ma = 100000

    def test_contacts_that_nobody_sees_are_no_fault(self):
        for make, car, is_welded in ((charging, "B", True), (offered, "C", False)):
            scene = make(self)
            scene.is_welded, scene.coil_works, scene.car = is_welded, is_welded, car
            scene.run_ms(5000, SLOW_MS)
            assert scene.faults == 0 and scene.is_closed == is_welded, car
