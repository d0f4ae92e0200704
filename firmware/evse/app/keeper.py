"""Keeps what must outlive a reset: settings, cars, calibration, journal and ledger, on flash and in RTC memory.

Knows files, when the flash may be written, and the layout that app/restore.py takes back; does not know pins.
"""

import gc
import json
import os
from array import array
from binascii import crc32
from time import gmtime, time

from machine import RTC
from micropython import const

from evse import settings as table
from evse.app import cars, text
from evse.core.controller import Controller
from evse.meter.metering import Metering
from evse.meter.power import calibration_of, figures_of
from evse.record.facts import Journal
from evse.safety.guard import FAULT_SETTINGS
from evse.safety.limits import PILOT_PWM
from evse.settings import Settings

SETTINGS_FILE = "settings.json"
CALIBRATION_FILE = "clamps.json"
JOURNAL_FILE = "journal.txt"
RECORD_FILE = "record.bin"
_JOURNAL_MAX_BYTES = const(16384)

_SAVE_AFTER_TICKS = const(50)  # the contactor has been open a second: the flash may be written
_QUIET_AFTER_TICKS = const(3000)  # a car that does not take an offer for a minute is not disturbed by a write
_MOST_FAILED_SAVES = const(3)  # until the next boot

_SET_S = const(126230400)  # 2024-01-01: an earlier clock runs on from power-on and was never set

CRASH = b"tick error"  # alone in RTC memory, when there was no memory left for more
MAGIC = const(0x526F03)  # changes with the layout
_RTC_EVERY_S = const(60)
_JUMP_S = const(2)

# Places in the head of what is kept; after it the counts, the journal's cells, the ledger's, the cases' and a checksum.
IS_CRASH = const(1)
CLOCK_S = const(2)
UPTIME_S = const(3)
BASE_S = const(4)
IS_ON = const(5)
IS_CLOSED = const(6)
HEAD = const(7)


def clock_s() -> int:
    """Seconds since 2020-01-01 by the chip's clock, which outlives every reset but a loss of power.

    Until `mpremote rtc --set` sets it, it is negative and counts from power-on.
    """
    return int(time()) - text.SINCE_2000_S


def is_clock_set(seconds: int) -> bool:
    """Whether `seconds` of clock_s() tell the time of day."""
    return seconds >= _SET_S


def today() -> int:
    """Date as yyyymmdd, 0 while nobody has set the clock."""
    now_s = clock_s()
    if not is_clock_set(now_s):
        return 0
    now = gmtime(now_s + text.SINCE_2000_S)
    return now[0] * 10000 + now[1] * 100 + now[2]


def load_settings(settings: Settings) -> "str | None":
    """Fill `settings` from flash; returns None, or one line saying what was wrong.

    No file: the defaults. A broken file: the defaults with mode off, so that nothing charges on a guess.
    """
    try:
        with open(SETTINGS_FILE) as file:
            values = json.load(file)
        for name, value in values.items():
            table.put(settings, name, value)
    except OSError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        table.reset(settings)
        settings.mode = "off"
        return "%s is broken (%s): defaults in force, mode off; set what you need, then tune.save()" % (
            SETTINGS_FILE,
            error,
        )
    return None


def load_calibration(metering: Metering) -> "str | None":
    """Fill both clamps' calibration from flash; returns None, or one line saying what was wrong."""
    try:
        with open(CALIBRATION_FILE) as file:
            clamps = json.load(file)
        grid, car = calibration_of(clamps["grid"]), calibration_of(clamps["car"])
        metering.grid_cal, metering.car_cal = grid, car
    except OSError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return "%s is broken (%s): clamps are as the board file says; calibrate again" % (CALIBRATION_FILE, error)
    return None


def save_journal(journal: Journal) -> None:
    """Append what the ring holds and empty it; a file past 16 KB becomes the old one and a new one begins.

    Raises OSError when the flash is full.
    """
    _rotate()
    with open(JOURNAL_FILE, "a") as file:
        if journal.dropped:
            file.write("%d events lost\n" % journal.dropped)
        for index in range(journal.count):
            file.write(text.event_line(journal, index) + "\n")
    journal.forget()


def _rotate() -> None:
    try:
        if os.stat(JOURNAL_FILE)[6] > _JOURNAL_MAX_BYTES:
            os.rename(JOURNAL_FILE, JOURNAL_FILE + ".old")
    except OSError:
        return


def counts(core: Controller) -> "tuple[tuple[object, str], ...]":
    """The whole numbers that are kept and taken back, as object and attribute."""
    book = core.ledger
    cases = book.evidence
    events = core.journal
    return (
        (book, "sessions"),
        (book, "dark_s"),
        (cases, "count"),
        (cases, "next"),
        (cases, "is_open"),
        (cases, "dropped"),
        (events, "count"),
        (events, "first"),
        (events, "dropped"),
    )


def arrays(core: Controller) -> "tuple[array[int], ...]":
    """And the arrays."""
    return core.journal.cells, core.ledger.cells, core.ledger.evidence.cells


