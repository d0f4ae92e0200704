"""The long verdict: its cases in sentences, and what the standard allows.

Loaded when asked for, with the contactor open. Reads the cases, changes nothing.
"""

from evse.app.text import CAUSES, PARTIES, span, when_booked
from evse.record import ledger
from evse.safety.guard import FAULT_DIODE, FAULT_VENTILATION
from evse.safety.pilot import duty_bp_from_ma

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from evse.record.ledger import Evidence

# What the standard allows at that moment, by CAUSE_... of record/ledger.py; "" where nothing is lost. A.x: annex A of
# IEC 61851-1, its text second-hand (docs/safety.md, Sources).
_PERSON = "No clause: a person's word."
_OWN = "No clause: the charger's own rule."
ALLOWED = (
    "",
    "",
    "",
    "No clause: the house's main fuse comes first.",
    _PERSON,
    _PERSON,
    _PERSON,
    _PERSON,
    _PERSON,
    _PERSON,
    "A fault opens at once and shows -12 V for at least 300 ms (table A.5); residual current: clause 8.5, IEC 62955.",
    "No clause: the charger lowers to 6 A at 3 s without a reading and withdraws at 15 s (docs/safety.md, S11).",
    "No clause: half current at 65 C, none at 70 C (docs/safety.md, Figures).",
    "The monitor is tested before each session (docs/safety.md, S26); it may take 3.5 s.",
    _OWN,
    "No clause: some cars refuse after 5 to 10 interruptions, so they are not given more (docs/safety.md, S24).",
    "A.5.3: one simulated replug of 4 s for a car that does not answer; 500 to 1000 ms of +12 V after it (EV READY).",
    "3 s of steady +12 V before an offer comes back; S2 to contactor within 3 s (table A.6, sequence 4).",
    "The charger's own program must not stand still.",
    "Annex B: 80 to 2460 ohm in the plug; without it the charger must not offer.",
    "Table A.6, sequence 12: a shorted pilot is off within 3 s.",
    "Under an offer (state B2, tables A.7 and A.8) nothing keeps a car from closing S2. Our sources name no limit for "
    "it; Phoenix, EVerest, SmartEVSE and evcc call it asleep after 30 s.",
    "A car may open S2 at any time (table A.6, sequence 7); the charger opens within 100 ms (sequence 8.1).",
    "A charger must not close without the car's diode (table A.4), nor for state D without ventilation (table A.2). A "
    "car that does not answer to an offer or a pulse: as asleep.",
    "Our sources name no limit from the offer to S2. The current follows an offer within 5 s (table A.6, sequence 6).",
    "As slow: 5 s to follow an offer (table A.6, sequence 6).",
    "A car opens S2 within 3 s of steady +12 V (table A.6, sequences 9.1 and 10.1); at 6 s it is cut (10.2).",
)


def cases(evidence: "Evidence", base_s: int) -> "Iterator[str]":
    """Every case that is kept, a line each; base_s: the time of day, see record/facts.py."""
    for index in range(evidence.count):
        yield _case(evidence, index, base_s)
    if evidence.dropped:
        yield "%d earlier cases are forgotten." % evidence.dropped
    elif not evidence.count:
        yield "No cases."


def _case(evidence: "Evidence", index: int, base_s: int) -> str:
    """One case as a sentence: when, who, how long, what was offered, what the pilot showed, how it ended."""
    figure = [evidence.cell(index, field) for field in range(ledger.CASE_FIELDS)]
    cause = figure[ledger.CASE_CAUSE]
    said = "%s: %s, %s, for %s" % (
        when_booked(figure[ledger.CASE_AT_S], figure[ledger.CASE_BASE_S], base_s),
        PARTIES[ledger.PARTY_OF[cause]],
        CAUSES[cause],
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
    return said + ("; still so" if ended_by < 0 else "; then: " + CAUSES[ended_by])


def _volts(mv: int) -> str:
    return "%s%d.%d" % ("-" if mv < 0 else "", abs(mv) // 1000, abs(mv) // 100 % 10)
