"""The mains' frequency and phase, followed from burst to burst by the angle of the phase reference.

Knows angles and times; does not know what the reference is made of (transformer, opto, a clamp).
"""

from micropython import const

from evse.core.angle import TURN_UT, angle, wrap

LEAST_MHZ = const(45000)
MOST_MHZ = const(65000)
_START_MHZ = const(55000)  # 40 ms between two bursts tell 42.5 from 67.5 Hz by the angle alone
_SHORT_MS = const(45)
_LONGEST_MS = const(1500)  # the angle tells nothing after so long
_SURE = const(4)  # angles in a row that fell where they were expected
_NEAR_UT = const(60000)
_WHEEL = const(0x3FFFFFFF)  # of ticks_us


class Lock:
    """A phase-locked loop in software: frequency_mhz, and where the reference's sine stands at any time.

    is_sure: the frequency is known; until then bursts must come 40 ms apart now and then.
    """

    def __init__(self) -> None:
        self.frequency_mhz = _START_MHZ
        self.is_sure = False
        self._hits = 0
        self._angle_ut = 0
        self._at_us = 0
        self._is_set = False

    @property
    def rate(self) -> int:
        """The burst's steps of the sine's table: 256 * 2^20 by the length of a mains cycle in us."""
        return max(LEAST_MHZ, min(MOST_MHZ, self.frequency_mhz)) * 2684 // 10000

    @property
    def is_good(self) -> bool:
        """Whether the frequency is known and one that mains can have."""
        return self.is_sure and LEAST_MHZ <= self.frequency_mhz <= MOST_MHZ

    def lose(self) -> None:
        """The reference is gone: the frequency is the best guess, the phase must be found anew."""
        self._is_set = False
        self.is_sure = False
        self._hits = 0

    def at(self, start_us: int) -> int:
        """Angle of the reference's sine at `start_us` (0..2^30-1, as ticks_us), expected from the bursts before."""
        return (self._angle_ut + _advance_ut(self.frequency_mhz, (start_us - self._at_us) & _WHEEL)) % TURN_UT

    def step(self, v_cos: int, v_sin: int, start_us: int) -> None:
        """Take the reference's vector of one burst, both within 2^18, whose sine began at `start_us`."""
        seen_ut = angle(v_cos, v_sin)
        past_ms = ((start_us - self._at_us) & _WHEEL) // 1000
        if not self._is_set or past_ms > _LONGEST_MS or past_ms == 0:
            self.lose()
            self.frequency_mhz = _START_MHZ
            self._is_set = True
            expected_ut = seen_ut
        else:
            expected_ut = self._follow(seen_ut, start_us, past_ms)
        self._angle_ut = expected_ut
        self._at_us = start_us

    def _follow(self, seen_ut: int, start_us: int, past_ms: int) -> int:
        expected_ut = self.at(start_us)
        error_ut = wrap(seen_ut - expected_ut)
        if self.is_sure:
            self.frequency_mhz += error_ut // past_ms // 32
            if abs(error_ut) > 4 * _NEAR_UT:
                self.lose()
            return expected_ut + error_ut // 4
        if self._hits == 0:
            if past_ms <= _SHORT_MS:
                self.frequency_mhz = _START_MHZ + wrap(
                    seen_ut - self._angle_ut - _advance_ut(_START_MHZ, (start_us - self._at_us) & _WHEEL)
                ) // past_ms
                self._hits = 1
        elif abs(error_ut) > _NEAR_UT * self._slack():
            self._hits = 0
        else:
            self.frequency_mhz += error_ut // past_ms
            self._hits += 1
            self.is_sure = self._hits > _SURE
        return seen_ut

    def _slack(self) -> int:
        return 3 if self._hits == 1 else 1  # the first guess was made over 40 ms, at the wrong burst length


def _advance_ut(frequency_mhz: int, span_us: int) -> int:
    """What a sine turns in `span_us`; mHz times ms are millionths of a turn."""
    return (frequency_mhz * (span_us // 1000) + frequency_mhz * (span_us % 1000) // 1000) % TURN_UT
