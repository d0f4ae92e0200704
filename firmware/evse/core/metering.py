"""The meter's mind: which channels the next burst reads, what its sums are worth, and what the core is told of it.

Knows channels and the order of preference of the references; does not know pins, or what a reading leads to.
"""

from micropython import const

from evse.core import sanity
from evse.core.calibration import Calibration
from evse.core.meter import CAR, GRID, PHASE, Power, magnitude
from evse.core.movement import BACKWARDS, RIGHT, STILL, WRONG, Movement
from evse.core.phase import Lock
from evse.core.sanity import Sanity
from evse.core.types import EXPORTING_MA, Inputs, Sums

TRANSFORMER = const(0)
OPTO = const(1)
INVERTER = const(2)
NONE = const(3)
REFERENCES = ("transformer", "opto", "inverter", None)

# A round of 12 ticks, 240 ms: three bursts, and what follows from them spread over the ticks between, so that none is
# long. Bursts are 80 ms apart, 40 ms once a round while the frequency is not known: that tells it without a guess.
_ROUND_TICKS = const(12)
_CAR_SLOT = const(8)
_LEAST_WEIGHT = const(20 * 16)  # fewer steps in a cycle: something held the burst up
_LEAST_CLAMP_64 = const(8 * 64)  # peak of a clamp that may serve as reference, 1/64 count: 95 W at 22 ohm
_LEAST_OPTO_64 = const(100 * 64)
_BIAS_COUNTS_X16 = const(300 * 16)  # 240 mV off the board's bias
_FLAT_DVA = const(300)


class Metering:
    """step() in every tick says whether to take a burst of `reference` and `current` into `sums`.

    kind: TRANSFORMER..NONE, what the phase channel sees; has_car: a clamp on the car; least_counts: the least peak of a
    living transformer; scales: as Power's arguments; grid_ppm, car_ppm: the board's own correction of the clamps.
    grid, car, sun: raw power; grid_cal, car_cal: what a person found out; may_flip: a clamp seen backwards is turned
    here and now, and has_flipped tells; rounds: readings told.
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
        self.grid = Power(*scales)
        self.car = Power(*scales)
        self.sun = Power(*scales)
        self.grid_cal = Calibration()
        self.car_cal = Calibration()
        self.sanity = Sanity()
        self.movement = Movement()
        self.may_flip = False
        self.has_flipped = False
        self.rounds = 0
        self._nominal_v = scales[2]
        self._least_64 = (least_counts * 64, _LEAST_OPTO_64, _LEAST_CLAMP_64, _LEAST_CLAMP_64)[kind]
        self._todo = 0  # steps that the last burst still needs
        self._is_alive = False
        self._is_phase_alive = False
        self._is_car_alive = False
        self._is_signed = False
        self._suspect = sanity.FINE
        self._grid_w = 0

    def step(self, tick: int, is_closed: bool, inputs: Inputs, now_ms: int) -> bool:
        """One tick: do its share of the work; whether a burst is due. is_closed: the car may draw."""
        slot = tick % _ROUND_TICKS
        if self._todo:
            self._todo -= 1
            if self._todo:
                self._follow()
                if not self.lock.is_sure:
                    self._todo = 0
                    self._take()
            else:
                self._take()
        elif slot == 0:
            self._show(inputs, now_ms)
        elif slot == 7:
            self.grid.work_out()
            self.car.work_out()
        elif slot == 8:
            self._grid_w = self.grid_cal.true_w(self.grid.active_dw, self.grid.reactive_dw, self.grid_ppm)
        elif slot == 11:
            self._guard(inputs)
        if slot != 0 and slot != _CAR_SLOT and slot != (4 if self.lock.is_sure else 2):
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
        v_cos = sums.v_cos // sums.weight
        v_sin = sums.v_sin // sums.weight
        peak_64 = magnitude(v_cos, v_sin)
        self._is_alive = peak_64 >= (self._least_64 if self.reference == PHASE else _LEAST_CLAMP_64)
        if self._is_alive and sums.weight >= _LEAST_WEIGHT:
            self.lock.step(v_cos, v_sin, sums.start_us)
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
            return sanity.BIAS if is_off else sanity.CLIPPED
        if self._is_alive and not self.lock.is_good:
            return sanity.FREQUENCY
        return sanity.REFERENCE if not self._is_signed and self.kind < INVERTER else sanity.FINE

    def _guard(self, inputs: Inputs) -> None:
        """What the fuse is guarded by: the board's own figures and the whole current, whatever a person calibrated.

        A sign that is not sure counts as import: unknown is no.
        """
        is_sure = self._is_signed and self._suspect == sanity.FINE
        is_sure = is_sure and (not self.grid_cal.is_flipped or self.movement.is_confirmed)
        is_export = is_sure and self._grid_w < 0
        inputs.grid_ma = EXPORTING_MA if is_export else self.grid.rms_ma() * abs(self.grid_ppm // 1000) // 1000
        car_permille = min(self.car_cal.gain_ppm // 1000, 1000)
        inputs.least_car_ma = abs(self.car.active_dw) * car_permille // (10 * self._nominal_v)

    def _show(self, inputs: Inputs, now_ms: int) -> None:
        """Tell the core what the round came to, or what is wrong with it."""
        suspect = self._suspect
        self._suspect = sanity.FINE
        if self.grid.taken == 0:
            suspect = sanity.OLD
        car_w = self.car_cal.plain_w(self.car.active_dw, self.car_ppm) if self.has_car else None
        if suspect == sanity.FINE:
            if self.grid_cal.apparent_dva(self.grid) < _FLAT_DVA:
                suspect = sanity.FLAT
            elif self.kind == NONE and not self._is_signed:
                suspect = sanity.UNSIGNED
            elif self._is_signed and car_w is not None:
                self._compare(self._grid_w, car_w)
        if suspect >= sanity.STARTING:
            self.movement.forget()
        inputs.meter_reason = self.sanity.step(suspect, now_ms)
        if suspect < sanity.STARTING and inputs.meter_reason < sanity.STARTING:
            inputs.grid_w = self._grid_w
            inputs.car_w = car_w
            inputs.meter_at_ms = now_ms
        if self.kind == INVERTER:
            self.sun.work_out()
            inputs.sun_w = self.sun.active_dw // 10
        self.rounds += 1

    def _compare(self, grid_w: int, car_w: int) -> None:
        verdict = self.movement.step(grid_w, car_w)
        if verdict == RIGHT:
            self.sanity.found = sanity.FINE
        elif verdict == BACKWARDS:
            self.sanity.found = sanity.CAR_REVERSED
        elif verdict == STILL:
            self.sanity.found = sanity.STILL
        elif verdict == WRONG and self.may_flip:
            self.flip(self.grid_cal)
            self.has_flipped = True
        elif verdict == WRONG:
            self.sanity.found = sanity.REVERSED

    def flip(self, calibration: Calibration) -> None:
        """Turn a clamp that was seen to be backwards."""
        calibration.is_flipped ^= 1
        self.movement.forget()
        self.movement.is_confirmed = calibration is self.grid_cal
        self.sanity.found = sanity.FINE
