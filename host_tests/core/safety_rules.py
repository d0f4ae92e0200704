"""The safety rules of docs/safety.md as tests, written once: a board subclasses SafetyRules and states its facts.

A rule's test is named after it (test_S06_...). Knows what a board has; does not know any board by name.
"""

from safety_contactor import ContactorRules
from safety_faults import FaultRules
from safety_latch import LatchRules
from safety_offer import OfferRules
from safety_time import TimeRules
from safety_wake import WakeRules


class SafetyRules(ContactorRules, OfferRules, FaultRules, LatchRules, TimeRules, WakeRules):
    """The facts a subclass states, all of them.

    max_ma: the board's limit. fuse_ma: the house's main fuse, as the board file has it.
    has_fan, has_switch (pilot-open), has_meter, has_readback (of the main contacts).
    tethered_ma: rating of a fixed cable, 0 for a socket.
    """
