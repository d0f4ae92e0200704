"""The small parts: residual-current monitor, proximity, temperature, lamp and button, fan.

Knows pins and scales; does not know what a value means for charging.
"""

from machine import ADC, Pin


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
        self._test.value(1 if is_pressing else 0)


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
        self._lamp.value(1 if is_lit else 0)


class Fan:
    """The ventilation's output, where the board has one."""

    def __init__(self, pins: "dict[str, int | None]") -> None:
        pin = pins["fan"]
        self._pin = None if pin is None else Pin(pin, Pin.OUT, value=0)

    def run(self, is_running: bool) -> None:
        """Switch it; nothing without one."""
        if self._pin is not None:
            self._pin.value(1 if is_running else 0)
