"""Every cause has one party, and the first rule that holds names it: the table of the issue, line by line."""

from evse.app import text
from evse.app.text import CAUSES, PARTIES
from evse.record import ledger
from evse.record.facts import Facts
from evse.record.ledger import cause
from evse.safety import guard
from evse.safety.limits import (
    LEVEL_B,
    LEVEL_C,
    STATE_A,
    STATE_B1,
    STATE_B2,
    STATE_C1,
    STATE_C2,
    STATE_E,
    STATE_FAULT,
    STATE_WAKE,
)
from evse.safety.offer import CAP_BOARD, CAP_CABLE, CAP_FUSE, CAP_HEAT, CAP_METER, CAP_SUN
from evse.sun.switch import SUN_COMING, SUN_RESTING

# What is so, beside a plugged car that is offered 8 A in B2 since a second with the sun out; the cause; its party.
TABLE = (
    ({}, ledger.CAUSE_SLOW, "car"),
    ({"state": STATE_A}, ledger.CAUSE_NO_CAR, "nobody"),
    ({"is_flowing": True}, ledger.CAUSE_CHARGED, "nobody"),
    ({"is_there": False}, ledger.CAUSE_NO_SUN, "sun"),
    ({"is_stopped": True}, ledger.CAUSE_STOPPED, "setting"),
    ({"is_off": True}, ledger.CAUSE_MODE_OFF, "setting"),
    ({"offer_ma": 0, "limiter": CAP_CABLE}, ledger.CAUSE_PLUG, "cable"),
    ({"offer_ma": 6000, "min_ma": 8000, "limiter": CAP_CABLE}, ledger.CAUSE_PLUG, "cable"),
    ({"offer_ma": 6000, "min_ma": 8000, "max_ma": 7999}, ledger.CAUSE_LIMITED, "setting"),
    ({"offer_ma": 0, "min_ma": 8000, "limiter": CAP_METER, "max_ma": 7999}, ledger.CAUSE_LIMITED, "setting"),
    ({"offer_ma": 0, "limiter": CAP_FUSE, "free_ma": 5999}, ledger.CAUSE_FUSE, "house"),
    ({"offer_ma": 0, "limiter": CAP_FUSE, "free_ma": 6000}, ledger.CAUSE_DELAY, "charger"),
    ({"offer_ma": 0, "limiter": CAP_HEAT}, ledger.CAUSE_HEAT, "charger"),
    ({"offer_ma": 0, "limiter": CAP_METER}, ledger.CAUSE_METER, "charger"),
    ({"offer_ma": 0, "limiter": CAP_SUN}, ledger.CAUSE_DELAY, "charger"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "is_allowed": False}, ledger.CAUSE_MARGIN, "setting"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "may_stop": False}, ledger.CAUSE_PATIENCE, "charger"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "sun_held_ms": 180000}, ledger.CAUSE_DELAY, "charger"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "sun_held_ms": 180001}, ledger.CAUSE_LONG_DELAY, "setting"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "sun_held_ms": 300000, "min_off_s": 300}, ledger.CAUSE_DELAY, "charger"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "sun_held_ms": 300001, "min_off_s": 300}, ledger.CAUSE_LONG_DELAY, "setting"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "sun_held_ms": 300001, "sun_why": SUN_COMING}, ledger.CAUSE_DELAY, "charger"),
    ({"is_held": True}, ledger.CAUSE_HELD, "setting"),
    ({"offer_ma": 0, "limiter": CAP_BOARD}, ledger.CAUSE_DELAY, "charger"),
    ({"offer_ma": 0, "limiter": len(text.CAPS)}, ledger.CAUSE_DELAY, "charger"),  # a cap that this table does not know
    ({"state": STATE_FAULT, "faults": guard.FAULT_RESIDUAL}, ledger.CAUSE_FAULT, "charger"),
    ({"state": STATE_FAULT, "faults": guard.FAULT_PILOT}, ledger.CAUSE_FAULT, "charger"),
    ({"state": STATE_FAULT, "faults": guard.FAULT_SHORT}, ledger.CAUSE_SHORT, "cable"),
    ({"state": STATE_FAULT, "faults": guard.FAULT_SHORT | guard.FAULT_WELDED}, ledger.CAUSE_FAULT, "charger"),
    ({"state": STATE_FAULT, "faults": guard.FAULT_DIODE}, ledger.CAUSE_REFUSES, "car"),
    ({"state": STATE_FAULT, "faults": guard.FAULT_VENTILATION}, ledger.CAUSE_REFUSES, "car"),
    ({"state": STATE_E}, ledger.CAUSE_SHORT, "cable"),
    ({"state": STATE_WAKE}, ledger.CAUSE_PULSE, "charger"),
    ({"state": STATE_B1}, ledger.CAUSE_SEQUENCE, "charger"),
    ({"state": STATE_B1, "is_tested": False}, ledger.CAUSE_TESTING, "charger"),
    ({"state": STATE_C1}, ledger.CAUSE_SEQUENCE, "charger"),
    ({"state": STATE_C1, "is_stuck": True, "waited_s": 3}, ledger.CAUSE_SEQUENCE, "charger"),
    ({"state": STATE_C1, "is_stuck": True, "waited_s": 4}, ledger.CAUSE_HOLDS, "car"),
    ({"state": STATE_C2, "raw": LEVEL_C}, ledger.CAUSE_SEQUENCE, "charger"),
    ({"state": STATE_C2, "is_permitted": True, "waited_s": 30}, ledger.CAUSE_SLOW, "car"),
    ({"state": STATE_C2, "is_permitted": True, "waited_s": 31}, ledger.CAUSE_IDLE, "car"),
    ({"waited_s": 30}, ledger.CAUSE_SLOW, "car"),
    ({"waited_s": 31}, ledger.CAUSE_ASLEEP, "car"),
    ({"has_pulsed": True}, ledger.CAUSE_ASLEEP, "car"),
    ({"is_given_up": True}, ledger.CAUSE_REFUSES, "car"),
    ({"is_full": True, "waited_s": 9999}, ledger.CAUSE_FULL, "car"),
    ({"is_full": True, "raw": LEVEL_C}, ledger.CAUSE_SEQUENCE, "charger"),
    ({"state": STATE_C2, "raw": LEVEL_B}, ledger.CAUSE_FULL, "car"),
)


