"""Simulated time: milliseconds, microseconds within them, the LEDC period and the mains phase.

Knows when something is due, not what; small integers only, because the VM's end at 2**30.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PWM_PERIOD_US = 1002  # LEDC at "1000 Hz" on an 80 MHz APB clock: 998.4 Hz, so its phase sweeps against the tick
STEPS = 500  # of a wave's table in one mains cycle
FAR_MS = 0x3FFFFFFF  # "never": 2**30 - 1 ms is 12.4 days


class Clock:
    """Time since power-on. `step()` is called at each due millisecond, `latch()` at a period's end."""

    def __init__(self, step: "Callable[[], None]", latch: "Callable[[], None]") -> None:
        self._step = step
        self._latch = latch
        self.ms = 0
        self.us = 0
        self.due_ms = 1
        self.next_us = 1000  # reach() is needed when `us` gets here: end of the ms or of the PWM period
        self.pwm_start_us = 0  # where the running PWM period began, relative to this ms; may be negative
        self.mains_place = 0  # mains phase at the start of this ms, in 2^18 of a step
        self.mains_rate = 0  # ... and what a us adds
        self.cycles = 0  # of the mains, begun since power-on
        self.set_mains(50000)
        self.latch_wanted = False

    def set_mains(self, mhz: int) -> None:
        """The mains' frequency, 40000..70000."""
        self.mains_rate = mhz * (STEPS << 5) // 1000 * 8192 // 1000000

    def next_cycle_ms(self) -> int:
        """The first whole ms in the next cycle of the mains."""
        per_ms = self.mains_rate * 1000
        return self.ms + ((STEPS << 18) - self.mains_place + per_ms - 1) // per_ms

    def reach(self, us: int) -> int:
        """Move to `us` (counted from the start of this ms) and do what falls due; the new `us`.

        The slow half of every ADC read; a caller goes past neither `due_ms` nor a wanted latch by more than one read.
        """
        self.us = us
        in_period_us = us - self.pwm_start_us
        if in_period_us >= PWM_PERIOD_US:
            self.pwm_start_us = us - in_period_us % PWM_PERIOD_US
            if self.latch_wanted:
                self.latch_wanted = False
                self._latch()
        if us >= 1000:
            whole_ms = us // 1000
            us -= whole_ms * 1000
            self.us = us
            self.pwm_start_us -= whole_ms * 1000
            self.ms += whole_ms
            place = self.mains_place + whole_ms % 50 * 1000 * self.mains_rate
            self.cycles += place // (STEPS << 18)
            self.mains_place = place % (STEPS << 18)
            if self.ms >= self.due_ms:
                self._step()
        next_us = self.pwm_start_us + PWM_PERIOD_US
        self.next_us = next_us if next_us < 1000 else 1000
        return us

    def pass_us(self, span_us: int) -> None:
        """Let `span_us` (below 2**30) go by, stopping at everything due on the way."""
        while span_us > 0:
            chunk_us = (self.due_ms - self.ms) * 1000 - self.us
            if self.latch_wanted:
                latch_us = self.pwm_start_us + PWM_PERIOD_US - self.us
                if latch_us < chunk_us:
                    chunk_us = latch_us
            if span_us < chunk_us:
                chunk_us = span_us
            self.reach(self.us + chunk_us)
            span_us -= chunk_us

    def pass_until_ms(self, end_ms: int) -> None:
        """Let time go by until the start of `end_ms`; nothing if that is past."""
        while self.ms < end_ms:
            next_ms = self.due_ms if self.due_ms < end_ms else end_ms
            self.pass_us((next_ms - self.ms) * 1000 - self.us)

    def poke(self) -> None:
        """Something changed: have step() look again at the next ms."""
        self.due_ms = self.ms + 1

    def ticks_us(self) -> int:
        """Microseconds since power-on modulo 2**30, as time.ticks_us(), without leaving small integers."""
        # 1000 ms = 8 * 125, so ms * 1000 modulo 2**30 is 8 times (ms * 125 modulo 2**27); split at 2**10 to stay small.
        eighths = (((self.ms >> 10) * 125 & 0x1FFFF) << 10) + (self.ms & 1023) * 125 + (self.us >> 3)
        return (eighths & 0x7FFFFFF) << 3 | self.us & 7
