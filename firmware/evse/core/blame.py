"""Who is to blame for one second without energy: exactly one cause, and each cause belongs to one party.

Reads the parts and what the ledger found of this second; changes nothing. Where the facts do not clear the charger, it
is the charger: it writes this ledger.
"""

from micropython import const

from evse.core import faults
from evse.core.offer import CAP_CABLE, CAP_FUSE, CAP_HEAT, CAP_METER, CAP_MODE, CAP_STOP
from evse.core.surplus import SUN_RESTING
from evse.core.types import LEVEL_B, LEVEL_C, STATE_A, STATE_B2, STATE_C2, STATE_E, STATE_WAKE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evse.core.controller import Controller
    from evse.core.ledger import Ledger
    from evse.core.wake import Wake

NOBODY = const(0)
SUN = const(1)
HOUSE = const(2)
SETTING = const(3)
CHARGER = const(4)
CABLE = const(5)
CAR = const(6)

CHARGED = const(0)
NO_CAR = const(1)
NO_SUN = const(2)
FUSE = const(3)  # the main fuse has no room for this car
MODE_OFF = const(4)
STOPPED = const(5)  # by a person
LIMITED = const(6)  # max_ma is below what this car needs
MARGIN = const(7)  # import_w keeps back what the car would need
LONG_DELAY = const(8)  # a shortest pause that a person made longer than it is by default, from there on
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
DEFAULT_PAUSE_S = const(180)

# What keeps the offer below what the car needs; a cap that is not named here is the charger's own decision.
_BY_CAP = {CAP_CABLE: PLUG, CAP_HEAT: HEAT, CAP_FUSE: FUSE, CAP_METER: METER}
_CAR_FAULTS = faults.DIODE | faults.VENTILATION


def cause(core: "Controller", book: "Ledger") -> int:
    """The cause that this second is booked to; the first rule that holds decides.

    A person's word comes before every defect: while it stands, nothing else could have charged either.
    """
    if core.session.state == STATE_A:
        return NO_CAR
    if book.is_flowing:
        return CHARGED
    if not book.is_there:
        return NO_SUN
    if core.offer.caps_ma[CAP_STOP] == 0:
        return STOPPED
    if core.offer.caps_ma[CAP_MODE] == 0:
        return MODE_OFF
    bits = core.faults.bits
    if bits or core.session.state == STATE_E:
        if bits & _CAR_FAULTS:
            return REFUSES
        return FAULT if bits & ~faults.SHORT else SHORT
    return _withheld(core, book) if core.offer.offer_ma < core.car.min_ma else _offered(core, book.waited_s)


def _withheld(core: "Controller", book: "Ledger") -> int:
    """Nothing, or less than the car needs, is offered."""
    min_ma = core.car.min_ma
    if core.settings.max_ma < min_ma:
        return LIMITED
    known = _BY_CAP.get(core.offer.limiter, DELAY)
    if known == FUSE and book.free_ma >= min_ma:
        return DELAY
    if known != DELAY:
        return known
    if not book.is_allowed:
        return MARGIN
    if not core.car.may_stop:
        return PATIENCE
    return LONG_DELAY if _is_long_pause(core) else DELAY


def _is_long_pause(core: "Controller") -> bool:
    """Whether it waits only because a person made the shortest pause longer than it is by default."""
    surplus = core.caps.surplus
    least_s = max(DEFAULT_PAUSE_S, core.car.min_off_s)
    return surplus.why == SUN_RESTING and surplus.switch.held_ms > least_s * 1000


def _offered(core: "Controller", waited_s: int) -> int:
    """Enough is allowed: it is the charger's sequence or the car."""
    if core.session.state == STATE_WAKE:
        return PULSE
    if core.is_stuck:
        return HOLDS if waited_s > LET_GO_S else SEQUENCE
    if not core.self_test.is_passed:
        return TESTING
    if core.interlock.permits:
        return IDLE if waited_s > ASLEEP_AFTER_S else SLOW
    raw = core.pilot.raw  # what the car shows now: it takes a debounce until the state follows
    if core.session.state == STATE_B2 and raw != LEVEL_C:
        return _unanswered(core.wake, waited_s)
    return FULL if core.session.state == STATE_C2 and raw == LEVEL_B else SEQUENCE


def _unanswered(wake: "Wake", waited_s: int) -> int:
    if wake.is_full:
        return FULL
    if wake.is_given_up:
        return REFUSES
    return ASLEEP if wake.has_pulsed or waited_s > ASLEEP_AFTER_S else SLOW
