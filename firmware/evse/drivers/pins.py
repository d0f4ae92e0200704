"""The charger's pins: control pilot, contactor, residual-current monitor, plug, temperature, lamp, button and fan.

One thin class a part. Knows pins, counts and scales; decides nothing, and does not know what a value means.
"""

from time import sleep_us, ticks_us

from machine import ADC, PWM, Pin
from micropython import const

from evse.safety.limits import PILOT_OPEN, PILOT_PWM, PILOT_X1

_PWM_HZ = const(1000)
# At 10 % duty the high half lasts 100 us of 1000: reads 58 us apart hit it once or twice a period, so three hits, for
# the mean of three, take three whole periods: 60 reads are 3.5 ms.
_READS = const(60)
# read_uv() gives 142 mV for raw 0 (11 dB); our -12.6 V is 291 mV, +12.6 V is 2436 mV.
_FLOOR_UV = const(200000)
_CEILING_UV = const(2700000)
# A tick that follows a meter burst at once would read what the pilot was: a new duty starts with the next period.
_SETTLE_US = const(2000)
_WHEEL = const(0x3FFFFFFF)


class PilotDriver:
    """Drives and reads the pilot; starts at steady -12 V (PWM at 0), the safe level of a pin that is low."""

    def __init__(self, board: "dict[str, int]", pins: "dict[str, int | None]") -> None:
        self.has_switch = pins["pilot_open"] is not None
        self._switch = Pin(pins["pilot_open"], Pin.OUT, value=0) if self.has_switch else None
        self._pwm = PWM(Pin(pins["pilot_pwm"], Pin.OUT, value=0), freq=_PWM_HZ, duty_u16=0)
        self._adc = ADC(Pin(pins["pilot_adc"]), atten=ADC.ATTN_11DB)
        self._read = self._adc.read_uv
        self._uv = [0] * _READS
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
        since_us = (ticks_us() - self._changed_us) & _WHEEL  # type: ignore[operator]  # a tick is a plain int
        sleep_us(_SETTLE_US - min(since_us, _SETTLE_US))
        read = self._read
        uv = self._uv
        for index in range(_READS):
            uv[index] = read()
        uv.sort()  # in C and in place: a fifth of the time that picking six of them takes in bytecode
        if uv[0] < _FLOOR_UV or uv[-1] > _CEILING_UV:
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
            self._switch.value(pilot == PILOT_OPEN)


class Contactor:
    """Closed by renew(), in each tick anew, until open(); the one-shot behind the alive pin counts for itself."""

    def __init__(self, pins: "dict[str, int | None]") -> None:
        self._alive = Pin(pins["alive"], Pin.OUT, value=0)
        # PWM at 0 or 100 %, because a soft reset forces PWM pins low and leaves plain pins as they are.
        self._coil = PWM(Pin(pins["contactor"], Pin.OUT, value=0), freq=_PWM_HZ, duty_u16=0)
        readback = pins["contactor_readback"]
        self._readback = None if readback is None else Pin(readback, Pin.IN, Pin.PULL_DOWN)
        self._is_high = False  # the alive pin

    def renew(self) -> None:
        """Permit the contacts to be closed for this tick."""
        self._is_high = not self._is_high
        self._alive.value(self._is_high)
        self._coil.duty_u16(65535)

    def open(self) -> None:
        """Open now; always allowed."""
        self._coil.duty_u16(0)

    def is_closed(self) -> "bool | None":
        """The main contacts as read back; None where not wired."""
        return None if self._readback is None else self._readback.value() == 1


class Residual:
    """The residual-current monitor: its trip output and its test input."""

    def __init__(self, pins: "dict[str, int | None]") -> None:
        self._trip = Pin(pins["residual_trip"], Pin.IN, Pin.PULL_UP)
        self._test = Pin(pins["residual_test"], Pin.OUT, value=0)

    def is_tripped(self) -> bool:
        """High is tripped; the pull-up makes a broken wire a trip."""
        return self._trip.value() == 1

    def press_test(self, is_pressing: bool) -> None:
        """Hold or release the test input."""
        self._test.value(is_pressing)


class Proximity:
    """The plug's resistor under a pull-up."""

    def __init__(self, pin: int) -> None:
        self._adc = ADC(Pin(pin), atten=ADC.ATTN_11DB)

    def mv(self) -> int:
        """Voltage across the resistor."""
        return self._adc.read_uv() // 1000


class Temperature:
    """A linear sensor on the ADC."""

    def __init__(self, board: "dict[str, int]", pins: "dict[str, int | None]") -> None:
        self._adc = ADC(Pin(pins["temperature_adc"]), atten=ADC.ATTN_11DB)
        self._offset_uv = board["temperature_offset_mv"] * 1000
        self._uv_per_cdeg = board["temperature_uv_per_cdeg"]

    def cdeg(self) -> int:
        """Temperature in 0.01 C; a broken wire reads far outside what the core believes."""
        return (self._adc.read_uv() - self._offset_uv) // self._uv_per_cdeg


class Panel:
    """One lamp, one button."""

    def __init__(self, pins: "dict[str, int | None]") -> None:
        self._lamp = Pin(pins["status_led"], Pin.OUT, value=0)
        self._button = Pin(pins["button"], Pin.IN, Pin.PULL_UP)

    def is_pressed(self) -> bool:
        """Low is pressed."""
        return self._button.value() == 0

    def light(self, is_lit: bool) -> None:
        """Switch the lamp."""
        self._lamp.value(is_lit)


class Fan:
    """The ventilation's output, where the board has one."""

    def __init__(self, pins: "dict[str, int | None]") -> None:
        pin = pins["fan"]
        self._pin = None if pin is None else Pin(pin, Pin.OUT, value=0)

    def run(self, is_running: bool) -> None:
        """Switch it; nothing without one."""
        if self._pin is not None:
            self._pin.value(is_running)
