"""The verdict in words: who is accountable for the time in which the car could have charged and did not.

Loaded when used. Reads ledger and cases, changes nothing.
"""

import json

from evse import VERSION
from evse.app import events
from evse.app.events import when
from evse.app.pace import say
from evse.app.store import JOURNAL_FILE
from evse.app.words import PARTIES, WORDS
from evse.core import blame, evidence, journal, ledger
from evse.core.duty import duty_bp_from_ma
from evse.core.setting_table import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evse.app.charger import Charger
    from evse.core.evidence import Evidence
    from evse.core.ledger import Ledger


def text(charger: "Charger") -> str:
    """Today and the last sessions in plain sentences, with the facts behind them."""
    chronicle = charger.controller.chronicle
    book = chronicle.ledger
    lines = [charger.keeper.gap] if charger.keeper.gap else []
    if chronicle.base_s == 0:
        lines.append("The time of day is not known: times count from boot (mpremote resume rtc --set tells it).")
    lines.append("Today: " + _sums(book, ledger.TODAY))
    if book.cells[ledger.BEFORE + ledger.LENGTH_S]:
        lines.append("The day before: " + _sums(book, ledger.BEFORE))
    for age in range(min(book.sessions, ledger.SESSIONS)):
        at = book.row(age)
        began = _when(book.cells[at + ledger.BEGAN_S], book.cells[at + ledger.BASE_S], chronicle.base_s)
        lines.append("Plugged in %s: %s" % (began, _sums(book, at)))
    for index in range(book.evidence.count):
        lines.append(_case(book.evidence, index, chronicle.base_s))
    if book.evidence.dropped:
        lines.append("%d earlier cases are forgotten." % book.evidence.dropped)
    return "\n".join(lines)


def _sums(book: "Ledger", at: int) -> str:
    """The sums of one row of the ledger, the weightiest first."""
    cells = book.cells
    said = "%s recorded, %s of sun for this car, %s charged (%d Wh)." % (
        _span(cells[at + ledger.LENGTH_S]),
        _span(cells[at + ledger.SUNNY_S]),
        _span(cells[at + ledger.SPENT_S]),
        cells[at + ledger.WH],
    )
    lost = []
    for party in range(blame.HOUSE, blame.CAR + 1):
        spent = _sorted([(cells[at + ledger.SPENT_S + each], WORDS[each]) for each in _causes_of(party)])
        total_s = sum([each[0] for each in spent])
        reasons = ", ".join(["%s %s" % (words, _span(spent_s)) for spent_s, words in spent])
        lost.append((total_s, "%s %s (%s)" % (_span(total_s), PARTIES[party], reasons)))
    lines = [words for _, words in _sorted(lost)]
    return said + (" Lost: %s." % "; ".join(lines) if lines else " Nothing lost.")


def _sorted(pairs: "list[tuple[int, str]]") -> "list[tuple[int, str]]":
    """The pairs whose number is not 0, the largest first."""
    return sorted([pair for pair in pairs if pair[0]], reverse=True)


def _causes_of(party: int) -> "list[int]":
    """The causes that belong to a party."""
    return [cause for cause in range(blame.COUNT) if blame.PARTY_OF[cause] == party]


