"""The enclosure's temperature becomes a cap: half current when hot, none when too hot or unknown.

Knows temperatures; does not know amps asked by others.
"""

from evse.core.limits import (
    HALVE_CDEG,
    MIN_OFFER_MA,
    RESTORE_CDEG,
    RESUME_CDEG,
    SENSOR_HIGH_CDEG,
    SENSOR_LOW_CDEG,
    STOP_CDEG,
)


class Heat:
    """Two thresholds with hysteresis: halve at 65 C (back at 62), stop at 70 C (resume at 60)."""

    def __init__(self) -> None:
        self._is_halved = False
        self._is_stopped = False

    def cap_ma(self, temperature_cdeg: int | None, full_ma: int) -> int:
        """What the heat allows of `full_ma`; 0 without a believable reading."""
        if temperature_cdeg is None or not SENSOR_LOW_CDEG < temperature_cdeg < SENSOR_HIGH_CDEG:
            return 0
        self._is_stopped = temperature_cdeg >= (RESUME_CDEG if self._is_stopped else STOP_CDEG)
        self._is_halved = temperature_cdeg >= (RESTORE_CDEG if self._is_halved else HALVE_CDEG)
        if self._is_stopped:
            return 0
        if self._is_halved:
            return max(full_ma // 2, MIN_OFFER_MA)
        return full_ma
