"""The safety rules on a board that can switch a fan."""

from safety_rules import SafetyRules


class TestFan(SafetyRules):
    max_ma = 32000
    fuse_ma = 35000
    has_fan = True
    has_switch = True
    has_meter = True
    has_readback = True
    tethered_ma = 0
