"""The safety rules on a three-phase-sized board that cannot read its contacts back."""

from safety_rules import SafetyRules


class TestNoReadback(SafetyRules):
    max_ma = 63000
    fuse_ma = 100000
    has_fan = False
    has_switch = True
    has_meter = True
    has_readback = False
    tethered_ma = 0
