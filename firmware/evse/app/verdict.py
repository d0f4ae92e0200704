"""The cases behind the verdict in sentences: what was offered, what the car did, how it ended.

Loaded when asked for, with the contactor open. Reads the cases, changes nothing.
"""

from evse.app.text import CAUSES, PARTIES, span, when_booked
from evse.record import ledger
from evse.safety.guard import FAULT_DIODE, FAULT_VENTILATION
from evse.safety.pilot import duty_bp_from_ma

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evse.record.ledger import Evidence


def cases(evidence: "Evidence", base_s: int) -> str:
    """Every case that is kept, a line each; base_s: the time of day, see record/chronicle.py."""
    lines = [_case(evidence, index, base_s) for index in range(evidence.count)]
    if evidence.dropped:
        lines.append("%d earlier cases are forgotten." % evidence.dropped)
    return "\n".join(lines) or "No cases."


def _case(evidence: "Evidence", index: int, base_s: int) -> str:
    """One case as a sentence: when, who, how long, what was offered, what the pilot showed, how it ended."""
    figure = [evidence.cell(index, field) for field in range(ledger.CASE_FIELDS)]
    cause = figure[ledger.CASE_CAUSE]
    said = "%s: %s, %s, for %s" % (
        when_booked(figure[ledger.CASE_AT_S], figure[ledger.CASE_BASE_S], base_s),
        PARTIES[ledger.PARTY_OF[cause]],
        CAUSES[cause][0],
        span(figure[ledger.CASE_LOST_S]),
    )
    offer_ma = figure[ledger.CASE_OFFER_MA]
    if offer_ma:
        duty_bp = duty_bp_from_ma(offer_ma)
        said += "; offered %d.%d A" % (offer_ma // 1000, offer_ma // 100 % 10)
        said += " (duty %d.%02d %%)" % (duty_bp // 100, duty_bp % 100)
    said += "; pilot %s / %s V" % (_volts(figure[ledger.CASE_HIGH_MV]), _volts(figure[ledger.CASE_LOW_MV]))
    return said + _detail(cause, figure[ledger.CASE_DETAIL]) + _end(figure) + "."


def _detail(cause: int, detail: int) -> str:
    is_car_fault = cause == ledger.CAUSE_REFUSES and detail in (FAULT_DIODE, FAULT_VENTILATION)
    if cause == ledger.CAUSE_FAULT or cause == ledger.CAUSE_SHORT or is_car_fault:
        return "; fault bits %d" % detail
    if cause == ledger.CAUSE_HEAT:
        return "; %d C in the case" % (detail // 100)
    if cause == ledger.CAUSE_FUSE:
        return "; the house left %d mA" % detail
    return "; %d W of surplus" % detail


def _end(figure: "list[int]") -> str:
    """Pulses, the answer, and what came after."""
    said = ""
    pulse_ms = figure[ledger.CASE_PULSE_MS]
    pulses = figure[ledger.CASE_PULSES]
    if pulses:
        kind = "-12 V" if pulse_ms < 0 else "an open pilot"
        plural = "" if pulses == 1 else "s, the last"
        said = "; %d wake pulse%s %d s of %s" % (pulses, plural, abs(pulse_ms) // 1000, kind)
    answer_ms = figure[ledger.CASE_ANSWER_MS]
    if answer_ms:
        said += "; S2 closed %d.%d s after the offer" % (answer_ms // 1000, answer_ms // 100 % 10)
    ended_by = figure[ledger.CASE_ENDED_BY]
    if ended_by == ledger.CAUSE_CHARGED and pulses:
        return said + "; that woke it"
    return said + ("; still so" if ended_by < 0 else "; then: " + CAUSES[ended_by][0])


def _volts(mv: int) -> str:
    return "%s%d.%d" % ("-" if mv < 0 else "", abs(mv) // 1000, abs(mv) // 100 % 10)
