"""The safety rules on a board that can switch a fan."""

from safety_rules import FanRules, MeterRules, ReadbackRules, SafetyRules, SocketRules


class TestFan(FanRules, MeterRules, ReadbackRules, SocketRules, SafetyRules):
    max_ma = 32000
    fuse_ma = 35000