# What would not be without the hold, when a person's program held the chip and so ended the charge.
FOLLOWS = (
    ledger.CAUSE_LONG_DELAY, ledger.CAUSE_DELAY, ledger.CAUSE_PATIENCE, ledger.CAUSE_TESTING, ledger.CAUSE_SEQUENCE,
    ledger.CAUSE_PULSE, ledger.CAUSE_SLOW, ledger.CAUSE_ASLEEP, ledger.CAUSE_FULL, ledger.CAUSE_REFUSES,
    ledger.CAUSE_IDLE, ledger.CAUSE_HOLDS, ledger.CAUSE_HELD,
)  # fmt: skip


class Book:
    """What the ledger found of the second: the power is there, none flows."""

    def __init__(self):
        self.is_flowing = False
        self.is_held = False
        self.is_there = True
        self.is_allowed = True
        self.free_ma = 0
        self.waited_s = 1


def cause_of(changes):
    """The cause under TABLE's facts, changed by name."""
    facts, book = Facts(), Book()
    facts.state, facts.raw, facts.is_tested = STATE_B2, LEVEL_B, True
    facts.limiter, facts.offer_ma, facts.min_ma, facts.max_ma = CAP_SUN, 8000, 6000, 32000
    facts.sun_why = SUN_RESTING
    for name in changes:
        part = book if hasattr(book, name) else facts
        assert hasattr(part, name), name
        setattr(part, name, changes[name])
    return cause(facts, book)


def test_each_line_of_the_table():
    for changes, wanted, party in TABLE:
        got = cause_of(changes)
        assert got == wanted, (changes, got)
        assert PARTIES[ledger.PARTY_OF[got]] == party, changes


def test_every_cause_but_a_stall_is_in_the_table_and_has_a_party():
    assert len(ledger.PARTY_OF) == len(CAUSES) == ledger.CAUSE_COUNT
    assert {wanted for _, wanted, _ in TABLE} | {ledger.CAUSE_STALLED} == set(range(ledger.CAUSE_COUNT))


def test_after_a_hold_its_delays_and_the_wait_are_that_person_s_and_what_stands_by_itself_keeps_its_name():
    for changes, wanted, _ in TABLE:
        is_by_hold = wanted in FOLLOWS and not changes.get("faults")
        got = cause_of(dict(changes, is_held=True))
        assert got == (ledger.CAUSE_HELD if is_by_hold else wanted), (changes, got)


def test_what_clears_everybody_else_comes_first():
    worst = {"offer_ma": 0, "limiter": CAP_METER, "faults": guard.FAULT_RESIDUAL, "state": STATE_FAULT}
    assert cause_of(worst) == ledger.CAUSE_FAULT
    assert cause_of({"is_off": True, "faults": guard.FAULT_RESIDUAL}) == ledger.CAUSE_MODE_OFF
    assert cause_of({"is_stopped": True, "is_off": True}) == ledger.CAUSE_STOPPED
    assert cause_of({"is_there": False, "is_stopped": True}) == ledger.CAUSE_NO_SUN
    assert cause_of({"is_flowing": True, "is_there": False}) == ledger.CAUSE_CHARGED
