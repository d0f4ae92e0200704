"""The meter's mind: which channels the next burst reads, what its sums are worth, and what the core is told of it.

Knows channels, the order of preference of the references, and what cannot be true; does not know pins, or what a
reading leads to.
"""

from micropython import const

from evse.meter.burst import Sums
from evse.meter.power import CAR, GRID, PHASE, Calibration, Lock, Power, magnitude
from evse.safety.limits import (
    EXPORTING_MA,
    METER_CLIPPED,
    METER_OLD_MS,
    METER_STARTING,
    Hold,
    Inputs,
    elapsed_ms,
)

# What can be wrong with the meter, beside limits.METER_STARTING (2) and METER_CLIPPED (3); sentences: app/text.py.
_METER_FINE = const(0)
_METER_UNSIGNED = const(1)  # no phase reference wired: current only
_METER_BIAS = const(4)
_METER_FLAT = const(5)
_METER_REFERENCE = const(6)
_METER_FREQUENCY = const(7)
_METER_OLD = const(8)
METER_REVERSED = const(9)
METER_CAR_REVERSED = const(10)
_METER_STILL = const(11)
_BAD_MS = const(1000)  # one bad burst is a motor's inrush; a second of them is a fault
_FLAT_MS = const(2000)


class Sanity:
    """How long something must be wrong before it is said."""

    def __init__(self) -> None:
        self.reason = METER_STARTING  # the code in force
        self.found = _METER_FINE  # what a comparison of powers left, until it is set to _METER_FINE again
        self._suspect = _METER_FINE
        self._bad = Hold(_BAD_MS)
        self._good_ms = 0

    def judge(self, suspect: int, now_ms: int) -> int:
        """Take what the newest bursts look like, _METER_FINE or a code; returns the reason in force."""
        bad = self._bad
        if suspect != self._suspect:
            self._suspect = suspect
            bad.lasts(False, now_ms)
        bad.hold_ms = _FLAT_MS if suspect == _METER_FLAT else _BAD_MS
        is_bad = bad.lasts(suspect >= METER_STARTING, now_ms)
        if suspect < METER_STARTING:
            self._good_ms = now_ms
            self.reason = self.found if self.found else suspect
        elif is_bad:
            self.reason = suspect
        elif self.reason < METER_STARTING and elapsed_ms(now_ms, self._good_ms) > METER_OLD_MS:
            self.reason = _METER_OLD
        return self.reason


NOTHING = const(0)
RIGHT = const(1)
WRONG = const(2)
STILL = const(3)
BACKWARDS = const(4)  # the car's own clamp: a car gives no power
_STEP_W = const(1000)
_STEADY_W = const(100)
_ANCHOR_READINGS = const(4)  # of 265 ms: the reading compared with is at least 1 s old ...
_STALE_READINGS = const(23)  # ... and at most 6 s: a house changes by itself
_BACKWARDS_W = const(-500)


class Movement:
    """The physical check: when the car starts or stops, grid power must move by about as much in the same direction.

    A verdict for each step of the car's power of 1 kW.
    """

    def __init__(self) -> None:
        self.is_confirmed = False  # the sign was seen to be right
        self._doubts = 0
        self._grid_w = 0
        self._car_w = 0
        self._age = -1
        self._seen = NOTHING

    def forget(self) -> None:
        """The readings stopped, or the clamp was turned."""
        self._age = -1
        self._doubts = 0

    def compare(self, grid_w: int, car_w: int) -> int:
        """Take one reading, import positive; returns RIGHT, WRONG, STILL, BACKWARDS or NOTHING."""
        moved_w = car_w - self._car_w
        if self._age < 0 or (abs(moved_w) < _STEADY_W and self._age >= _ANCHOR_READINGS) or self._age > _STALE_READINGS:
            self._anchor(grid_w, car_w)
            return NOTHING
        self._age += 1
        if abs(moved_w) < _STEP_W:
            self._seen = NOTHING
            return NOTHING
        seen = BACKWARDS if car_w < _BACKWARDS_W else _compare(grid_w - self._grid_w, moved_w)
        if seen != self._seen:  # a jump in the middle of a reading is in one of the two powers only
            self._seen = seen
            return NOTHING
        self._anchor(grid_w, car_w)
        return self._conclude(seen)

    def _anchor(self, grid_w: int, car_w: int) -> None:
        self._grid_w = grid_w
        self._car_w = car_w
        self._age = 0
        self._seen = NOTHING

    def _conclude(self, seen: int) -> int:
        if seen == RIGHT:
            self.is_confirmed = True
            self._doubts = 0
        elif seen == WRONG or seen == STILL:
            self._doubts += 1
            # The first start finds a clamp on backwards; once the sign was right, or where nothing moved, it takes two.
            if self._doubts < 2 and (self.is_confirmed or seen == STILL):
                return NOTHING
            self.is_confirmed = False
        return seen


