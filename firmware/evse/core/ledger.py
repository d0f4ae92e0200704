"""The ledger: every second of a plug-in is booked to one cause, for today, the day before and the last sessions.

Knows where each fact of a second is found; the rule is blame.py's, the cases behind the sums are evidence.py's.
"""

from array import array

from micropython import const

from evse.core import blame
from evse.core.evidence import Evidence
from evse.core.offer import CAP_METER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evse.core.controller import Controller

SESSIONS = const(4)
ROWS = const(6)  # today, the day before, and so many sessions

# The figures of a row. BASE_S: the clock that BEGAN_S is of, 0 for this boot's; see Chronicle.
BEGAN_S = const(0)
BASE_S = const(1)
LENGTH_S = const(2)
SUNNY_S = const(3)  # seconds in which the surplus was there
WH = const(4)
SPENT_S = const(5)  # and COUNT - 1 more: the seconds of each cause
FIELDS = const(31)

# Where the rows begin in `cells`.
TODAY = const(0)
BEFORE = const(31)
FIRST_SESSION = const(62)

FLOWS_W = const(200)  # above the error of a clamp, far below the least charge, 1380 W
DARK_S = const(14400)  # no surplus for so long, and the next surplus is a new day's
DAY_S = const(86400)


class Ledger:
    """cells: ROWS rows of FIELDS figures; cause: what the last second was booked to; sessions: begun so far.

    has_meter, fuse_ma, nominal_v: what the board has.
    What blame.py asks of a second: is_flowing (the car takes energy), is_there (the power that this car needs at least
    was there), is_allowed (and the import allowance left it to the car), surplus_w (without the car), free_ma (what
    the house left of the main fuse), waited_s (so long state and contactor are as they are).
    """

    def __init__(self, has_meter: bool, fuse_ma: int, nominal_v: int) -> None:
        self.cells = array("i", [0] * (ROWS * FIELDS))
        self.evidence = Evidence()
        self.cause = blame.NO_CAR
        self.sessions = 0
        self.is_on = False  # a car is plugged in
        self.dark_s = 0  # without surplus since
        self.is_flowing = False
        self.is_there = False
        self.is_allowed = True
        self.surplus_w = 0
        self.free_ma = 0
        self.waited_s = 0
        self._is_sunny = False
        self._has_meter = has_meter
        self._fuse_ma = fuse_ma
        self._nominal_v = nominal_v
        self._metered_ms = -1
        self._told_s = 0
        self._spent_s = 0
        self._told_wh = 0
        self._phase = 0
        self._slow_s = 0
        self._blind_s = 0

    def row(self, age: int) -> int:
        """Where in `cells` the session begins that began `age` sessions ago, 0 for the last one."""
        return FIRST_SESSION + (self.sessions - 1 - age) % SESSIONS * FIELDS

    def begin(self, at_s: int) -> None:
        """A car was plugged in."""
        self.sessions += 1
        self.is_on = True
        self._told_wh = 0
        self._clear(self.row(0), at_s)

    def step(self, core: "Controller", base_s: int) -> None:
        """Book each second once: find its cause in one tick, write it down in the next, so that no tick does both.

        base_s: the time of day, see Chronicle.
        """
        if self._spent_s:
            self._book(core)
            self._spent_s = 0
        elif core.uptime_s != self._told_s:
            self._spent_s = core.uptime_s - self._told_s
            self._told_s = core.uptime_s
            self._look(core)
            self._turn_day(base_s)
            self.cause = blame.cause(core, self)
            self.is_on = self.cause != blame.NO_CAR
            self.evidence.second(self.cause, self._told_s - 1, core, self)

    def _look(self, core: "Controller") -> None:
        """Find the facts of this second."""
        caps = core.caps
        is_closed = core.interlock.permits
        phase = core.session.state * 2 + is_closed
        self.waited_s = self.waited_s + 1 if phase == self._phase else 1
        self._phase = phase
        self.is_flowing = is_closed and caps.car_w >= FLOWS_W
        settings = core.settings
        inputs = core.inputs
        if inputs.grid_w is not None and inputs.meter_at_ms != self._metered_ms:
            self._metered_ms = inputs.meter_at_ms  # grid and car of the same moment; kept while the meter is lost
            self.surplus_w = (caps.car_w if inputs.car_w is None else inputs.car_w) - inputs.grid_w
        need_w = core.car.min_ma * self._nominal_v // 1000
        self.is_allowed = self.surplus_w + settings.import_w >= need_w
        is_sunny = self.surplus_w + max(0, settings.import_w) >= need_w
        if self._has_meter and core.offer.caps_ma[CAP_METER] == 0:
            is_sunny = self._guess(is_sunny, inputs.grid_w is None)
        else:
            self._blind_s = 0
        self._is_sunny = is_sunny
        self.is_there = is_sunny or caps.is_boosted or settings.mode == "fast" or settings.mode == "min"
        self.free_ma = min(settings.fuse_ma, self._fuse_ma) + self.surplus_w * 1000 // self._nominal_v

    def _guess(self, is_sunny: bool, is_unknown: bool) -> bool:
        """Without a meter: as it was at the last reading, for as long as a day's dark; before the first, sunny."""
        self._blind_s += self._spent_s
        return (is_sunny or is_unknown) and self._blind_s <= DARK_S

    def _book(self, core: "Controller") -> None:
        cause = self.cause
        wh = core.energy.wh
        added_wh = max(0, wh - self._told_wh)
        self._told_wh = wh
        self._add(TODAY, cause, added_wh)
        if self.is_on:
            self._add(self.row(0), cause, added_wh)
        self._wait(cause)

    def _add(self, at: int, cause: int, added_wh: int) -> None:
        """Write the second into the row at `at`; what is more than one second was a stall of the program."""
        cells = self.cells
        spent_s = self._spent_s
        cells[at + LENGTH_S] += spent_s
        cells[at + WH] += added_wh
        if self._is_sunny:
            cells[at + SUNNY_S] += spent_s
        elif cause == blame.NO_CAR:
            return
        if spent_s > 1 and cause != blame.NO_CAR and cause != blame.NO_SUN:
            cells[at + SPENT_S + blame.STALLED] += spent_s - 1
            spent_s = 1
        cells[at + SPENT_S + cause] += spent_s

    def _wait(self, cause: int) -> None:
        """A wait that turns out to be a sleep was one from its first second."""
        if cause == blame.SLOW:
            self._slow_s += 1
        elif cause == blame.ASLEEP or cause == blame.IDLE or cause == blame.REFUSES:
            self._rename(TODAY, cause)
            self._rename(self.row(0), cause)
            self._slow_s = 0
        elif blame.PARTY_OF[cause] != blame.CHARGER:
            self._slow_s = 0

    def _rename(self, at: int, cause: int) -> None:
        self.cells[at + SPENT_S + blame.SLOW] -= self._slow_s
        self.cells[at + SPENT_S + cause] += self._slow_s

    def _turn_day(self, base_s: int) -> None:
        """A day ends at midnight; while the time of day is unknown, with the first sun after four dark hours."""
        now_s = self._told_s - 1
        if base_s:
            is_new = (base_s + now_s) // DAY_S != (base_s + self.cells[BEGAN_S]) // DAY_S
        else:
            is_new = self._is_sunny and self.dark_s >= DARK_S
        self.dark_s = 0 if self._is_sunny else self.dark_s + self._spent_s
        if is_new:
            self.turn(now_s)

    def turn(self, now_s: int) -> None:
        """Today becomes the day before, and a new one begins."""
        for field in range(FIELDS):
            self.cells[BEFORE + field] = self.cells[TODAY + field]
        self._clear(TODAY, now_s)
        self._slow_s = 0

    def _clear(self, at: int, now_s: int) -> None:
        for field in range(FIELDS):
            self.cells[at + field] = 0
        self.cells[at + BEGAN_S] = now_s
