"""Keeps what must outlive a reset: settings, cars, calibration, journal and ledger, on flash while nothing charges.

Knows when the flash may be written; does not know pins. Loads what it writes with when it writes (app/lazy.py).
"""

from micropython import const

from evse.app import lazy
from evse.app.measuring import Measuring
from evse.app.recall import Recall, pack
from evse.core import faults
from evse.core.controller import Controller
from evse.core.types import PILOT_PWM

_SAVE_AFTER_TICKS = const(50)  # the contactor has been open a second: the flash may be written
_QUIET_AFTER_TICKS = const(3000)  # a car that does not take an offer for a minute is not disturbed by a write
_MOST_FAILED_SAVES = const(3)  # until the next boot


class Keeper:
    """Filled from flash when made; second() is called once a second, in a callback of its own.

    notice: what was wrong with the files, or None; wants_save: the settings wait for the flash; forgotten: a car's
    name, until that is on flash; gap: a time without record, in words.
    """

    def __init__(self, core: Controller, meter: Measuring | None) -> None:
        self.wants_save = False
        self.forgotten = ""
        self.gap = ""
        self.recall = Recall(core)
        self._core = core
        self._meter = meter
        self._kept_name = ""  # of the car chosen, as on flash
        self._open_ticks = 0
        self._failed_saves = 0
        self.notice = self._load()

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
        lazy.let_go()
        self.recall.second()
        if not self.may_write or self._failed_saves >= _MOST_FAILED_SAVES:
            return
        try:
            self._save()
        except OSError as error:
            self._failed_saves += 1
            self.notice = "flash: %s; settings and journal are not saved" % error

    def _load(self) -> "str | None":
        from evse.app import cars, store

        core = self._core
        notice = store.load(core.settings)
        if notice:
            core.faults.latch(faults.SETTINGS)
        notice = cars.load(core.car) or notice
        if self._meter is not None:
            notice = self._meter.notice or notice
        self._kept_name = core.car.name
        return notice

    def _save(self) -> None:
        core = self._core
        if self.wants_save:
            from evse.app import store

            store.save_settings(core.settings)
            self.wants_save = False
            core.faults.bits &= ~faults.SETTINGS
            self.notice = None
        if self.forgotten or core.car.name != self._kept_name or (core.car.is_changed and core.car.name):
            from evse.app import cars

            cars.save(core.car, self.forgotten)
            self.forgotten = ""
            self._kept_name = core.car.name
        if self._meter is not None and self._meter.wants_save:
            self._meter.save()
        if self._is_quiet():
            self._save_events()

    def _is_quiet(self) -> bool:
        """Whether the events can wait no longer: no offer stands, or nobody takes it."""
        return self._core.session.pilot != PILOT_PWM or self._open_ticks > _QUIET_AFTER_TICKS

    def _save_events(self) -> None:
        """The journal, a second later the record: neither write may hold up more ticks than the queue keeps."""
        core = self._core
        if core.journal.count:
            from evse.app import store

            store.save_journal(core.journal, core.chronicle.base_s)
            self.recall.saved()
        elif self.recall.is_record_due:
            from evse.app import store

            store.save_record(pack(core, False))
            self.recall.is_record_due = False
