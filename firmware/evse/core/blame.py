"""Who is to blame for one second without energy: exactly one cause, and each cause belongs to one party.

Knows the facts of one second; does not know how they were measured, or what becomes of the answer. Where the facts do
not clear the charger, it is the charger: it writes this ledger.
"""

from micropython import const

from evse.core import faults
from evse.core.offer import CAP_BOARD, CAP_CABLE, CAP_FUSE, CAP_HEAT, CAP_METER
from evse.core.types import STATE_A, STATE_B2, STATE_E, STATE_WAKE

NOBODY = const(0)
SUN = const(1)
HOUSE = const(2)
SETTING = const(3)
CHARGER = const(4)
CABLE = const(5)
CAR = const(6)
PARTIES = ("nobody", "sun", "house", "setting", "charger", "cable", "car")

CHARGED = const(0)
NO_CAR = const(1)
NO_SUN = const(2)
FUSE = const(3)  # the main fuse has no room for this car
MODE_OFF = const(4)
STOPPED = const(5)  # by a person
LIMITED = const(6)  # max_ma is below what this car needs
MARGIN = const(7)  # import_w keeps back what the car would need
LONG_DELAY = const(8)  # a start delay that a person made longer than it is by default, from there on
FAULT = const(9)
METER = const(10)  # old or lost: the charger does not know what it may give
HEAT = const(11)
TESTING = const(12)  # residual self-test
DELAY = const(13)  # its own start delay or pause
PATIENCE = const(14)  # stays off, because the car's patience is spent
PULSE = const(15)
SEQUENCE = const(16)  # steady +12 V before an offer, and from S2 to the contactor
STALLED = const(17)  # the program stood still
PLUG = const(18)  # no rating in the plug, or one below what this car needs
SHORT = const(19)  # pilot shorted to earth
ASLEEP = const(20)  # offered for longer than ASLEEP_AFTER_S, and it stayed in B
FULL = const(21)  # opened S2 itself under an offer: full, or on a timer
REFUSES = const(22)  # no diode, wants a fan, or no answer to any pulse
SLOW = const(23)  # between offer and S2, and between contactor and current
IDLE = const(24)  # contactor closed and offered for longer than ASLEEP_AFTER_S, and it drew nothing
HOLDS = const(25)  # longer in C after steady +12 V than LET_GO_S
COUNT = const(26)

# The party of each cause, in the order above.
PARTY_OF = bytes(
    (NOBODY, NOBODY, SUN, HOUSE)
    + (SETTING, SETTING, SETTING, SETTING, SETTING)
    + (CHARGER, CHARGER, CHARGER, CHARGER, CHARGER, CHARGER, CHARGER, CHARGER, CHARGER)
    + (CABLE, CABLE)
    + (CAR, CAR, CAR, CAR, CAR, CAR)
)

ASLEEP_AFTER_S = const(30)  # Phoenix, EVerest, SmartEVSE and evcc wait so long in B2; no limit of A.6 is known
LET_GO_S = const(3)  # A.6 sequence 10.1: S2 opens within 3 s of steady +12 V
DEFAULT_DELAY_S = const(60)

# What keeps the offer below what the car needs; a cap that is not named here is the charger's own decision.
_BY_CAP = {CAP_CABLE: PLUG, CAP_HEAT: HEAT, CAP_FUSE: FUSE, CAP_METER: METER}
_CAR_FAULTS = faults.DIODE | faults.VENTILATION


class Facts:
    """One second, in facts.

    is_flowing: the car takes energy; is_there: the power that this car needs at least was there; is_allowed: and the
    import allowance left it to the car; state: STATE_...; fault_bits; is_stopped: by a person; is_off: mode off;
    is_limited: max_ma is below what this car needs;
    limiter: CAP_...; offer_ma, min_ma: offered, and the least this car charges with; free_ma: what the main fuse left;
    delay_s: the start delay in force; short_s: so long the surplus has been there without an offer;
    is_tested: a residual self-test stands; is_closed: the contactor;
    waited_s: so long state and contactor have been as they are; is_stuck: it was opened under load and has not let go;
    has_ended: it opened S2 itself; was_pulsed: since it last answered; is_given_up: no pulse is left;
    may_stop: False when its patience is spent; available_w, temperature_cdeg: for the evidence only.
    """

    def __init__(self) -> None:
        self.is_flowing = False
        self.is_there = False
        self.is_allowed = True
        self.state = STATE_A
        self.fault_bits = 0
        self.is_stopped = False
        self.is_off = False
        self.is_limited = False
        self.limiter = CAP_BOARD
        self.offer_ma = 0
        self.min_ma = 6000
        self.free_ma = 0
        self.available_w = 0
        self.temperature_cdeg = 0
        self.delay_s = DEFAULT_DELAY_S
        self.short_s = 0
        self.is_tested = True
        self.is_closed = False
        self.waited_s = 0
        self.is_stuck = False
        self.has_ended = False
        self.was_pulsed = False
        self.is_given_up = False
        self.may_stop = True


def cause(facts: Facts) -> int:
    """The cause that this second is booked to; the first rule that holds decides.

    A person's word comes before every defect: while it stands, nothing else could have charged either.
    """
    if facts.state == STATE_A:
        return NO_CAR
    if facts.is_flowing:
        return CHARGED
    if not facts.is_there:
        return NO_SUN
    if facts.is_stopped:
        return STOPPED
    if facts.is_off:
        return MODE_OFF
    if facts.fault_bits or facts.state == STATE_E:
        return _by_fault(facts.fault_bits)
    return _withheld(facts) if facts.offer_ma < facts.min_ma else _offered(facts)


def _by_fault(bits: int) -> int:
    if bits & _CAR_FAULTS:
        return REFUSES
    return FAULT if bits & ~faults.SHORT else SHORT


def _withheld(facts: Facts) -> int:
    """Nothing, or less than the car needs, is offered."""
    if facts.is_limited:
        return LIMITED
    known = _BY_CAP.get(facts.limiter, DELAY)
    if known == FUSE and facts.free_ma >= facts.min_ma:
        return DELAY
    if known != DELAY:
        return known
    if not facts.is_allowed:
        return MARGIN
    if not facts.may_stop:
        return PATIENCE
    return LONG_DELAY if DEFAULT_DELAY_S < facts.short_s <= facts.delay_s else DELAY


def _offered(facts: Facts) -> int:
    """Enough is allowed: it is the charger's sequence or the car."""
    if facts.state == STATE_WAKE:
        return PULSE
    if facts.is_stuck:
        return HOLDS if facts.waited_s > LET_GO_S else SEQUENCE
    if not facts.is_tested:
        return TESTING
    if facts.state == STATE_B2:
        return _unanswered(facts)
    if facts.is_closed:
        return IDLE if facts.waited_s > ASLEEP_AFTER_S else SLOW
    return SEQUENCE


def _unanswered(facts: Facts) -> int:
    if facts.has_ended:
        return FULL
    if facts.is_given_up:
        return REFUSES
    return ASLEEP if facts.was_pulsed or facts.waited_s > ASLEEP_AFTER_S else SLOW
