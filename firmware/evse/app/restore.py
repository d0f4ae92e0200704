"""Takes back at boot what recall.py kept: from RTC memory after a reset, from flash after a loss of power.

Loaded once. Knows recall's layout; says in one line what nobody recorded.
"""

from array import array

from machine import RTC
from micropython import const

from evse.app import clock, events, store
from evse.app.recall import (
    BASE_S,
    CASES,
    CLOCK_S,
    CRASH,
    DARK_S,
    DROPPED_CASES,
    DROPPED_EVENTS,
    EVENTS,
    FIRST_EVENT,
    HEAD,
    IS_CLOSED,
    IS_CRASH,
    IS_ON,
    MAGIC,
    NEVER,
    NEXT_CASE,
    SESSIONS,
    UPTIME_S,
    checksum,
)
from evse.core import evidence, faults, journal, ledger
from evse.core.controller import Controller

_LONGEST_S = const(0x1FFFFFFF)


def restore(core: Controller, cause: int) -> str:
    """Fill ledger, cases and journal, latch the fault of a crashed tick, and note the boot for `cause`.

    Returns one line about a time without record, or "".
    """
    now_s = clock.clock_s()
    if clock.is_set(now_s):
        core.chronicle.base_s = now_s
    memory = bytes(RTC().memory())
    kept = _head(memory)
    if memory == CRASH or (kept and kept[IS_CRASH]):
        core.faults.latch(faults.TICK)
    is_power_cut = not kept
    if is_power_cut:
        memory = store.load_record()
        kept = _head(memory)
    if not kept:
        core.journal.add(0, journal.BOOT, cause)
        return ""
    _take(core, memory, kept, is_power_cut)
    core.journal.add(0, journal.BOOT, cause)
    return _gap(core, kept, is_power_cut) if kept[IS_ON] else ""


def _head(memory: bytes) -> "array[int] | None":
    """The head's figures; None when the bytes are not whole."""
    if len(memory) < HEAD * 4 or checksum(memory[:-4]) != memory[-4:]:
        return None
    head = array("i", memory[: HEAD * 4])
    return head if head[0] == MAGIC else None


def _take(core: Controller, memory: bytes, kept: "array[int]", is_power_cut: bool) -> None:
    book = core.chronicle.ledger
    cases = book.evidence
    events_kept = core.journal
    at = HEAD * 4
    for cells in (events_kept.cells, book.cells, cases.cells):
        for index, value in enumerate(array("i", memory[at : at + 4 * len(cells)])):
            cells[index] = value
        at += 4 * len(cells)
    book.sessions = kept[SESSIONS]
    book.dark_s = kept[DARK_S]
    cases.count = kept[CASES]
    cases.next = kept[NEXT_CASE] % evidence.CAPACITY
    cases.dropped = kept[DROPPED_CASES]
    events_kept.count = kept[EVENTS]
    events_kept.first = kept[FIRST_EVENT]
    events_kept.dropped = kept[DROPPED_EVENTS]
    shift_s = kept[CLOCK_S] - kept[UPTIME_S] - clock.clock_s()
    base_s = 0
    if is_power_cut or not -_LONGEST_S < shift_s <= 0:
        shift_s = 0
        base_s = kept[BASE_S] or NEVER
        book.turn(0)
    for index in range(0, len(events_kept.cells), journal.FIELDS):
        events_kept.cells[index] += shift_s
    _move(book.cells, ledger.FIELDS, ledger.BASE_S, ledger.BEGAN_S, shift_s, base_s)
    _move(cases.cells, evidence.FIELDS, evidence.BASE_S, evidence.AT_S, shift_s, base_s)
    if base_s:
        book.cells[ledger.BASE_S] = 0  # today is this boot's


def _move(cells: "array[int]", fields: int, base: int, at: int, shift_s: int, base_s: int) -> None:
    """Times of the boot before become times of this one, or get that boot's clock."""
    for row in range(0, len(cells), fields):
        if cells[row + base] == 0:
            cells[row + at] += shift_s
            cells[row + base] = base_s


def _gap(core: Controller, kept: "array[int]", is_power_cut: bool) -> str:
    """Note the time that nobody recorded, while a car was plugged in."""
    gap_s = -1 if is_power_cut else clock.clock_s() - kept[CLOCK_S]
    core.journal.add(0, journal.GAP, gap_s)
    since = events.when(kept[UPTIME_S], kept[BASE_S])
    if not kept[BASE_S]:
        since += " after the boot before"
    doing = "charging" if kept[IS_CLOSED] else "a car was plugged in"
    until = "this boot" if gap_s < 0 else "this boot, %d s later" % gap_s
    return "no record from %s (%s) until %s" % (since, doing, until)
