"""The meter of a board: driver and Metering put together, and the calibration's file.

Carries values; decides nothing. Flash is written by its caller's leave only.
"""

import json

from evse.core.angle import SINE
from evse.core.meter import least_reference, middle_counts, room_counts, scale_uw, ua_per_count
from evse.core.metering import REFERENCES, Metering
from evse.core.types import Inputs
from evse.drivers.meter import Meter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evse.app.calibrate import Calibrator

CALIBRATION_FILE = "clamps.json"


class Measuring:
    """Built from a checked board with a grid clamp; step() is its part of a tick.

    notice: what was wrong with the calibration's file, or None; wants_save: a calibration waits for the flash.
    """

    def __init__(self, board: dict) -> None:  # type: ignore[type-arg]  # Any is typing's, not the chip's
        pins = board["pins"]
        grid = pins["grid_adc"]
        channels = [grid if pins[name] is None else pins[name] for name in ("grid_adc", "car_adc", "phase_adc")]
        bias_mv = board["meter_bias_mv"]
        self._driver = Meter(channels, middle_counts(bias_mv), room_counts(bias_mv), SINE)
        turns, burden_mohm, uv_per_v = board["ct_turns"], board["ct_burden_mohm"], board["phase_uv_per_v"]
        self.metering = Metering(
            REFERENCES.index(board["reference"]),
            pins["car_adc"] is not None,
            least_reference(uv_per_v),
            (ua_per_count(turns, burden_mohm), scale_uw(uv_per_v, turns, burden_mohm), board["nominal_v"]),
            board["grid_gain_ppm"],
            board["car_gain_ppm"],
        )
        self.wants_save = False
        self.calibrator: Calibrator | None = None  # keeps what a step at the REPL saw for the next one
        self.notice = self._load()

    def step(self, tick: int, is_closed: bool, inputs: Inputs, now_ms: int) -> None:
        """A burst of one mains cycle, or a step of what follows from it."""
        metering = self.metering
        if metering.step(tick, is_closed, inputs, now_ms):
            self._driver.measure(metering.reference, metering.current, metering.lock.rate, metering.sums)
        if metering.has_flipped:
            metering.has_flipped = False
            self.wants_save = True

    def save(self) -> None:
        """Write both calibrations; raises OSError when the flash is full."""
        from evse.app.clamp_figures import as_dict
        from evse.app.store import replace

        clamps = {"grid": as_dict(self.metering.grid_cal), "car": as_dict(self.metering.car_cal)}
        replace(CALIBRATION_FILE, json.dumps(clamps))
        self.wants_save = False

    def _load(self) -> "str | None":
        try:
            with open(CALIBRATION_FILE) as file:
                clamps = json.load(file)
            from evse.app.clamp_figures import read

            grid, car = read(clamps["grid"]), read(clamps["car"])
            self.metering.grid_cal, self.metering.car_cal = grid, car
        except OSError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return "%s is broken (%s): clamps are as the board file says; calibrate again" % (CALIBRATION_FILE, error)
        return None
