"""`evse.cal` at the REPL: the calibration's steps on the running charger.

Imported when asked for. Prints what each step saw; a refusal is one line, and leaves the old figures.
"""

from time import gmtime

from micropython import const

from evse.app.calibrate import Calibrator
from evse.app.clamp_figures import as_dict
from evse.app.clock import SINCE_2000_S, clock_s, is_set
from evse.app.pace import say, wait_for_tick

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evse.app.charger import Charger

HELP = """1  evse.cal.zero("grid")        clamp off the wire, lying open
2  evse.cal.mark("grid")        clamp back on; nothing being switched
3  evse.cal.phase("grid")       a heater of 500 to 1000 W on, for a better phase; then off
4  evse.cal.phase("grid")       a kettle of 2000 W on
5  evse.cal.gain("grid", 2000)  the kettle's watts by a plug-in meter
6  evse.cal.phase("grid")       if you like: while the car charges at 16 A or more
zero, mark and gain for "car" too, whose load is the car. Stored when the contactor is open."""
_LONGEST_TICKS = const(30)


class Clamps:
    """One use of the calibration: zero(), mark(), phase(), gain(), flip(); all take "grid" or "car"."""

    def __init__(self, charger: "Charger") -> None:
        self._charger = charger
        self._meter = charger.meter
        if self._meter is not None and self._meter.calibrator is None:
            self._meter.calibrator = Calibrator(self._meter.metering, self._wait_round, self._say, self._keep, _today())

    def __repr__(self) -> str:
        self._say(HELP)
        if self._meter is not None:
            for name, clamp in (("grid", self._meter.metering.grid_cal), ("car", self._meter.metering.car_cal)):
                self._say(name + ": " + ", ".join(["%s %d" % row for row in as_dict(clamp).items()]))
        return ""

    def zero(self, clamp: str) -> None:
        """The clamp lies open: keep what it shows as its offset."""
        self._run("zero", clamp)

    def mark(self, clamp: str) -> None:
        """Keep what flows now out of the load of the steps to come."""
        self._run("mark", clamp)

    def phase(self, clamp: str) -> None:
        """A resistive load is on: keep its phase error; twice at two loads is better."""
        self._run("phase", clamp)

    def gain(self, clamp: str, watts: int) -> None:
        """A load of so many watts is on: keep the gain."""
        self._run("gain", clamp, watts)

    def flip(self, clamp: str) -> None:
        """Turn a clamp that a start of the car has shown to be backwards."""
        self._run("flip", clamp)

    def _run(self, step: str, *arguments: "str | int") -> None:
        if self._meter is None:
            self._say("refused: this board has no clamp")
            return
        try:
            getattr(self._meter.calibrator, step)(*arguments)
        except ValueError as error:  # calibrate.py may have been loaded anew since: another class of the same base
            self._say("refused, nothing changed: %s" % error)

    def _say(self, line: str) -> None:
        say(self._charger, line)

    def _keep(self) -> None:
        if self._meter is not None:
            self._meter.wants_save = True

    def _wait_round(self) -> None:
        assert self._meter is not None
        rounds = self._meter.metering.rounds
        for _ in range(_LONGEST_TICKS):
            if self._meter.metering.rounds != rounds:
                return
            wait_for_tick(self._charger)


def _today() -> int:
    """Date as yyyymmdd, 0 while nobody has set the clock."""
    now_s = clock_s()
    if not is_set(now_s):
        return 0
    now = gmtime(now_s + SINCE_2000_S)
    return now[0] * 10000 + now[1] * 100 + now[2]
