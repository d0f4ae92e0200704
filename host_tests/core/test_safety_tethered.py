"""The safety rules on a board with a 16 A cable fixed to it."""

from safety_rules import MeterRules, ReadbackRules, SafetyRules


class TestTethered(MeterRules, ReadbackRules, SafetyRules):
    max_ma = 16000
    fuse_ma = 35000
    tethered_ma = 16000
