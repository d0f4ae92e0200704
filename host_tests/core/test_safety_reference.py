"""The safety rules on the reference board."""

from safety_rules import SafetyRules


class TestReference(SafetyRules):
    max_ma = 32000
    fuse_ma = 35000
    has_fan = False
    has_switch = True
    has_meter = True
    has_readback = True
    tethered_ma = 0
