"""The meter's mind: which channels the next burst reads, what its sums are worth, and what the core is told of it.

Knows channels and the order of preference of the references; does not know pins, or what a reading leads to.
"""

from micropython import const

from evse.core import sanity
from evse.core.calibration import Calibration
from evse.core.meter import CAR, GRID, PHASE, Power, magnitude
from evse.core.movement import BACKWARDS, RIGHT, STILL, WRONG, Movement
from evse.core.phase import LEAST_MHZ, MOST_MHZ, Lock
from evse.core.sanity import Sanity
from evse.core.types import EXPORTING_MA, Inputs, Sums

TRANSFORMER = const(0)
OPTO = const(1)
INVERTER = const(2)
NONE = const(3)
REFERENCES = ("transformer", "opto", "inverter", None)

# Ticks of a round of 240 ms: bursts 40, 100 and 100 ms apart, so that the frequency is found without a guess.
ROUND_TICKS = const(12)
_CAR_SLOT = const(7)
_SHOW_SLOT = const(9)
_LEAST_PAIRS_X16 = const(24 * 16)  # fewer in a cycle: something held the burst up
_LEAST_CLAMP_64 = const(8 * 64)  # peak of a clamp that may serve as reference, 1/64 count: 95 W at 22 ohm
_LEAST_OPTO_64 = const(100 * 64)
_BIAS_COUNTS_X16 = const(300 * 16)  # 240 mV off the board's bias
_FLAT_DVA = const(300)


