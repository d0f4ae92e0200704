"""What outlives a reset: the ledger, its cases, the last events and the crash mark, in the RTC's 2048 bytes.

Owns their layout, in RTC memory and in the same form on flash; knows no rule of the charger and no file.
"""

from array import array
from binascii import crc32

from machine import RTC
from micropython import const

from evse.app import clock
from evse.core.controller import Controller

MAGIC = const(0x526F01)  # changes with the layout
CRASH = b"tick error"  # alone, when there was no memory left for more
_RTC_EVERY_S = const(60)
_JUMP_S = const(2)
NEVER = const(-1)  # BASE_S of a time before a power cut, of which no clock is known

# Places in the head; after it the journal's cells, the ledger's, the cases' and a checksum.
IS_CRASH = const(1)
CLOCK_S = const(2)
UPTIME_S = const(3)
BASE_S = const(4)
IS_ON = const(5)
IS_CLOSED = const(6)
SESSIONS = const(7)
DARK_S = const(8)
CASES = const(9)
NEXT_CASE = const(10)
DROPPED_CASES = const(11)
EVENTS = const(12)
FIRST_EVENT = const(13)
DROPPED_EVENTS = const(14)
HEAD = const(15)


class Recall:
    """Writes RTC memory when something is new, as a crash finds it.

    is_record_due: the same is to go to flash, where a loss of power finds it.
    """

    def __init__(self, core: Controller) -> None:
        self._core = core
        self._rtc = RTC()
        self.is_record_due = False
        self._told = -1
        self._told_s = 0

    def second(self) -> None:
        """Once a second, outside the tick: set the time of day, and keep what is new."""
        core = self._core
        chronicle = core.chronicle
        now_s = clock.clock_s()
        if clock.is_set(now_s) and abs(now_s - core.uptime_s - chronicle.base_s) > _JUMP_S:
            chronicle.base_s = now_s - core.uptime_s
            self._told = -1
        is_old = chronicle.ledger.is_on and core.uptime_s - self._told_s >= _RTC_EVERY_S
        if core.journal.added != self._told or is_old:
            self._told = core.journal.added
            self._told_s = core.uptime_s
            self._rtc.memory(pack(core, False))

    def saved(self) -> None:
        """The events are on flash: what RTC memory holds is old, and the record is next."""
        self._told = -1
        self.is_record_due = self._core.chronicle.ledger.sessions != 0

    def crash(self) -> None:
        """The tick failed: the mark first, which needs no memory, then everything."""
        self._rtc.memory(CRASH)
        try:
            self._rtc.memory(pack(self._core, True))
        except Exception:
            return  # no memory, or what broke the tick broke this too: the mark stands


def pack(core: Controller, is_crash: bool) -> bytes:
    """Everything that is kept, at most 2048 bytes."""
    book = core.chronicle.ledger
    cases = book.evidence
    events = core.journal
    head = array("i", [MAGIC, is_crash, clock.clock_s(), core.uptime_s, core.chronicle.base_s])
    for figure in (book.is_on, core.interlock.permits, book.sessions, book.dark_s, cases.count):
        head.append(figure)
    for figure in (cases.next + cases.is_open, cases.dropped, events.count, events.first, events.dropped):
        head.append(figure)
    body = bytes(head) + bytes(events.cells) + bytes(book.cells) + bytes(cases.cells)
    return body + checksum(body)


def checksum(body: bytes) -> bytes:
    """The four bytes that end what pack() makes."""
    return bytes(crc32(body).to_bytes(4, "little"))
