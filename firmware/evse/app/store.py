"""Settings on flash, written to a temporary file, closed, renamed; and the journal, appended to. Cars: app/cars.py.

Knows files; its caller must see to it that the contactor is open (a flash write stops the tick).
"""

import json
import os

from evse.app import events
from evse.core.journal import Journal
from evse.core.setting_table import as_dict, put, reset
from evse.core.settings import Settings

SETTINGS_FILE = "settings.json"
JOURNAL_FILE = "journal.txt"
JOURNAL_MAX_BYTES = 16384
RECORD_FILE = "record.bin"


def load(settings: Settings) -> "str | None":
    """Fill `settings` from flash; returns None, or one line saying what was wrong.

    No file: the defaults. A broken file: the defaults with mode off, so that nothing charges on a guess.
    """
    try:
        with open(SETTINGS_FILE) as file:
            values = json.load(file)
        for name, value in values.items():
            put(settings, name, value)
    except OSError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reset(settings)
        settings.mode = "off"
        return "%s is broken (%s): defaults in force, mode off; set what you need, then tune.save()" % (
            SETTINGS_FILE,
            error,
        )
    return None


def save_settings(settings: Settings) -> None:
    """Write every setting; raises OSError when the flash is full."""
    replace(SETTINGS_FILE, json.dumps(as_dict(settings)))


def save_journal(journal: Journal, base_s: int) -> None:
    """Append what the ring holds and empty it; a file past 16 KB becomes the old one and a new one begins.

    base_s: the time of day, see core/chronicle.py.
    """
    _rotate()
    with open(JOURNAL_FILE, "a") as file:
        if journal.dropped:
            file.write("%d events lost\n" % journal.dropped)
        for index in range(journal.count):
            file.write(events.line(journal, index, base_s) + "\n")
    journal.forget()


def save_record(data: bytes) -> None:
    """Keep what recall.pack() made; raises OSError when the flash is full.

    Written in place, which is quicker than a rename by 100 ms: its checksum tells a half-written one.
    """
    with open(RECORD_FILE, "wb") as file:
        file.write(data)


def load_record() -> bytes:
    """What was kept last; empty when nothing was."""
    try:
        with open(RECORD_FILE, "rb") as file:
            return bytes(file.read())
    except OSError:
        return b""


def _rotate() -> None:
    try:
        if os.stat(JOURNAL_FILE)[6] > JOURNAL_MAX_BYTES:
            os.rename(JOURNAL_FILE, JOURNAL_FILE + ".old")
    except OSError:
        return


def replace(name: str, text: str) -> None:
    """Write `text` to the file `name`, which is whole at any moment; raises OSError when the flash is full."""
    with open(name + ".tmp", "w") as file:
        file.write(text)
    os.rename(name + ".tmp", name)
