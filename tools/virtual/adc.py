"""`machine.ADC` of the ESP32 port: the hot path of the simulation, so that it looks up more than it computes.

Each read charges simulated time; must not know what is measured.
"""

from micropython import const

from . import current as _current
from .analog import MV_FROM_COUNTS, Channel, bend
from .gpio import Pin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .wiring import Wiring

_KNEE_COUNTS = const(2880)


class ADC:
    """ADC1 at 11 dB; each read charges simulated time, by the chip's pace."""

    ATTN_11DB = const(3)

    def __init__(self, pin: Pin, *, atten: int = 3) -> None:
        if not 32 <= pin.pin.number <= 39:
            raise ValueError("invalid pin for ADC1")
        if atten != ADC.ATTN_11DB:
            raise ValueError("only ATTN_11DB is simulated")
        wiring: Wiring = _current.world
        self._clock = wiring.clock
        self._read_us = wiring.pace.read_us
        self._channel = wiring.channels.setdefault(pin.pin.number, Channel())

    def read_u16(self) -> int:
        """The raw count spread over 16 bits."""
        clock = self._clock
        channel = self._channel
        us = clock.us + self._read_us + channel.caller_us
        if us >= clock.next_us:
            us = clock.reach(us)
        else:
            clock.us = us
        if channel.is_pilot:
            c16 = channel.high_c16 if us - clock.pwm_start_us < channel.high_us else channel.low_c16
        elif channel.table is None:
            c16 = channel.bias_c16
        else:
            if channel.is_stale:
                channel.rebuild()
            c16 = channel.table[clock.mains_place + us * clock.mains_rate >> 18]
        noise = channel.noise * 1109 + 12345 & 65535  # a full-period generator that stays a small int
        channel.noise = noise
        mask = channel.noise_mask
        counts = (c16 >> 4) + (noise >> 8 & mask) - (mask >> 1)
        if not 0 <= counts <= _KNEE_COUNTS:
            counts = bend(counts)
        return counts << 4 | counts >> 8

    def read_uv(self) -> int:
        """Microvolts by the chip's own correction of the curve, in whole millivolts."""
        return MV_FROM_COUNTS[self.read_u16() >> 4] * 1000
