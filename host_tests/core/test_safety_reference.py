"""The safety rules on the reference board."""

from safety_rules import MeterRules, ReadbackRules, SafetyRules, SocketRules


class TestReference(MeterRules, ReadbackRules, SocketRules, SafetyRules):
    max_ma = 32000
    fuse_ma = 35000