class Metering:
    """Reads by plan(), a burst by the driver, take(); and show() tells Inputs once in 240 ms.

    kind: TRANSFORMER..NONE, what the phase channel sees; has_car: a clamp on the car; least_v: the least peak of a living
    transformer, counts. grid, car: their power by the board; grid_cal, car_cal: what a person found out.
    """

    def __init__(
        self, kind: int, has_car: bool, least_v: int, scales: "tuple[int, int, int]", gains_ppm: "tuple[int, int]"
    ) -> None:
        self.kind = kind
        self.reference = GRID if kind == NONE else PHASE
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
        self.rounds = 0  # of 240 ms, for a person who waits for fresh ones
        self.has_flipped = False
        self._gains_ppm = gains_ppm
        self._nominal_v = scales[2]
        self.has_car = has_car
        self._least_64 = (least_v * 64, _LEAST_OPTO_64, _LEAST_CLAMP_64, _LEAST_CLAMP_64)[kind]
        self._is_taken = True
        self._is_phase_alive = False
        self._is_car_alive = False
        self._suspect = sanity.FINE
        self._is_signed = False

    @property
    def rate(self) -> int:
        """The driver's steps of the sine's table a microsecond, times 2^20."""
        return max(LEAST_MHZ, min(MOST_MHZ, self.lock.frequency_mhz)) * 2684 // 10000

    def plan(self, tick: int, is_closed: bool) -> bool:
        """Whether this tick takes a burst; `reference` and `current` say of what."""
        slot = tick % ROUND_TICKS
        if slot != 0 and slot != 2 and slot != _CAR_SLOT:
            return False
        self._is_car_alive = self._is_car_alive and is_closed
        has_phase = self.kind != NONE
        if slot == _CAR_SLOT and is_closed and self.has_car:
            self.current = CAR
            self.reference = PHASE if has_phase else CAR
        else:
            self.current = GRID
            is_phase = self._is_phase_alive or self.kind < INVERTER or not self._is_car_alive
            self.reference = PHASE if has_phase and is_phase else CAR if self._is_car_alive else GRID
        self._is_taken = False
        return True

    def step(self, tick: int, inputs: Inputs, now_ms: int) -> None:
        """In a tick without a burst: take the last one's sums, or tell `inputs` what a round of them came to."""
        if not self._is_taken:
            self._is_taken = True
            if self.sums.weight >= _LEAST_PAIRS_X16:
                self._take()
        elif tick % ROUND_TICKS == _SHOW_SLOT:
            self._show(inputs, now_ms)

    def _take(self) -> None:
        sums = self.sums
        v_cos = sums.v_cos // sums.weight
        v_sin = sums.v_sin // sums.weight
        peak_64 = magnitude(v_cos, v_sin)
        if self.reference == PHASE:
            is_alive = peak_64 >= self._least_64
            self._is_phase_alive = is_alive
            if self.kind == INVERTER:
                self.sun.add_peak(sums, peak_64 >> 1)
        else:
            is_alive = peak_64 >= _LEAST_CLAMP_64
        if is_alive:
            self.lock.step(v_cos, v_sin, sums.start_us)
        if self.current == GRID:
            self._take_grid(is_alive)
            if self.reference == CAR:
                self._is_car_alive = is_alive
                self.car.add_peak(sums, peak_64 >> 1)
        else:
            self._is_car_alive = magnitude(sums.i_cos, sums.i_sin) // sums.weight >= _LEAST_CLAMP_64 >> 1
            self._add(self.car, is_alive)

    def _take_grid(self, is_alive: bool) -> None:
        sums = self.sums
        is_signed = self._add(self.grid, is_alive)
        self._is_signed = is_signed
        suspect = sanity.FINE
        if sums.is_wild:
            is_off = abs(sums.sum_i * 256 // sums.weight) > _BIAS_COUNTS_X16
            suspect = sanity.BIAS if is_off else sanity.CLIPPED
        elif is_alive and not self.lock.is_good:
            suspect = sanity.FREQUENCY
        elif not is_signed and self.kind < INVERTER:
            suspect = sanity.REFERENCE
        self._suspect = max(self._suspect, suspect)

    def _add(self, power: Power, is_alive: bool) -> bool:
        """Add the burst to `power`; whether it has a sign."""
        sums = self.sums
        if not is_alive or not self.lock.is_good or self.reference == self.current:
            power.add_unsigned(sums)
            return False
        if self.kind == TRANSFORMER and self.reference == PHASE:
            power.add_product(sums)
        else:
            power.add_locked(sums, self.lock.at(sums.start_us))
        return True

    def _show(self, inputs: Inputs, now_ms: int) -> None:
        suspect = self._suspect
        self._suspect = sanity.FINE
        grid = self.grid
        if grid.bursts == 0:
            suspect = sanity.OLD
        grid.work_out()
        self.car.work_out()
        self.sun.work_out()
        if suspect == sanity.FINE and self.grid_cal.apparent_dw(grid) < _FLAT_DVA:
            suspect = sanity.FLAT
        grid_w = self.grid_cal.true_w(grid.active_dw, grid.reactive_dw, self._gains_ppm[0])
        car = self.car
        car_w = self.car_cal.true_w(car.active_dw, car.reactive_dw, self._gains_ppm[1]) if self.has_car else None
        self._guard(inputs, suspect, grid_w)
        if suspect == sanity.FINE:
            if self._is_signed and car_w is not None:
                self._compare(grid_w, car_w)
            elif not self._is_signed and self.kind == NONE:
                suspect = sanity.UNSIGNED
        else:
            self.movement.forget()
        inputs.meter_reason = self.sanity.step(suspect, now_ms)
        if suspect < sanity.STARTING and inputs.meter_reason < sanity.STARTING:
            inputs.grid_w = grid_w
            inputs.car_w = car_w
            inputs.meter_at_ms = now_ms
        inputs.sun_w = self.sun.active_dw // 10 if self.kind == INVERTER else None
        self.rounds += 1

    def _guard(self, inputs: Inputs, suspect: int, grid_w: int) -> None:
        """What the fuse is guarded by: the board's own figures and the whole current, whatever a person calibrated.

        A sign that is not sure counts as import: unknown is no.
        """
        is_sure = suspect == sanity.FINE and self._is_signed
        is_sure = is_sure and (not self.grid_cal.is_flipped or self.movement.is_confirmed)
        is_export = is_sure and grid_w < 0
        inputs.grid_ma = EXPORTING_MA if is_export else self.grid.rms_ma * abs(self._gains_ppm[0] // 1000) // 1000
        inputs.least_car_ma = max(0, abs(self.car.active_dw) * min(1000, self.car_cal.gain_ppm // 1000) // (10 * self._nominal_v))

    def _compare(self, grid_w: int, car_w: int) -> None:
        verdict = self.movement.step(grid_w, car_w)
        if verdict == WRONG:
            if self.may_flip:
                self.flip(self.grid_cal)
                self.has_flipped = True
            else:
                self.sanity.latch(sanity.REVERSED)
        elif verdict == BACKWARDS:
            self.sanity.latch(sanity.CAR_REVERSED)
        elif verdict == STILL:
            self.sanity.latch(sanity.STILL)
        elif verdict == RIGHT:
            self.sanity.latch(sanity.FINE)

    def board_gain_ppm(self, calibration: Calibration) -> int:
        """The board file's correction of that clamp."""
        return self._gains_ppm[0 if calibration is self.grid_cal else 1]

    def flip(self, calibration: Calibration) -> None:
        """Turn a clamp that was seen to be backwards."""
        calibration.is_flipped ^= 1
        self.movement.forget()
        self.movement.is_confirmed = calibration is self.grid_cal
        self.sanity.latch(sanity.FINE)
