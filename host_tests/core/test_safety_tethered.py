"""The safety rules on a board with a 16 A cable fixed to it."""

from safety_rules import SafetyRules


class TestTethered(SafetyRules):
    max_ma = 16000
    fuse_ma = 35000
    has_fan = False
    has_switch = True
    has_meter = True
    has_readback = True
    tethered_ma = 16000
