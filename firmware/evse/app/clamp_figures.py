"""The figures of a calibration by name: their bounds, the check, the file's form, and where a new phase belongs.

Imported when a calibration is loaded, made or saved, and let go again; does not measure.
"""

from micropython import const

from evse.core.calibration import UNSET_DVA, Calibration

LEAST_GAIN_PPM = const(500000)
MOST_GAIN_PPM = const(2000000)
MOST_PHASE_UT = const(60000)  # 21.6 degrees: more is a clamp on another wire
MOST_ZERO_DW = const(3000)
MOST_DVA = const(400000)
BOUNDS = {
    "gain_ppm": (LEAST_GAIN_PPM, MOST_GAIN_PPM),
    "is_flipped": (0, 1),
    "zero_active_dw": (-MOST_ZERO_DW, MOST_ZERO_DW),
    "zero_reactive_dw": (-MOST_ZERO_DW, MOST_ZERO_DW),
    "low_ut": (-MOST_PHASE_UT, MOST_PHASE_UT),
    "low_dva": (UNSET_DVA, MOST_DVA),
    "high_ut": (-MOST_PHASE_UT, MOST_PHASE_UT),
    "high_dva": (UNSET_DVA, MOST_DVA),
    "error_permille": (0, 1000),
    "day": (0, 99999999),
}


def read(values: "dict[str, object]") -> Calibration:
    """A calibration of these figures; raises ValueError or KeyError with one line."""
    calibration = Calibration()
    for name, value in values.items():
        lowest, highest = BOUNDS[name]
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            raise ValueError("%s must be %d..%d, not %r" % (name, lowest, highest, value))
        setattr(calibration, name, value)
    return calibration


def as_dict(calibration: Calibration) -> "dict[str, int]":
    """Every figure by name."""
    return {name: getattr(calibration, name) for name in BOUNDS}


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