def _compare(grid_w: int, car_w: int) -> int:
    percent = grid_w * 100 // car_w
    if 50 <= percent <= 150:
        return RIGHT
    if -150 <= percent <= -50:
        return WRONG
    return STILL if -15 <= percent <= 15 else NOTHING  # in between the house moved too: no evidence


TRANSFORMER = const(0)
OPTO = const(1)
INVERTER = const(2)
NONE = const(3)
REFERENCES = ("transformer", "opto", "inverter", None)

# Of the round of 12 ticks and up to two idle ones (core/controller.py), three take a burst; what follows from it is
# spread over the ticks between, so that none is long. Bursts are 80 ms apart, 40 ms once a round while the frequency is
# not known: that tells it without a guess.
_CAR_SLOT = const(8)
_PLUGGED = bytes((0, 4, _CAR_SLOT))
_ALONE = bytes((0,))  # no car: nothing follows the sun
_SEARCHING = bytes((0, 2, _CAR_SLOT))
_SHOW_SLOT = const(2)
_CORE_SLOT = const(3)  # the core works on the reading: the longest tick, in which nothing else is due
_LEAST_WEIGHT = const(20 * 16)  # fewer steps: something held the burst up, or it came to nothing
_LEAST_CLAMP_64 = const(8 * 64)  # peak of a clamp that may serve as reference, 1/64 count: 95 W at 22 ohm
_LEAST_OPTO_64 = const(100 * 64)
_BIAS_COUNTS_X16 = const(300 * 16)  # 240 mV off the board's bias
_FLAT_DVA = const(300)


