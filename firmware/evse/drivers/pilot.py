"""The control pilot's pins: 1 kHz PWM out, a burst of ADC reads in, and the pilot-open switch.

Knows pins, counts and the front end's scale; does not know levels or states.
"""

from time import sleep_us, ticks_diff, ticks_us

from machine import ADC, PWM, Pin
from micropython import const

from evse.core.types import PILOT_OPEN, PILOT_PWM, PILOT_X1

FREQ_HZ = const(1000)
# At 10 % duty the high half lasts 100 us of 1000: reads 58 us apart hit it once or twice a period, so three hits, for
# the mean of three, take three whole periods: 60 reads are 3.5 ms.
READS = const(60)
# read_uv() gives 142 mV for raw 0 (11 dB); our -12.6 V is 291 mV, +12.6 V is 2436 mV.
FLOOR_UV = const(200000)
# A tick that follows a meter burst at once would read what the pilot was: a new duty starts with the next period.
SETTLE_US = const(2000)
CEILING_UV = const(2700000)


class PilotDriver:
    """Drives and reads the pilot; starts at steady -12 V (PWM at 0), the safe level of a pin that is low."""

    def __init__(self, board: "dict[str, int]", pins: "dict[str, int | None]") -> None:
        self.has_switch = pins["pilot_open"] is not None
        self._switch = Pin(pins["pilot_open"], Pin.OUT, value=0) if self.has_switch else None
        self._pwm = PWM(Pin(pins["pilot_pwm"], Pin.OUT, value=0), freq=FREQ_HZ, duty_u16=0)
        self._adc = ADC(Pin(pins["pilot_adc"]), atten=ADC.ATTN_11DB)
        self._read = self._adc.read_uv
        self._uv = [0] * READS
        self._offset_uv = board["pilot_offset_uv"]
        self._gain_ppm = board["pilot_gain_ppm"]
        self._duty_u16 = 0
        self._changed_us = ticks_us()
        self.high_mv: int | None = None
        self.low_mv: int | None = None

    def sample(self) -> None:
        """Take one burst (3.5 ms): high_mv and low_mv become the means of its three highest and lowest reads.

        Both are None when any read stands at the ADC's floor or ceiling: a broken sensor, never a diode.
        """
        since_us = ticks_diff(ticks_us(), self._changed_us)
        if 0 <= since_us < SETTLE_US:
            sleep_us(SETTLE_US - since_us)
        read = self._read
        uv = self._uv
        for index in range(READS):
            uv[index] = read()
        uv.sort()  # in C and in place: a fifth of the time that picking six of them takes in bytecode
        if uv[0] < FLOOR_UV or uv[-1] > CEILING_UV:
            self.high_mv = None
            self.low_mv = None
            return
        self.high_mv = self._mv((uv[-1] + uv[-2] + uv[-3]) // 3)
        self.low_mv = self._mv((uv[0] + uv[1] + uv[2]) // 3)

    def _mv(self, adc_uv: int) -> int:
        # uV * 1000 would pass 2^30 on the chip: scale by ten before dividing by the gain in 0.01 %.
        return (adc_uv - self._offset_uv) * 100 // (self._gain_ppm // 10)

    def drive(self, pilot: int, duty_bp: int) -> None:
        """Put `pilot` (PILOT_...) out; duty_bp counts only for PILOT_PWM, 800..9700 of 10000, rounded down."""
        if pilot == PILOT_PWM:
            duty_u16 = duty_bp * 65536 // 10000
        elif pilot == PILOT_X1 or pilot == PILOT_OPEN:
            duty_u16 = 65535
        else:
            duty_u16 = 0
        if duty_u16 != self._duty_u16:
            self._duty_u16 = duty_u16
            self._changed_us = ticks_us()
        self._pwm.duty_u16(duty_u16)
        if self._switch is not None:
            self._switch.value(1 if pilot == PILOT_OPEN else 0)
