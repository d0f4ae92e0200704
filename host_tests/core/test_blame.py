"""Every cause has one party, and the first rule that holds names it: the table of the issue, line by line."""

from evse.core import blame, faults
from evse.core.blame import Facts, cause
from evse.core.offer import CAP_BOARD, CAP_CABLE, CAP_FUSE, CAP_HEAT, CAP_METER, CAP_NAMES, CAP_SUN
from evse.core.types import STATE_A, STATE_B1, STATE_B2, STATE_C1, STATE_C2, STATE_E, STATE_FAULT, STATE_WAKE

# What is so, beside a plugged car that is offered 8 A in B2 since a second with the sun out; the cause; its party.
TABLE = (
    ({}, blame.SLOW, "car"),
    ({"state": STATE_A}, blame.NO_CAR, "nobody"),
    ({"is_flowing": True}, blame.CHARGED, "nobody"),
    ({"is_there": False}, blame.NO_SUN, "sun"),
    ({"is_stopped": True}, blame.STOPPED, "setting"),
    ({"is_off": True}, blame.MODE_OFF, "setting"),
    ({"offer_ma": 0, "limiter": CAP_CABLE}, blame.PLUG, "cable"),
    ({"offer_ma": 6000, "min_ma": 8000, "limiter": CAP_CABLE}, blame.PLUG, "cable"),
    ({"offer_ma": 6000, "min_ma": 8000, "is_limited": True}, blame.LIMITED, "setting"),
    ({"offer_ma": 0, "min_ma": 8000, "limiter": CAP_METER, "is_limited": True}, blame.LIMITED, "setting"),
    ({"offer_ma": 0, "limiter": CAP_FUSE, "free_ma": 5999}, blame.FUSE, "house"),
    ({"offer_ma": 0, "limiter": CAP_FUSE, "free_ma": 6000}, blame.DELAY, "charger"),
    ({"offer_ma": 0, "limiter": CAP_HEAT}, blame.HEAT, "charger"),
    ({"offer_ma": 0, "limiter": CAP_METER}, blame.METER, "charger"),
    ({"offer_ma": 0, "limiter": CAP_SUN}, blame.DELAY, "charger"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "is_allowed": False}, blame.MARGIN, "setting"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "may_stop": False}, blame.PATIENCE, "charger"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "short_s": 60, "delay_s": 300}, blame.DELAY, "charger"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "short_s": 61, "delay_s": 300}, blame.LONG_DELAY, "setting"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "short_s": 300, "delay_s": 300}, blame.LONG_DELAY, "setting"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "short_s": 301, "delay_s": 300}, blame.DELAY, "charger"),
    ({"offer_ma": 0, "limiter": CAP_BOARD}, blame.DELAY, "charger"),
    ({"offer_ma": 0, "limiter": len(CAP_NAMES)}, blame.DELAY, "charger"),  # a cap that this table does not know
    ({"state": STATE_FAULT, "fault_bits": faults.RESIDUAL}, blame.FAULT, "charger"),
    ({"state": STATE_FAULT, "fault_bits": faults.PILOT}, blame.FAULT, "charger"),
    ({"state": STATE_FAULT, "fault_bits": faults.SHORT}, blame.SHORT, "cable"),
    ({"state": STATE_FAULT, "fault_bits": faults.SHORT | faults.WELDED}, blame.FAULT, "charger"),
    ({"state": STATE_FAULT, "fault_bits": faults.DIODE}, blame.REFUSES, "car"),
    ({"state": STATE_FAULT, "fault_bits": faults.VENTILATION}, blame.REFUSES, "car"),
    ({"state": STATE_E}, blame.SHORT, "cable"),
    ({"state": STATE_WAKE}, blame.PULSE, "charger"),
    ({"state": STATE_B1}, blame.SEQUENCE, "charger"),
    ({"state": STATE_B1, "is_tested": False}, blame.TESTING, "charger"),
    ({"state": STATE_C1}, blame.SEQUENCE, "charger"),
    ({"state": STATE_C1, "is_stuck": True, "waited_s": 3}, blame.SEQUENCE, "charger"),
    ({"state": STATE_C1, "is_stuck": True, "waited_s": 4}, blame.HOLDS, "car"),
    ({"state": STATE_C2}, blame.SEQUENCE, "charger"),
    ({"state": STATE_C2, "is_closed": True, "waited_s": 30}, blame.SLOW, "car"),
    ({"state": STATE_C2, "is_closed": True, "waited_s": 31}, blame.IDLE, "car"),
    ({"waited_s": 30}, blame.SLOW, "car"),
    ({"waited_s": 31}, blame.ASLEEP, "car"),
    ({"was_pulsed": True}, blame.ASLEEP, "car"),
    ({"is_given_up": True}, blame.REFUSES, "car"),
    ({"has_ended": True, "waited_s": 9999}, blame.FULL, "car"),
)


def facts(changes):
    made = Facts()
    made.state = STATE_B2
    made.is_there = True
    made.offer_ma = 8000
    made.limiter = CAP_SUN
    made.waited_s = 1
    for name in changes:
        assert hasattr(made, name), name
        setattr(made, name, changes[name])
    return made


def test_each_line_of_the_table():
    for changes, wanted, party in TABLE:
        got = cause(facts(changes))
        assert got == wanted, (changes, got)
        assert blame.PARTIES[blame.PARTY_OF[got]] == party, changes


def test_every_cause_but_a_stall_is_in_the_table_and_has_a_party():
    assert len(blame.PARTY_OF) == blame.COUNT
    assert {wanted for _, wanted, _ in TABLE} | {blame.STALLED} == set(range(blame.COUNT))


def test_what_clears_everybody_else_comes_first():
    worst = {"offer_ma": 0, "limiter": CAP_METER, "fault_bits": faults.RESIDUAL, "state": STATE_FAULT}
    assert cause(facts(worst)) == blame.FAULT
    assert cause(facts({"is_off": True, "fault_bits": faults.RESIDUAL})) == blame.MODE_OFF
    assert cause(facts({"is_stopped": True, "is_off": True})) == blame.STOPPED
    assert cause(facts({"is_there": False, "is_stopped": True})) == blame.NO_SUN
    assert cause(facts({"is_flowing": True, "is_there": False})) == blame.CHARGED
