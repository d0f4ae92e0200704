"""The journal in words: one line an event, with the time of day where it is known.

Loaded when used. Knows the clock that a boot began by; reads the journal and changes nothing.
"""

from time import gmtime

from evse.app.clock import SINCE_2000_S
from evse.app.pace import say
from evse.core.journal import AT_S, CODE, MODE, OPENED_HOT, VALUE, WITHDRAWN, Journal
from evse.core.names import CAPS, LEVELS
from evse.core.settings import MODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evse.app.charger import Charger

# In the order of the codes in core/journal.py.
NAMES = (
    "boot, cause",
    "plugged, cable mA",
    "unplugged, Wh",
    "contactor closed, offer mA",
    "contactor opened, Wh",
    "contactor opened under load, pilot shows",
    "wake pulse, ms",
    "car woken, after pulses",
    "fault, bits",
    "ticks were late, ms",
    "mode",
    "offered, mA",
    "car closed S2, ms after the offer",
    "car opened S2 under the offer, Wh",
    "offer withdrawn, limited by",
    "car opened S2, ms after +12 V",
    "pilot high, mV",
    "pilot low, mV",
    "no record before this boot, s (-1: nobody knows how long)",
)
_WORDS = {OPENED_HOT: LEVELS, MODE: MODES, WITHDRAWN: CAPS}


def line(journal: Journal, index: int, base_s: int) -> str:
    """Event `index` (0 = oldest) as text: when, name, value."""
    code = journal.cell(index, CODE)
    return "%s %s %s" % (when(journal.cell(index, AT_S), base_s), NAMES[code], value(code, journal.cell(index, VALUE)))


def show(charger: "Charger") -> None:
    """Print the events that are not on flash yet."""
    chronicle = charger.controller.chronicle
    journal = chronicle.journal
    for index in range(journal.count):
        say(charger, line(journal, index, chronicle.base_s))
    if journal.dropped:
        say(charger, "%d events lost" % journal.dropped)


def value(code: int, figure: int) -> str:
    """The figure of an event, as a word where it has one."""
    words = _WORDS.get(code, ())
    return words[figure] if 0 <= figure < len(words) else str(figure)


def when(at_s: int, base_s: int) -> str:
    """A time of this boot as date and time of day; as seconds since boot while base_s is 0."""
    if base_s == 0:
        return "%d s" % at_s
    return "%d-%02d-%02d %02d:%02d:%02d" % gmtime(base_s + at_s + SINCE_2000_S)[:6]