class Recall:
    """Keeps RTC memory as a crash may find it: the ledger, its cases, the last events and the crash mark."""

    def __init__(self, core: Controller) -> None:
        self.is_record_due = False  # the same is to go to flash, where a loss of power finds it
        self._core = core
        self._rtc = RTC()
        self._counts = counts(core)
        self._arrays = arrays(core)
        # Made once: what is kept each minute of a charge must leave no garbage.
        length = HEAD + len(self._counts) + sum([len(cells) for cells in self._arrays]) + 1
        self._image = array("i", [0] * length)
        self._body = memoryview(self._image)[:-1]
        self._told = -1
        self._told_s = 0

    def second(self) -> None:
        """Once a second, outside the tick: set the time of day, and keep what is new."""
        core = self._core
        journal = core.journal
        now_s = clock_s()
        if is_clock_set(now_s) and abs(now_s - core.uptime_s - journal.base_s) > _JUMP_S:
            journal.base_s = now_s - core.uptime_s
            self._told = -1
        is_old = core.ledger.is_on and core.uptime_s - self._told_s >= _RTC_EVERY_S
        if journal.added != self._told or is_old:
            self._told = journal.added
            self._told_s = core.uptime_s
            self._rtc.memory(self.pack(False))

    def saved(self) -> None:
        """The events are on flash: what RTC memory holds is old, and the record is next."""
        self._told = -1
        self.is_record_due = self._core.ledger.sessions != 0

    def crash(self) -> None:
        """The tick failed: the mark first, which needs no memory, then everything."""
        self._rtc.memory(CRASH)
        try:
            self._rtc.memory(self.pack(True))
        except Exception:
            return  # no memory, or what broke the tick broke this too: the mark stands

    def pack(self, is_crash: bool) -> "array[int]":
        """Everything that is kept, at most 2048 bytes; the same array at each call."""
        image = self._image
        core = self._core
        image[0] = MAGIC
        image[IS_CRASH] = is_crash
        image[CLOCK_S] = clock_s()
        image[UPTIME_S] = core.uptime_s
        image[BASE_S] = core.journal.base_s
        image[IS_ON] = core.ledger.is_on
        image[IS_CLOSED] = core.interlock.permits
        at = HEAD
        for part, name in self._counts:
            image[at] = getattr(part, name)
            at += 1
        for cells in self._arrays:
            image[at : at + len(cells)] = cells
            at += len(cells)
        image[-1] = checksum(self._body)
        return image


def checksum(body: "memoryview | bytes") -> int:
    """What ends a record, 0..2^30-1."""
    return int(crc32(body) & 0x3FFFFFFF)


class Keeper:
    """Filled from flash when made; second() is called once a second, in a callback of its own."""

    def __init__(self, core: Controller, metering: Metering | None) -> None:
        self.wants_save = False  # the settings wait for the flash
        self.forgotten = ""  # a car's name, until that is on flash
        self.gap = ""  # a time without record, in words
        self.recall = Recall(core)
        self._core = core
        self._metering = metering
        self._kept_name = ""  # of the car chosen, as on flash
        self._open_ticks = 0
        self._failed_saves = 0
        self.notice = self._load()  # what was wrong with the files, or None

    @property
    def may_write(self) -> bool:
        """Whether the contactor has been open long enough for a flash write."""
        return self._open_ticks > _SAVE_AFTER_TICKS

    def tick(self, is_open: bool) -> None:
        """Once a tick; is_open: a write would disturb nothing."""
        self._open_ticks = self._open_ticks + 1 if is_open else 0

    def second(self) -> None:
        """Write to flash what waits for it; allocates and blocks.

        On this chip callbacks never nest, so the contactor cannot close in the middle of a write.
        """
        self.recall.second()
        if not self.may_write or self._failed_saves >= _MOST_FAILED_SAVES:
            return
        try:
            if self._save():
                gc.collect()
        except OSError as error:
            self._failed_saves += 1
            self.notice = "flash: %s; settings and journal are not saved" % error

    def _load(self) -> "str | None":
        core = self._core
        notice = load_settings(core.settings)
        if notice:
            core.faults.latch(FAULT_SETTINGS)
        notice = cars.load(core.car) or notice
        if self._metering is not None:
            notice = load_calibration(self._metering) or notice
        self._kept_name = core.car.name
        return notice

    def _save(self) -> bool:
        """Whether anything was written."""
        core = self._core
        is_written = False
        if self.wants_save:
            cars.replace(SETTINGS_FILE, json.dumps(table.as_dict(core.settings)))
            self.wants_save = False
            core.faults.bits &= ~FAULT_SETTINGS
            self.notice = None
            is_written = True
        if self.forgotten or core.car.name != self._kept_name or (core.car.is_changed and core.car.name):
            cars.save(core.car, self.forgotten)
            self.forgotten = ""
            self._kept_name = core.car.name
            is_written = True
        metering = self._metering
        if metering is not None and metering.is_changed:
            clamps = {"grid": figures_of(metering.grid_cal), "car": figures_of(metering.car_cal)}
            cars.replace(CALIBRATION_FILE, json.dumps(clamps))
            metering.is_changed = False
            is_written = True
        return (self._is_quiet() and self._save_events()) or is_written

    def _is_quiet(self) -> bool:
        """Whether the events can wait no longer: no offer stands, or nobody takes it."""
        return self._core.session.pilot != PILOT_PWM or self._open_ticks > _QUIET_AFTER_TICKS

    def _save_events(self) -> bool:
        """The journal, a second later the record: neither write may hold up more ticks than the queue keeps."""
        if self._core.journal.count:
            save_journal(self._core.journal)
            self.recall.saved()
            return True
        if not self.recall.is_record_due:
            return False
        # Written in place, which is quicker than a rename by 100 ms: its checksum tells a half-written one.
        with open(RECORD_FILE, "wb") as file:
            file.write(self.recall.pack(False))
        self.recall.is_record_due = False
        return True
