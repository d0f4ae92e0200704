"""What the charger says: the words of every code, the status card, the figures, the settings, the journal, a verdict.

Sees facts and records; changes nothing. Each table of words is in the order of its codes; a test checks that.
"""

from time import gmtime

from micropython import const

from evse.core.beat import Beat
from evse.record import ledger
from evse.record.facts import EVENT_MODE, EVENT_OPENED_HOT, EVENT_WITHDRAWN, Facts, Journal
from evse.record.ledger import Ledger
from evse.safety.limits import STATE_A
from evse.settings import MODES, TABLE, Settings, as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SINCE_2000_S = const(631152000)  # from 2000-01-01, the chip's epoch, to 2020-01-01, ours: small ints until 2054

# LEVEL_..., STATE_..., PILOT_... of safety/limits.py; CAP_... of safety/offer.py.
LEVELS = ("A", "B", "C", "D", "E", "F", "no diode", "bad")
STATES = ("A", "B1", "B2", "C1", "C2", "D1", "D2", "E", "wake", "fault")
PILOTS = ("+12 V", "PWM", "-12 V", "open")
CAPS = ("board", "cable", "setting max_ma", "heat", "main fuse", "meter", "you", "mode off", "sun", "car's pause")
# FAULT_... of safety/guard.py, by their bits; the place in this table, from 1, is the number of blinks.
FAULTS = (
    "pilot voltage fits no state",
    "no diode in the car's pilot",
    "pilot shorted to earth",
    "residual current",
    "residual-current self-test failed",
    "contactor welded",
    "contactor did not close",
    "car asks for ventilation and there is none",
    "firmware error in the tick",
    "settings file broken: defaults in force, mode off",
    "the car draws more than it is offered",
)
# Reasons of core/face.py.
REASONS = (
    "no car",
    "charging",
    "fault",
    "waking the car",
    "stopped by you",
    "waiting for sun",
    "no current to give",
    "testing the residual-current monitor",
    "the car ended its charge: full, or on a timer",
    "the car does not wake; left alone until replugged",
    "waiting for the car to take the offer",
    "waiting for the car to let go",
    "mode is off",
    "the pilot is shorted to earth",
    "charging through a dip: another start would cost more than this import",
    "charging on for a while: the charge is short yet",
    "the sun is coming: starts when it has earned a start",
    "sun enough, but the pause is short yet",
    "this car takes no more interruptions: off until replugged",
    "three phases and one clamp: the sun cannot be seen; mode fast charges",
    "no reading from the meter",
    "the contactor is closed and the car draws nothing: full, or on a timer",
    "giving the car the pause it needs after a stop",
    "holding the least current through the cloud: this car takes no more interruptions",
    "charging with the least current: mode min never stops",
)
# What is wrong with the meter, by the codes of meter/metering.py.
METER = (
    "fine",
    "current only: wire a transformer, an opto or the inverter's clamp to phase_adc for solar mode",
    "no reading yet",
    "clipped: more current than the grid clamp and its burden can show",
    "raw 0 or full scale: the grid clamp's bias is gone",
    "no current at all: is the grid clamp round the wire and plugged in?",
    "the phase reference is dead",
    "no mains frequency of 45..65 Hz in the phase reference",
    "no good reading for 3 s",
    'grid clamp is on backwards: evse.cal.flip("grid")',
    'car clamp is on backwards: evse.cal.flip("car")',
    "grid power does not follow the car: is the grid clamp on this phase, before the charger?",
)
# EVENT_... of record/facts.py.
EVENTS = (
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
    "the REPL held the chip, ms",
    "chip busy, %",
    "longest gap between ticks, ms",
)
_EVENT_WORDS = {EVENT_OPENED_HOT: LEVELS, EVENT_MODE: MODES, EVENT_WITHDRAWN: CAPS}
# PARTY_... and CAUSE_... of record/ledger.py; what the standard allows at each is in app/verdict.py.
PARTIES = ("nobody", "sun", "house", "setting", "charger", "cable", "car")
CAUSES = (
    "charged",
    "no car plugged in",
    "not enough surplus for this car",
    "the main fuse had no room",
    "mode off",
    "stopped by a person",
    "max_ma is below what this car needs",
    "import_w keeps back what this car needs",
    "a start delay made longer than its default",
    "a program of a person's held the chip",
    "a fault",
    "no meter reading",
    "heat, or no temperature reading",
    "residual-current self-test",
    "its own start delay or pause",
    "this car's patience is spent: stays off",
    "wake pulses",
    "steady +12 V before an offer, and closing",
    "the program stood still",
    "the plug's resistor: none, or too small a cable",
    "pilot shorted to earth",
    "asleep",
    "ended its charge itself: full, or on a timer",
    "refuses",
    "slow to take the offer",
    "takes nothing though the contactor is closed",
    "does not let go after steady +12 V",
)

