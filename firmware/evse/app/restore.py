"""Takes back at boot what keeper.py kept: from RTC memory after a reset, from flash after a loss of power.

Needed by the boot alone, and let go after it. Knows the layout; says in one line what nobody recorded.
"""

from array import array

from machine import RTC
from micropython import const

from evse.app import text
from evse.app.keeper import (
    BASE_S,
    CLOCK_S,
    CRASH,
    HEAD,
    IS_CLOSED,
    IS_CRASH,
    IS_ON,
    MAGIC,
    RECORD_FILE,
    UPTIME_S,
    arrays,
    checksum,
    clock_s,
    counts,
    is_clock_set,
)
from evse.core.controller import Controller
from evse.record import ledger
from evse.record.facts import EVENT_BOOT, EVENT_FIELDS, EVENT_GAP
from evse.safety.guard import FAULT_TICK

_LONGEST_S = const(0x1FFFFFFF)
_NEVER = const(-1)  # base_s of a time before a power cut, of which no clock is known


def restore(core: Controller, cause: int) -> str:
    """Fill ledger, cases and journal, latch the fault of a crashed tick, and note the boot for `cause`.

    Returns one line about a time without record, or "".
    """
    journal = core.journal
    now_s = clock_s()
    if is_clock_set(now_s):
        journal.base_s = now_s
    memory = bytes(RTC().memory())
    kept = _kept(memory)
    if memory == CRASH or (kept and kept[IS_CRASH]):
        core.faults.latch(FAULT_TICK)
    is_power_cut = not kept
    if is_power_cut:
        kept = _kept(_record())
    if not kept:
        journal.add(0, EVENT_BOOT, cause)
        return ""
    _take(core, kept, is_power_cut)
    journal.add(0, EVENT_BOOT, cause)
    return _gap(core, kept, is_power_cut) if kept[IS_ON] else ""


def _record() -> bytes:
    """What was kept on flash last; empty when nothing was."""
    try:
        with open(RECORD_FILE, "rb") as file:
            return bytes(file.read())
    except OSError:
        return b""


def _kept(memory: bytes) -> "array[int] | None":
    """The figures of pack(); None when the bytes are not whole."""
    if len(memory) < HEAD * 4 or len(memory) % 4:
        return None
    figures = array("i", memory)
    return figures if figures[0] == MAGIC and figures[-1] == checksum(memory[:-4]) else None


def _take(core: Controller, kept: "array[int]", is_power_cut: bool) -> None:
    book = core.ledger
    cases = book.evidence
    events = core.journal
    at = HEAD
    for part, name in counts(core):
        setattr(part, name, kept[at])
        at += 1
    for cells in arrays(core):
        for index in range(len(cells)):
            cells[index] = kept[at + index]
        at += len(cells)
    cases.next = (cases.next + cases.is_open) % ledger.CASES  # an open case ends with the boot
    cases.is_open = False
    shift_s = kept[CLOCK_S] - kept[UPTIME_S] - clock_s()
    base_s = 0
    if is_power_cut or not -_LONGEST_S < shift_s <= 0:
        shift_s = 0
        base_s = kept[BASE_S] or _NEVER
        book.turn(0)
    for index in range(0, len(events.cells), EVENT_FIELDS):
        events.cells[index] += shift_s
    _move(book.cells, ledger.ROW_FIELDS, ledger.ROW_BASE_S, ledger.ROW_BEGAN_S, shift_s, base_s)
    _move(cases.cells, ledger.CASE_FIELDS, ledger.CASE_BASE_S, ledger.CASE_AT_S, shift_s, base_s)
    if base_s:
        book.cells[ledger.ROW_BASE_S] = 0  # today is this boot's


def _move(cells: "array[int]", fields: int, base: int, at: int, shift_s: int, base_s: int) -> None:
    """Times of the boot before become times of this one, or get that boot's clock."""
    for row in range(0, len(cells), fields):
        if cells[row + base] == 0:
            cells[row + at] += shift_s
            cells[row + base] = base_s


def _gap(core: Controller, kept: "array[int]", is_power_cut: bool) -> str:
    """Note the time that nobody recorded, while a car was plugged in."""
    gap_s = -1 if is_power_cut else clock_s() - kept[CLOCK_S]
    core.journal.add(0, EVENT_GAP, gap_s)
    since = text.when(kept[UPTIME_S], kept[BASE_S])
    if not kept[BASE_S]:
        since += " after the boot before"
    doing = "charging" if kept[IS_CLOSED] else "a car was plugged in"
    until = "this boot" if gap_s < 0 else "this boot, %d s later" % gap_s
    return "no record from %s (%s) until %s" % (since, doing, until)
