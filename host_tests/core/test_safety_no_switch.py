"""The safety rules on a board that cannot disconnect the pilot, and has no meter."""

from safety_rules import ReadbackRules, SafetyRules, SocketRules


class TestNoSwitch(ReadbackRules, SocketRules, SafetyRules):
    max_ma = 32000
    fuse_ma = 35000
    has_switch = False
