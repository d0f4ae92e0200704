"""A case keeps the facts of lost time: what was offered, what the pilot showed, pulses, and how it ended."""

from evse.record import ledger
from evse.record.facts import Facts
from evse.record.ledger import Evidence
from evse.safety.limits import PILOT_MINUS12, PILOT_OPEN


class Book:
    """What the ledger found of the second."""

    surplus_w = 2000

    def __init__(self, free_ma):
        self.free_ma = free_ma


def seen(kept, cause, seconds, at_s=100, bits=0, free_ma=0, temperature_cdeg=None, high_mv=9010, is_still=True):
    """Feed `seconds` of `cause`; returns the next second."""
    facts = Facts()
    facts.high_mv = high_mv
    facts.low_mv = -12030
    facts.temperature_cdeg = temperature_cdeg
    facts.offer_ma = 8300
    facts.faults = bits
    facts.is_still = is_still
    for second in range(at_s, at_s + seconds):
        kept.second(cause, second, facts, Book(free_ma))
    return at_s + seconds


def case(kept, index):
    return [kept.cell(index, field) for field in range(ledger.CASE_FIELDS)]


def test_a_sleep_is_one_case_with_its_pulses_and_what_woke_it():
    kept = Evidence()
    at_s = seen(kept, ledger.CAUSE_SEQUENCE, 3)
    at_s = seen(kept, ledger.CAUSE_SLOW, 30, at_s)
    at_s = seen(kept, ledger.CAUSE_ASLEEP, 60, at_s)
    kept.pulse(PILOT_OPEN, 4000)
    at_s = seen(kept, ledger.CAUSE_PULSE, 4, at_s)
    at_s = seen(kept, ledger.CAUSE_ASLEEP, 30, at_s)
    kept.pulse(PILOT_MINUS12, 4000)
    at_s = seen(kept, ledger.CAUSE_PULSE, 4, at_s)
    at_s = seen(kept, ledger.CAUSE_SLOW, 2, at_s)
    kept.answered(2400)
    seen(kept, ledger.CAUSE_CHARGED, 5, at_s)
    assert kept.count == 1
    lost_s = 3 + 30 + 60 + 4 + 30 + 4 + 2
    assert case(kept, 0) == [
        100, ledger.CAUSE_ASLEEP, lost_s, 8300, 9010, -12030, 2, -4000, 2400, 2000, ledger.CAUSE_CHARGED, 0
    ]


def test_a_short_case_is_none_unless_there_was_a_pulse_and_the_charger_s_own_delay_only_from_five_minutes_on():
    for cause, seconds, pulses, count in (
        (ledger.CAUSE_ASLEEP, 29, 0, 0), (ledger.CAUSE_ASLEEP, 30, 0, 1), (ledger.CAUSE_ASLEEP, 5, 1, 1),
        (ledger.CAUSE_DELAY, 299, 0, 0), (ledger.CAUSE_DELAY, 300, 0, 1),
        (ledger.CAUSE_HELD, 29, 0, 0), (ledger.CAUSE_HELD, 30, 0, 1),
    ):  # fmt: skip
        kept = Evidence()
        at_s = seen(kept, cause, seconds)
        for _ in range(pulses):
            kept.pulse(PILOT_OPEN, 4000)
        seen(kept, ledger.CAUSE_CHARGED, 1, at_s)
        assert kept.count == count, (cause, seconds)


def test_another_cause_begins_another_case_and_says_so_in_the_first():
    kept = Evidence()
    at_s = seen(kept, ledger.CAUSE_METER, 40)
    seen(kept, ledger.CAUSE_HEAT, 40, at_s, temperature_cdeg=7100)
    assert kept.count == 2 and kept.is_open
    assert case(kept, 0)[ledger.CASE_ENDED_BY] == ledger.CAUSE_HEAT
    assert case(kept, 1)[ledger.CASE_ENDED_BY] == -1 and case(kept, 1)[ledger.CASE_DETAIL] == 7100


def test_the_detail_that_belongs_to_the_cause():
    for cause, changes, detail in (
        (ledger.CAUSE_FAULT, {"bits": 8}, 8),
        (ledger.CAUSE_FUSE, {"free_ma": 4000}, 4000),
        (ledger.CAUSE_HEAT, {"temperature_cdeg": 7100}, 7100),
        (ledger.CAUSE_METER, {}, 2000),
        (ledger.CAUSE_HELD, {}, 2000),
    ):
        kept = Evidence()
        seen(kept, cause, 40, 100, **changes)
        assert case(kept, 0)[ledger.CASE_DETAIL] == detail


def test_the_ring_keeps_the_newest_and_counts_what_it_dropped():
    kept = Evidence()
    at_s = 0
    for number in range(ledger.CASES + 3):
        at_s = seen(kept, (ledger.CAUSE_METER, ledger.CAUSE_HEAT)[number % 2], 100, at_s)
    assert kept.count == ledger.CASES and kept.dropped == 3
    assert [kept.cell(index, ledger.CASE_AT_S) for index in (0, kept.count - 1)] == [300, at_s - 100]


def test_nothing_is_noted_while_nothing_is_lost():
    kept = Evidence()
    for cause in (ledger.CAUSE_CHARGED, ledger.CAUSE_NO_SUN, ledger.CAUSE_NO_CAR):
        seen(kept, cause, 100)
        kept.pulse(PILOT_OPEN, 4000)
        kept.answered(10)
    assert kept.count == 0 and not any(kept.cells)


def test_a_reading_that_is_missing_or_in_the_middle_of_a_debounce_leaves_the_last_one():
    for high_mv, is_still in ((None, True), (6010, False)):
        kept = Evidence()
        at_s = seen(kept, ledger.CAUSE_ASLEEP, 40)
        seen(kept, ledger.CAUSE_ASLEEP, 1, at_s, high_mv=high_mv, is_still=is_still)
        assert kept.cell(0, ledger.CASE_HIGH_MV) == 9010