UNKNOWN_CAR = (
    'car    unknown, so treated as touchy: evse.car("name", limit=0, per_h=0, min_off_s=0) if it minds no stops'
)
NO_REFERENCE = "solar needs a grid clamp and a phase reference (transformer, opto or the inverter's clamp): no charge"


def fault_names(bits: int) -> "list[str]":
    """The latched faults as sentences."""
    return [name for index, name in enumerate(FAULTS) if bits >> index & 1]


def chip(beat: Beat, late_count: int) -> str:
    """How busy the chip is: ticks alone, the last ten seconds; the longest gap is of this plug-in, contactor closed."""
    return "chip   busy %d %%, longest gap %d ms, %d late" % (beat.busy_percent, beat.longest_ms, late_count)


def card(facts: Facts, car_name: str, chip_line: str, notice: "str | None") -> str:
    """The status card: what it does, why, and the figures behind it."""
    offer_ma = facts.offer_ma
    lines = [
        "Rouse  %s  %s" % (STATES[facts.state], REASONS[facts.why]),
        _countdown(facts),
        "pilot  %s, car shows %s  (%s / %s mV)"
        % (PILOTS[facts.pilot], LEVELS[facts.raw], facts.high_mv, facts.low_mv),
        "offer  %d.%d A, limited by %s  (mode %s)"
        % (offer_ma // 1000, offer_ma // 100 % 10, CAPS[facts.limiter], _mode(facts)),
        "grid   %s W   car %s W   for the car %d W%s"
        % (facts.grid_w, facts.clamp_w, facts.available_w, _sun(facts)),
        "meter  %s" % METER[facts.meter_reason] if facts.meter_reason else "",
        "car    %d Wh since plugged, %d wake pulses, cable %d A"
        % (facts.session_wh, facts.pulses, facts.cable_ma // 1000),
        UNKNOWN_CAR if facts.state != STATE_A and not car_name and facts.is_led else "",
        chip_line,
        "faults %s" % (", ".join(fault_names(facts.faults)) or "none"),
        "notice %s" % notice if notice else "",
    ]
    return "\n".join([line for line in lines if line])


def _mode(facts: Facts) -> str:
    if facts.boost_wh or facts.boost_s:
        return "boost, %d Wh or %d min left" % (max(0, facts.boost_wh), (max(0, facts.boost_s) + 59) // 60)
    return "fast until unplugged" if facts.is_boosted else MODES[facts.mode]


def _sun(facts: Facts) -> str:
    if facts.sun_w is None or facts.grid_w is None:
        return ""
    return "   sun %d W   house %d W" % (facts.sun_w, facts.grid_w + facts.sun_w - (facts.clamp_w or 0))


def _countdown(facts: Facts) -> str:
    if not facts.waiting_s or not facts.is_led:
        return ""
    return "       %s in %d s unless the sun changes" % ("stops" if facts.is_sun_on else "starts", facts.waiting_s)


def status(facts: Facts) -> "dict[str, object]":
    """The charger's figures by name, units in the names."""
    return {
        "state": STATES[facts.state],
        "level": LEVELS[facts.raw],
        "pilot": PILOTS[facts.pilot],
        "high_mv": facts.high_mv,
        "low_mv": facts.low_mv,
        "mode": _mode(facts),
        "offer_ma": facts.offer_ma,
        "limiter": CAPS[facts.limiter],
        "contactor": facts.is_permitted,
        "contactor_closed": facts.is_closed,
        "grid_w": facts.grid_w,
        "car_w": facts.clamp_w,
        "sun_w": facts.sun_w,
        "meter": METER[facts.meter_reason],
        "available_w": facts.available_w,
        "session_wh": facts.session_wh,
        "cable_ma": facts.cable_ma,
        "temperature_cdeg": facts.temperature_cdeg,
        "reason": REASONS[facts.why],
        "faults": fault_names(facts.faults),
        "pulses": facts.pulses,
        "interruptions": facts.interruptions,
        "uptime_s": facts.uptime_s,
    }


def settings_list(settings: Settings) -> str:
    """Every setting: value, unit, default, range and meaning."""
    lines = []
    values = as_dict(settings)
    defaults = as_dict(Settings())
    for name, unit, lowest, highest, meaning in TABLE:
        span = "" if name == "mode" else " %s..%s" % (lowest, highest)
        lines.append("%-14s %s %s  (default %s%s)  %s" % (name, values[name], unit, defaults[name], span, meaning))
    return "\n".join(lines)


def event_line(journal: Journal, index: int) -> str:
    """Event `index` (0 = oldest) as text: when, name, value."""
    at_s, code, figure = journal.event(index)
    words = _EVENT_WORDS.get(code, ())
    value = words[figure] if 0 <= figure < len(words) else str(figure)
    return "%s %s %s" % (when(at_s, journal.base_s), EVENTS[code], value)


def when(at_s: int, base_s: int) -> str:
    """A time of this boot as date and time of day; as seconds since boot while base_s is 0."""
    if base_s == 0:
        return "%d s" % at_s
    return "%d-%02d-%02d %02d:%02d:%02d" % gmtime(base_s + at_s + SINCE_2000_S)[:6]


def verdict(book: Ledger, base_s: int, gap: str) -> "Iterator[str]":
    """Who is accountable for the time in which the car could have charged and did not: today and each session, a line
    at a time, because all of them would take 20 KB."""
    if gap:
        yield gap
    if base_s == 0:
        yield "The time of day is not known: times count from boot (mpremote resume rtc --set tells it)."
    yield "Today: " + _sums(book, ledger.TODAY)
    if book.cells[ledger.BEFORE + ledger.ROW_LENGTH_S]:
        yield "The day before: " + _sums(book, ledger.BEFORE)
    for age in range(min(book.sessions, ledger.SESSIONS)):
        at = book.row(age)
        began = when_booked(book.cells[at + ledger.ROW_BEGAN_S], book.cells[at + ledger.ROW_BASE_S], base_s)
        yield "Plugged in %s: %s" % (began, _sums(book, at))


def when_booked(at_s: int, base_s: int, now_base_s: int) -> str:
    """A time of the ledger's, of this boot or one before."""
    if base_s < 0:
        return "before a power cut"
    if base_s == now_base_s == 0:
        return "%d s %s this boot" % (abs(at_s), "before" if at_s < 0 else "after")
    return when(at_s, base_s or now_base_s)


def span(seconds: int) -> str:
    """A length of time for a person."""
    return "%d s" % seconds if seconds < 120 else "%d min" % (seconds // 60)


def _sums(book: Ledger, at: int) -> str:
    """The sums of one row of the ledger, the weightiest first."""
    cells = book.cells
    said = "%s recorded, %s of sun for this car, %s charged (%d Wh)." % (
        span(cells[at + ledger.ROW_LENGTH_S]),
        span(cells[at + ledger.ROW_SUNNY_S]),
        span(cells[at + ledger.ROW_SPENT_S]),
        cells[at + ledger.ROW_WH],
    )
    lost = []
    for party in range(ledger.PARTY_HOUSE, ledger.PARTY_CAR + 1):
        causes = [cause for cause in range(ledger.CAUSE_COUNT) if ledger.PARTY_OF[cause] == party]
        spent = _sorted([(cells[at + ledger.ROW_SPENT_S + cause], CAUSES[cause]) for cause in causes])
        total_s = sum([each[0] for each in spent])
        reasons = ", ".join(["%s %s" % (words, span(spent_s)) for spent_s, words in spent])
        lost.append((total_s, "%s %s (%s)" % (span(total_s), PARTIES[party], reasons)))
    lines = [words for _, words in _sorted(lost)]
    return said + (" Lost: %s." % "; ".join(lines) if lines else " Nothing lost.")


def _sorted(pairs: "list[tuple[int, str]]") -> "list[tuple[int, str]]":
    """The pairs whose number is not 0, the largest first."""
    return sorted([pair for pair in pairs if pair[0]], reverse=True)
