"""Every cause has one party, and the first rule that holds names it: the table of the issue, line by line."""

from evse.app.words import PARTIES, WORDS
from evse.core import blame, faults, names
from evse.core.blame import cause
from evse.core.offer import (
    CAP_BOARD,
    CAP_CABLE,
    CAP_FUSE,
    CAP_HEAT,
    CAP_METER,
    CAP_MODE,
    CAP_STOP,
    CAP_SUN,
)
from evse.core.surplus import SUN_COMING, SUN_RESTING
from evse.core.types import (
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
    ({"offer_ma": 0, "limiter": CAP_SUN, "held_ms": 180000}, blame.DELAY, "charger"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "held_ms": 180001}, blame.LONG_DELAY, "setting"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "held_ms": 300000, "min_off_s": 300}, blame.DELAY, "charger"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "held_ms": 300001, "min_off_s": 300}, blame.LONG_DELAY, "setting"),
    ({"offer_ma": 0, "limiter": CAP_SUN, "held_ms": 300001, "why": SUN_COMING}, blame.DELAY, "charger"),
    ({"offer_ma": 0, "limiter": CAP_BOARD}, blame.DELAY, "charger"),
    ({"offer_ma": 0, "limiter": len(names.CAPS)}, blame.DELAY, "charger"),  # a cap that this table does not know
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
    ({"state": STATE_C2, "raw": LEVEL_C}, blame.SEQUENCE, "charger"),
    ({"state": STATE_C2, "is_closed": True, "waited_s": 30}, blame.SLOW, "car"),
    ({"state": STATE_C2, "is_closed": True, "waited_s": 31}, blame.IDLE, "car"),
    ({"waited_s": 30}, blame.SLOW, "car"),
    ({"waited_s": 31}, blame.ASLEEP, "car"),
    ({"was_pulsed": True}, blame.ASLEEP, "car"),
    ({"is_given_up": True}, blame.REFUSES, "car"),
    ({"has_ended": True, "waited_s": 9999}, blame.FULL, "car"),
    ({"has_ended": True, "raw": LEVEL_C}, blame.SEQUENCE, "charger"),
    ({"state": STATE_C2, "raw": LEVEL_B}, blame.FULL, "car"),
)


class Part:
    """Holds what it is given, as attributes."""

    def __init__(self, **values):
        for name in values:
            setattr(self, name, values[name])


def cause_of(changes):
    """The cause under TABLE's facts, changed by name."""
    now = {
        "state": STATE_B2, "is_flowing": False, "is_there": True, "is_allowed": True, "is_stopped": False,
        "is_off": False, "fault_bits": 0, "limiter": CAP_SUN, "offer_ma": 8000, "min_ma": 6000, "is_limited": False,
        "free_ma": 0, "held_ms": 0, "min_off_s": 0, "why": SUN_RESTING, "raw": LEVEL_B,
        "is_tested": True, "is_closed": False, "waited_s": 1,
        "is_stuck": False, "has_ended": False, "was_pulsed": False, "is_given_up": False, "may_stop": True,
    }  # fmt: skip
    for name in changes:
        assert name in now, name
    now.update(changes)
    caps_ma = [32000] * len(names.CAPS)
    caps_ma[CAP_STOP] = 0 if now["is_stopped"] else 32000
    caps_ma[CAP_MODE] = 0 if now["is_off"] else 32000
    core = Part(
        session=Part(state=now["state"]),
        offer=Part(caps_ma=caps_ma, offer_ma=now["offer_ma"], limiter=now["limiter"]),
        faults=Part(bits=now["fault_bits"]),
        car=Part(min_ma=now["min_ma"], may_stop=now["may_stop"], min_off_s=now["min_off_s"]),
        settings=Part(max_ma=now["min_ma"] - now["is_limited"]),
        caps=Part(surplus=Part(why=now["why"], switch=Part(held_ms=now["held_ms"]))),
        self_test=Part(is_passed=now["is_tested"]),
        pilot=Part(raw=now["raw"]),
        interlock=Part(permits=now["is_closed"]),
        wake=Part(is_full=now["has_ended"], is_given_up=now["is_given_up"], has_pulsed=now["was_pulsed"]),
        is_stuck=now["is_stuck"],
    )
    return cause(core, Part(**now))


def test_each_line_of_the_table():
    for changes, wanted, party in TABLE:
        got = cause_of(changes)
        assert got == wanted, (changes, got)
        assert PARTIES[blame.PARTY_OF[got]] == party, changes


def test_every_cause_but_a_stall_is_in_the_table_and_has_a_party():
    assert len(blame.PARTY_OF) == len(WORDS) == blame.COUNT
    assert {wanted for _, wanted, _ in TABLE} | {blame.STALLED} == set(range(blame.COUNT))


def test_what_clears_everybody_else_comes_first():
    worst = {"offer_ma": 0, "limiter": CAP_METER, "fault_bits": faults.RESIDUAL, "state": STATE_FAULT}
    assert cause_of(worst) == blame.FAULT
    assert cause_of({"is_off": True, "fault_bits": faults.RESIDUAL}) == blame.MODE_OFF
    assert cause_of({"is_stopped": True, "is_off": True}) == blame.STOPPED
    assert cause_of({"is_there": False, "is_stopped": True}) == blame.NO_SUN
    assert cause_of({"is_flowing": True, "is_there": False}) == blame.CHARGED