class Metering:
    """work() in every tick says whether to take a burst of `reference` and `current` into `sums`.

    kind: TRANSFORMER..NONE, what the phase channel sees; has_car: a clamp on the car; least_counts: the least peak of a
    living transformer; scales: as Power's arguments; grid_ppm, car_ppm: the board's own correction of the clamps.
    """

    def __init__(
        self, kind: int, has_car: bool, least_counts: int, scales: "tuple[int, int, int]", grid_ppm: int, car_ppm: int
    ) -> None:
        self.kind = kind
        self.has_car = has_car
        self.grid_ppm = grid_ppm
        self.car_ppm = car_ppm
        self.reference = PHASE
        self.current = GRID
        self.sums = Sums()
        self.lock = Lock()
        self.grid = Power(*scales)  # raw power of each clamp
        self.car = Power(*scales)
        self.sun = Power(*scales)
        self.grid_cal = Calibration()  # what a person found out
        self.car_cal = Calibration()
        self.sanity = Sanity()
        self.movement = Movement()
        self.may_flip = False  # a clamp seen backwards is turned here and now
        self.is_changed = False  # a calibration is not on flash yet
        self.rounds = 0  # readings told
        self._nominal_v = scales[2]
        self._least_64 = (least_counts * 64, _LEAST_OPTO_64, _LEAST_CLAMP_64, _LEAST_CLAMP_64)[kind]
        self._todo = 0  # steps that the last burst still needs
        self._is_alive = False
        self._is_phase_alive = False
        self._is_car_alive = False
        self._is_signed = False
        self._suspect = _METER_FINE
        self._grid_w = 0

    def work(self, slot: int, is_plugged: bool, is_closed: bool, inputs: Inputs, now_ms: int) -> bool:
        """One tick: do its share of the work; whether a burst is due. is_closed: the car may draw."""
        if slot == _SHOW_SLOT:
            self._show(inputs, now_ms)
        if self._todo:
            self._todo -= 1
            if self._todo:
                self._follow()
                if not self.lock.is_sure:
                    self._todo = 0
                    self._take()
            else:
                self._take()
        elif slot == _CORE_SLOT:
            return False
        elif slot == 7:
            self.grid.work_out()
            self.car.work_out()
        elif slot == 8:
            self._grid_w = self.grid_cal.true_w(self.grid.active_dw, self.grid.reactive_dw, self.grid_ppm)
        elif slot == 11:
            self._guard(inputs)
        due = _SEARCHING if not self.lock.is_sure else _PLUGGED if is_plugged else _ALONE
        if slot not in due:
            return False
        self._choose(slot, is_closed)
        return True

    def _choose(self, slot: int, is_closed: bool) -> None:
        """What to read: the reference that is alive and best, and the car once a round while it may draw."""
        self._todo = 2
        self._is_car_alive = self._is_car_alive and is_closed
        is_car = slot == _CAR_SLOT and is_closed and self.has_car
        self.current = CAR if is_car else GRID
        has_better = self._is_car_alive and not self._is_phase_alive and not is_car
        if self.kind < INVERTER or (self.kind == INVERTER and not has_better):
            self.reference = PHASE
        else:
            self.reference = CAR if is_car or self._is_car_alive else GRID

    def _follow(self) -> None:
        """First of the last burst: is the reference alive, and where does it stand?"""
        sums = self.sums
        if sums.weight < _LEAST_WEIGHT:
            return
        v_cos = sums.v_cos // sums.weight
        v_sin = sums.v_sin // sums.weight
        peak_64 = magnitude(v_cos, v_sin)
        self._is_alive = peak_64 >= (self._least_64 if self.reference == PHASE else _LEAST_CLAMP_64)
        if self._is_alive:
            self.lock.take(v_cos, v_sin, sums.start_us)
        if self.reference == PHASE:
            self._is_phase_alive = self._is_alive
            if self.kind == INVERTER:
                self.sun.add_peak(sums, peak_64)
        elif self.reference == CAR:
            self._is_car_alive = self._is_alive
            self.car.add_peak(sums, peak_64)

    def _take(self) -> None:
        """Then: the power, and whether the burst can be believed."""
        sums = self.sums
        if sums.weight < _LEAST_WEIGHT:
            return
        if self.current == GRID:
            self._is_signed = self._add(self.grid)
            self._suspect = max(self._suspect, self._suspicion())
        elif self.reference == PHASE:
            self._is_car_alive = magnitude(sums.i_cos, sums.i_sin) // sums.weight >= _LEAST_CLAMP_64
            self._add(self.car)

    def _add(self, power: Power) -> bool:
        """Add the burst to `power`; whether it has a sign."""
        sums = self.sums
        if not self._is_alive or not self.lock.is_good or self.reference == GRID:
            power.add_unsigned(sums)
            return False
        if self.kind == TRANSFORMER and self.reference == PHASE:
            power.add_product(sums)
        else:
            power.add_locked(sums, self.lock.at(sums.start_us))
        return True

    def _suspicion(self) -> int:
        sums = self.sums
        if sums.is_wild:
            is_off = abs(sums.sum_i * 128 // sums.weight) > _BIAS_COUNTS_X16
            return _METER_BIAS if is_off else METER_CLIPPED
        if self._is_alive and not self.lock.is_good:
            return _METER_FREQUENCY
        return _METER_REFERENCE if not self._is_signed and self.kind < INVERTER else _METER_FINE

    def _guard(self, inputs: Inputs) -> None:
        """What the fuse is guarded by: the board's own figures and the whole current, whatever a person calibrated.

        A sign that is not sure counts as import: unknown is no.
        """
        is_sure = self._is_signed and self._suspect == _METER_FINE
        is_sure = is_sure and (not self.grid_cal.is_flipped or self.movement.is_confirmed)
        is_export = is_sure and self._grid_w < 0
        inputs.grid_ma = EXPORTING_MA if is_export else self.grid.rms_ma() * abs(self.grid_ppm // 1000) // 1000
        car_permille = min(self.car_cal.gain_ppm // 1000, 1000)
        inputs.least_car_ma = abs(self.car.active_dw) * car_permille // (10 * self._nominal_v)

    def _show(self, inputs: Inputs, now_ms: int) -> None:
        """Tell the core what the round came to, or what is wrong with it."""
        suspect = self._suspect
        self._suspect = _METER_FINE
        if self.grid.taken == 0:
            suspect = _METER_OLD
        car_w = self.car_cal.plain_w(self.car.active_dw, self.car_ppm) if self.has_car else None
        if suspect == _METER_FINE:
            if self.grid_cal.apparent_dva(self.grid) < _FLAT_DVA:
                suspect = _METER_FLAT
            elif self.kind == NONE and not self._is_signed:
                suspect = _METER_UNSIGNED
            elif self._is_signed and car_w is not None:
                self._compare(self._grid_w, car_w)
        if suspect >= METER_STARTING:
            self.movement.forget()
        inputs.meter_reason = self.sanity.judge(suspect, now_ms)
        if suspect < METER_STARTING and inputs.meter_reason < METER_STARTING:
            inputs.grid_w = self._grid_w
            inputs.car_w = car_w
            inputs.meter_at_ms = now_ms
        if self.kind == INVERTER:
            self.sun.work_out()
            inputs.sun_w = self.sun.active_dw // 10
        self.rounds += 1

    def _compare(self, grid_w: int, car_w: int) -> None:
        verdict = self.movement.compare(grid_w, car_w)
        if verdict == RIGHT:
            self.sanity.found = _METER_FINE
        elif verdict == BACKWARDS:
            self.sanity.found = METER_CAR_REVERSED
        elif verdict == STILL:
            self.sanity.found = _METER_STILL
        elif verdict == WRONG and self.may_flip:
            self.flip(self.grid_cal)
        elif verdict == WRONG:
            self.sanity.found = METER_REVERSED

    def flip(self, calibration: Calibration) -> None:
        """Turn a clamp that was seen to be backwards."""
        calibration.is_flipped ^= 1
        self.is_changed = True
        self.movement.forget()
        self.movement.is_confirmed = calibration is self.grid_cal
        self.sanity.found = _METER_FINE
