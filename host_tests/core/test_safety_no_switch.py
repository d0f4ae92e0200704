"""The safety rules on a board that cannot disconnect the pilot, and has no meter."""

from safety_rules import SafetyRules


class TestNoSwitch(SafetyRules):
    max_ma = 32000
    fuse_ma = 35000
    has_fan = False
    has_switch = False
    has_meter = False
    has_readback = True
    tethered_ma = 0
