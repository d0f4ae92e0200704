"""The control pilot between charger and car: source, sense point, pilot-open switch, cable, diode and resistors.

Electrical truth only: no standard's limits, no time. IEC 61851-1 annex A; levels in evse_facts, section 1.
"""

from .analog import Channel
from .clock import PWM_PERIOD_US
from .pins import FULL_U16

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NO_CAR, READY_NOT, READY, READY_FAN, SHORT = range(5)  # what hangs on the pilot: A, B, C, D, E
NOTHING, PWM, STEADY_HIGH, STEADY_LOW = range(4)  # what the car sees at its inlet
LINK_NAMES = "ABCDE"

SOURCE_OHM = 1000
DIODE_MV = 700
R4_OHM = 270  # beside R2 in state D


def offered_ma(duty_u16: int) -> int:
    """The current a car may draw at this duty (IEC 61851-1 table A.8); 0: none."""
    bp = duty_u16 * 5000 // 32768  # 0.01 %
    if bp < 800 or bp > 9600:
        return 0
    if bp < 1000:
        return 6000
    if bp <= 8500:
        return duty_u16 * 1875 // 2048  # 60 A at 100 %
    return duty_u16 * 15625 // 4096 - 160000  # 2.5 A a per cent above 64 %


class Pilot:
    """Inputs: `duty_u16` `plugged` `s2` `is_open` `short`; update() works out levels and the ADC channel."""

    def __init__(self, board: "dict[str, Any]", car: "dict[str, int]", channel: Channel) -> None:
        self._offset_uv: int = board["pilot_offset_uv"]
        self._gain_ppm: int = board["pilot_gain_ppm"]
        self._channel = channel
        self.has_diode = bool(car["diode"])
        self.r2_ohm = car["r2_ohm"]
        self.r3_ohm = R4_OHM if car["wants_fan"] else car["r3_ohm"]
        self._is_d = bool(car["wants_fan"])
        self.source_high_mv = 12000
        self.source_low_mv = -12000
        self.duty_u16 = 0
        self.freq_hz = 0
        self.plugged = False
        self.s2 = False
        self.is_open = False  # the switch behind the sense point
        self.short = 0  # 1: pilot to earth, 2: the same behind the car's diode
        self.high_mv = 0
        self.low_mv = 0
        self.update()

    def update(self) -> None:
        """Work out the sense point's two levels from the inputs."""
        self.high_mv = self._level_mv(self.source_high_mv)
        self.low_mv = self._level_mv(self.source_low_mv)
        high_us = self.duty_u16 * PWM_PERIOD_US // 65536
        if self.duty_u16 == FULL_U16:
            high_us = PWM_PERIOD_US  # the port maps 65535 to constant high
        self._channel.set_levels(self.sense_uv(self.high_mv), self.sense_uv(self.low_mv), high_us)

    def sense_uv(self, pilot_mv: int) -> int:
        """Voltage at the ADC pin for a voltage at the sense point."""
        return self._offset_uv + pilot_mv * (self._gain_ppm // 10) // 100

    def link(self) -> int:
        """What the charger's end of the pilot is connected to: NO_CAR .. SHORT."""
        if self.is_open:
            return NO_CAR
        if self.short:
            return SHORT
        if not self.plugged:
            return NO_CAR
        if not self.s2:
            return READY_NOT
        return READY_FAN if self._is_d else READY

    def inlet(self) -> int:
        """What the car sees: NOTHING, PWM, STEADY_HIGH or STEADY_LOW."""
        if self.is_open or self.short or not self.plugged:
            return NOTHING
        if self.duty_u16 == 0:
            return STEADY_LOW
        return STEADY_HIGH if self.duty_u16 == FULL_U16 else PWM

    def _level_mv(self, source_mv: int) -> int:
        link = self.link()
        if link == NO_CAR:
            return source_mv
        if link == SHORT:
            if self.short == 1:
                return 0
            return DIODE_MV if source_mv > 0 else source_mv
        ohm = self.r2_ohm
        if self.s2:
            ohm = self.r2_ohm * self.r3_ohm // (self.r2_ohm + self.r3_ohm)
        if not self.has_diode:
            return source_mv * ohm // (SOURCE_OHM + ohm)
        if source_mv <= DIODE_MV:
            return source_mv  # the diode blocks: nothing loads the negative half
        return DIODE_MV + (source_mv - DIODE_MV) * ohm // (SOURCE_OHM + ohm)