def _case(cases: "Evidence", index: int, base_s: int) -> str:
    """One case as a sentence: when, who, how long, what was offered, what the pilot showed, how it ended."""
    figure = [cases.cell(index, field) for field in range(evidence.FIELDS)]
    cause = figure[evidence.CAUSE]
    said = "%s: %s, %s, for %s" % (
        _when(figure[evidence.AT_S], figure[evidence.BASE_S], base_s),
        PARTIES[blame.PARTY_OF[cause]],
        WORDS[cause],
        _span(figure[evidence.LOST_S]),
    )
    offer_ma = figure[evidence.OFFER_MA]
    if offer_ma:
        duty_bp = duty_bp_from_ma(offer_ma)
        said += "; offered %d.%d A" % (offer_ma // 1000, offer_ma // 100 % 10)
        said += " (duty %d.%02d %%)" % (duty_bp // 100, duty_bp % 100)
    said += "; pilot %s / %s V" % (_volts(figure[evidence.HIGH_MV]), _volts(figure[evidence.LOW_MV]))
    return said + _detail(cause, figure[evidence.DETAIL]) + _end(figure) + "."


def _detail(cause: int, detail: int) -> str:
    if cause == blame.FAULT or cause == blame.SHORT or (cause == blame.REFUSES and detail in (2, 128)):
        return "; fault bits %d" % detail
    if cause == blame.HEAT:
        return "; %d C in the case" % (detail // 100)
    if cause == blame.FUSE:
        return "; the house left %d mA" % detail
    return "; %d W of surplus" % detail


def _end(figure: "list[int]") -> str:
    """Pulses, the answer, and what came after."""
    said = ""
    pulse_ms = figure[evidence.PULSE_MS]
    if figure[evidence.PULSES]:
        kind = "-12 V" if pulse_ms < 0 else "an open pilot"
        plural = "" if figure[evidence.PULSES] == 1 else "s, the last"
        said = "; %d wake pulse%s %d s of %s" % (figure[evidence.PULSES], plural, abs(pulse_ms) // 1000, kind)
    answer_ms = figure[evidence.ANSWER_MS]
    if answer_ms:
        said += "; S2 closed %d.%d s after the offer" % (answer_ms // 1000, answer_ms // 100 % 10)
    ended_by = figure[evidence.ENDED_BY]
    if ended_by == blame.CHARGED and figure[evidence.PULSES]:
        return said + "; that woke it"
    return said + ("; still so" if ended_by < 0 else "; then: " + WORDS[ended_by])


def _when(at_s: int, base_s: int, now_base_s: int) -> str:
    if base_s < 0:
        return "before a power cut"
    if base_s == now_base_s == 0:
        return "%d s %s this boot" % (abs(at_s), "before" if at_s < 0 else "after")
    return when(at_s, base_s or now_base_s)


def _span(seconds: int) -> str:
    return "%d s" % seconds if seconds < 120 else "%d min" % (seconds // 60)


def _volts(mv: int) -> str:
    return "%s%d.%d" % ("-" if mv < 0 else "", abs(mv) // 1000, abs(mv) // 100 % 10)


def report(charger: "Charger") -> None:
    """Print all that is behind the verdict, for tools/verdict.py: a line of JSON, then the journal, oldest first."""
    say(charger, json.dumps(_figures(charger)))
    for name in (JOURNAL_FILE + ".old", JOURNAL_FILE):
        try:
            with open(name) as file:
                for line in file:
                    say(charger, line.rstrip())
        except OSError:
            pass  # nothing was saved there yet
    events.show(charger)


def _figures(charger: "Charger") -> "dict[str, object]":
    core = charger.controller
    chronicle = core.chronicle
    book = chronicle.ledger
    cases = book.evidence
    ring = chronicle.journal
    return {
        "version": VERSION,
        "board": charger.board["name"],
        "uptime_s": core.uptime_s,
        "base_s": chronicle.base_s,
        "gap": charger.keeper.gap,
        "settings": as_dict(core.settings),
        "sessions": book.sessions,
        "rows": [list(book.cells[at : at + ledger.FIELDS]) for at in range(0, len(book.cells), ledger.FIELDS)],
        "cases": [[cases.cell(index, field) for field in range(evidence.FIELDS)] for index in range(cases.count)],
        "cases_dropped": cases.dropped,
        "causes": [[PARTIES[blame.PARTY_OF[cause]], WORDS[cause]] for cause in range(blame.COUNT)],
        "events": [[ring.cell(index, field) for field in range(journal.FIELDS)] for index in range(ring.count)],
        "events_dropped": ring.dropped,
    }
