"""The chip's pins: modes, levels, LEDC duties that latch at the next period, and what each reset leaves of them.

Does not know what is wired to a pin; `changed(number)` is told when an output's drive changes.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PIN_COUNT = 40
OFF = 0  # as after power-on: neither driven nor read
IN = 1
OUT = 3
LEDC = 4
PULL_UP = 2
FULL_U16 = 65535


class PinState:
    """One GPIO. `drive_u16` is what it puts out: 0..65535, 0 too when it floats (the board pulls down)."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.mode = OFF
        self.value = 0  # output register; survives a change of mode
        self.pull = 0
        self.outside = -1  # level put on it by the board: 0, 1, or -1 for none
        self.duty_u16 = 0  # the running LEDC duty
        self.next_duty_u16 = 0  # asked for, running from the next period
        self.freq_hz = 0

    def drive_u16(self) -> int:
        """The share of time this pin drives high."""
        if self.mode == LEDC:
            return self.duty_u16
        if self.mode == OUT and self.value:
            return FULL_U16
        return 0

    def level(self) -> int:
        """What reading the pin gives: 0 or 1."""
        if self.mode == OUT:
            return self.value
        if self.mode == LEDC:
            return 1 if self.duty_u16 > 32767 else 0
        if self.outside >= 0:
            return self.outside
        return 1 if self.pull == PULL_UP else 0


class Pins:
    """All pins of the chip."""

    def __init__(self, changed: "Callable[[int], None]") -> None:
        self._changed = changed
        self.all = [PinState(number) for number in range(PIN_COUNT)]

    def set_mode(self, pin: PinState, mode: int, pull: int) -> None:
        """Set up as plain input or output; takes the pin away from LEDC."""
        before = pin.drive_u16()
        pin.mode = mode
        pin.pull = pull
        self._tell(pin, before)

    def set_value(self, pin: PinState, value: int) -> None:
        """Write the output register."""
        if pin.value != value:
            pin.value = value
            if pin.mode == OUT:
                self._changed(pin.number)

    def start_ledc(self, pin: PinState, freq_hz: int, duty_u16: int) -> None:
        """A new PWM starts with its duty at once (since 1.26: no half period at 50 %)."""
        before = pin.drive_u16()
        pin.mode = LEDC
        pin.freq_hz = freq_hz
        pin.duty_u16 = pin.next_duty_u16 = duty_u16
        self._tell(pin, before)

    def latch(self) -> None:
        """A PWM period ends: the duties asked for take effect."""
        for pin in self.all:
            if pin.duty_u16 != pin.next_duty_u16:
                pin.duty_u16 = pin.next_duty_u16
                if pin.mode == LEDC:
                    self._changed(pin.number)

    def soft_reset(self) -> None:
        """PWM pins are forced low, plain pins stay as they were (MicroPython main.c, soft_reset_exit)."""
        for pin in self.all:
            if pin.mode == LEDC:
                before = pin.drive_u16()
                pin.duty_u16 = pin.next_duty_u16 = 0
                self._tell(pin, before)

    def hard_reset(self, keep_ledc: bool) -> None:
        """Pins float; LEDC runs on through a reset by software or watchdog until its pin is set up again."""
        for pin in self.all:
            if not (keep_ledc and pin.mode == LEDC):
                before = pin.drive_u16()
                pin.mode = OFF
                pin.value = pin.pull = 0
                pin.duty_u16 = pin.next_duty_u16 = 0
                self._tell(pin, before)

    def _tell(self, pin: PinState, drive_before_u16: int) -> None:
        if pin.drive_u16() != drive_before_u16:
            self._changed(pin.number)

    def state(self) -> dict[str, list[int]]:
        """Eight ints a pin, for restore()."""
        return {
            str(p.number): [p.mode, p.value, p.pull, p.outside, p.duty_u16, p.next_duty_u16, p.freq_hz]
            for p in self.all
        }

    def restore(self, state: dict[str, list[int]]) -> None:
        """Take over what state() gave; tells nobody."""
        for p in self.all:
            p.mode, p.value, p.pull, p.outside, p.duty_u16, p.next_duty_u16, p.freq_hz = state[str(p.number)]
