"""Calibrating a clamp with a kettle and a plug-in meter: `evse.cal` at the REPL.

Loaded when first asked for, with the contactor open. Refuses nonsense in one line, and changes one clamp's figures at a
time.
"""

from micropython import const

from evse.app import text
from evse.meter.metering import METER_CAR_REVERSED, METER_REVERSED, Metering
from evse.meter.power import (
    LEAST_GAIN_PPM,
    MOST_DVA,
    MOST_GAIN_PPM,
    MOST_PHASE_UT,
    MOST_ZERO_DW,
    UNSET_DVA,
    Calibration,
    Power,
    angle,
    figures_of,
    magnitude,
)
from evse.safety.limits import METER_STARTING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = const(20)  # of some 260 ms: a step takes 5 s ...
ZERO_ROUNDS = const(60)  # ... the offset, which stays in every later reading, 15 s
_SETTLE_ROUNDS = const(2)
_LEAST_W = const(500)
_LEAST_SEEN_DW = const(1000)


class CalibrationError(ValueError):
    """A step refused; the message is one line, and nothing was changed."""


class Calibrator:
    """zero(), mark(), phase(), gain() and flip() of a clamp by its name.

    metering: whose clamps; wait_round: returns when the next round is over; say: prints a line; day: today as
    20261124, 0 unknown.
    """

    def __init__(
        self,
        metering: Metering,
        wait_round: "Callable[[], None]",
        say: "Callable[[str], None]",
        day: int = 0,
    ) -> None:
        self._metering = metering
        self._wait_round = wait_round
        self._say = say
        self._day = day
        self._marks: dict[str, tuple[int, int]] = {}

    def zero(self, clamp: str) -> None:
        """The clamp is round nothing: what it shows now is offset. Raises CalibrationError."""
        calibration, power = self._parts(clamp)
        active_dw, reactive_dw = self._mean(power, ZERO_ROUNDS)
        if magnitude(active_dw, reactive_dw) > MOST_ZERO_DW:
            raise CalibrationError("%s: %d W is a load, no offset: take the clamp off" % (clamp, active_dw // 10))
        calibration.zero_active_dw = active_dw
        calibration.zero_reactive_dw = reactive_dw
        self._marks.clear()
        self._done(calibration, "%s: offset %d W, %d var" % (clamp, active_dw // 10, reactive_dw // 10))

    def mark(self, clamp: str) -> None:
        """What flows now is no part of the load of the steps to come. Raises CalibrationError."""
        power = self._parts(clamp)[1]
        self._marks[clamp] = self._good_mean(clamp, power)
        self._say("%s: %d W are not counted; switch the load on" % (clamp, self._marks[clamp][0] // 10))

    def phase(self, clamp: str) -> None:
        """A resistive load is on: what seems reactive is phase error; twice is better. Raises CalibrationError."""
        calibration, power = self._parts(clamp)
        if clamp == "car":
            raise CalibrationError("car: a car's current is in phase with the voltage, there is nothing to find")
        now = self._good_mean(clamp, power)
        mark = self._marks.get(clamp, (0, 0))
        active_dw = now[0] - mark[0]
        lag_ut = angle(now[1] - mark[1], active_dw)
        if abs(active_dw) < _LEAST_SEEN_DW:
            raise CalibrationError("%s: only %d W seen, no load to tell a phase by" % (clamp, active_dw // 10))
        if active_dw < 0:
            lag_ut = angle(mark[1] - now[1], -active_dw)  # a clamp on backwards has a phase too
        if abs(lag_ut) > MOST_PHASE_UT:
            raise CalibrationError("%s: %s degrees: no resistive load, or a wrong wire" % (clamp, _degrees(lag_ut)))
        put_phase(calibration, lag_ut, magnitude(now[0], now[1]))
        self._done(calibration, "%s: phase %s degrees, with %d W" % (clamp, _degrees(lag_ut), active_dw // 10))

    def gain(self, clamp: str, watts: int) -> None:
        """A load of `watts`, by a plug-in meter, is on. Raises CalibrationError."""
        calibration, power = self._parts(clamp)
        if not isinstance(watts, int) or isinstance(watts, bool) or watts < _LEAST_W:
            raise CalibrationError("%s: the load is a whole number of W from %d, not %r" % (clamp, _LEAST_W, watts))
        seen_w = self._shown_w(clamp, calibration, power)
        if abs(seen_w) * 10 < _LEAST_SEEN_DW:
            raise CalibrationError("%s: only %d W seen, no load to tell a gain by" % (clamp, seen_w))
        if seen_w < 0:
            raise CalibrationError("%s: %d W is export; only a charge tells a clamp on backwards" % (clamp, seen_w))
        gain_ppm = calibration.gain_ppm // 1000 * (watts * 1000 // seen_w)
        if not LEAST_GAIN_PPM <= gain_ppm <= MOST_GAIN_PPM:
            raise CalibrationError("%s: %d W seen, not %d: a factor over 2 is another fault" % (clamp, seen_w, watts))
        calibration.gain_ppm = gain_ppm
        left_w = self._shown_w(clamp, calibration, power)
        calibration.error_permille = min(1000, abs(left_w - watts) * 1000 // watts)
        self._done(calibration, "%s: gain %d ppm, now shows %d W of %d" % (clamp, gain_ppm, left_w, watts))

    def flip(self, clamp: str) -> None:
        """The clamp was seen to be backwards by a start of the car: turn it. Raises CalibrationError without that."""
        calibration = self._parts(clamp)[0]
        reason = self._metering.sanity.reason
        if reason != (METER_REVERSED if clamp == "grid" else METER_CAR_REVERSED):
            raise CalibrationError("%s: only a start of the car can tell that it is backwards, and none has" % clamp)
        self._metering.flip(calibration)
        self._done(calibration, "%s: turned" % clamp)

    def _shown_w(self, clamp: str, calibration: Calibration, power: Power) -> int:
        now = self._good_mean(clamp, power)
        shown_w = self._true_w(clamp, calibration, now)
        return shown_w - self._true_w(clamp, calibration, self._marks[clamp]) if clamp in self._marks else shown_w

    def _true_w(self, clamp: str, calibration: Calibration, raw: "tuple[int, int]") -> int:
        if clamp == "car":
            return calibration.plain_w(raw[0], self._metering.car_ppm)
        return calibration.true_w(raw[0], raw[1], self._metering.grid_ppm)

    def _mean(self, power: Power, rounds: int) -> "tuple[int, int]":
        active_dw = reactive_dw = 0
        for index in range(_SETTLE_ROUNDS + rounds):
            self._wait_round()
            if index >= _SETTLE_ROUNDS:
                active_dw += power.active_dw
                reactive_dw += power.reactive_dw
        return active_dw // rounds, reactive_dw // rounds

    def _parts(self, clamp: str) -> "tuple[Calibration, Power]":
        metering = self._metering
        if clamp == "grid":
            return metering.grid_cal, metering.grid
        if clamp == "car" and metering.has_car:
            return metering.car_cal, metering.car
        raise CalibrationError("no clamp %r on this board" % clamp)

    def _good_mean(self, clamp: str, power: Power) -> "tuple[int, int]":
        mean = self._mean(power, ROUNDS)
        reason = self._metering.sanity.reason
        if reason >= METER_STARTING:
            raise CalibrationError("%s: not during a fault: %s" % (clamp, text.METER[reason]))
        return mean

    def _done(self, calibration: Calibration, text: str) -> None:
        calibration.day = self._day
        self._metering.is_changed = True
        self._say(text)


def put_phase(calibration: Calibration, lag_ut: int, dva: int) -> None:
    """A resistive load at `dva` (0.1 VA) seemed to lag by `lag_ut`: keep it as one of the two points.

    A load within half as large again as the only one so far replaces it; of two, the nearer is replaced.
    """
    dva = max(UNSET_DVA + 1, min(MOST_DVA, dva))
    low_dva, high_dva = calibration.low_dva, calibration.high_dva
    is_lone = low_dva == high_dva
    is_first = is_lone and (low_dva == UNSET_DVA or (2 * dva < 3 * low_dva and 2 * low_dva < 3 * dva))
    is_low = dva < low_dva if is_lone else dva * dva < low_dva * high_dva
    if is_low or is_first:
        calibration.low_ut = lag_ut
        calibration.low_dva = dva
    if not is_low or is_first:
        calibration.high_ut = lag_ut
        calibration.high_dva = dva


def _degrees(angle_ut: int) -> str:
    cdeg = abs(angle_ut) * 36 // 1000
    return "%s%d.%02d" % ("-" if angle_ut < 0 else "", cdeg // 100, cdeg % 100)


HELP = """1  evse.cal.zero("grid")        clamp off the wire, lying open
2  evse.cal.mark("grid")        clamp back on; nothing being switched
3  evse.cal.phase("grid")       a heater of 500 to 1000 W on, for a better phase; then off
4  evse.cal.phase("grid")       a kettle of 2000 W on
5  evse.cal.gain("grid", 2000)  the kettle's watts by a plug-in meter
6  evse.cal.phase("grid")       if you like: while the car charges at 16 A or more
zero, mark and gain for "car" too, whose load is the car. Stored when the contactor is open."""
_LONGEST_TICKS = const(30)


class Clamps:
    """`evse.cal` at the REPL: zero(), mark(), phase(), gain(), flip(); all take "grid" or "car".

    say: prints a line; wait_tick: returns when the next tick is over; day: today as 20261124, 0 unknown.
    """

    def __init__(
        self, metering: Metering, say: "Callable[[str], None]", wait_tick: "Callable[[], None]", day: int
    ) -> None:
        self._metering = metering
        self._say = say
        self._wait_tick = wait_tick
        self._calibrator = Calibrator(metering, self._wait_round, say, day)

    def __repr__(self) -> str:
        self._say(HELP)
        for name, clamp in (("grid", self._metering.grid_cal), ("car", self._metering.car_cal)):
            self._say(name + ": " + ", ".join(["%s %d" % row for row in figures_of(clamp).items()]))
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
        try:
            getattr(self._calibrator, step)(*arguments)
        except CalibrationError as error:
            self._say("refused, nothing changed: %s" % error)

    def _wait_round(self) -> None:
        rounds = self._metering.rounds
        for _ in range(_LONGEST_TICKS):
            if self._metering.rounds != rounds:
                return
            self._wait_tick()
