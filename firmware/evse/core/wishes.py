"""Wishes: what a person asked for at the REPL or the button, taken up by the next tick; and energy, which ends some.

A wish may lower, stop, start or ask for all that is allowed; none lifts a limit. All of them end with the plug-in, and
none outlives a reset. Knows energy and time; does not know the mode or the offer.
"""

from micropython import const

from evse.safety.limits import elapsed_ms

_W_MS_PER_WH = const(3600000)
_LONGEST_MS = const(20000)  # a longer gap is not filled with guesses


class Energy:
    """Watts over milliseconds become watt-hours, remainder kept; W * ms is split so that nothing passes 2^30."""

    def __init__(self) -> None:
        self.wh = 0
        self._rest = 0

    def add(self, power_w: int, spent_ms: int) -> None:
        """Add `power_w` (0..40000) over `spent_ms`; at most 20 s at a time count, a longer gap is not invented."""
        self._rest += max(0, power_w) * min(spent_ms, _LONGEST_MS)
        self.wh += self._rest // _W_MS_PER_WH
        self._rest %= _W_MS_PER_WH

    def clear(self) -> None:
        """Start again at zero."""
        self.wh = 0
        self._rest = 0


class Boost:
    """All that is allowed, for so much energy or so long, then back to the mode by itself."""

    def __init__(self) -> None:
        self.is_running = False
        self.left_wh = 0
        self.left_s = 0
        self._last_wh = 0
        self._last_ms = 0

    def begin(self, wh: int, minutes: int, session_wh: int, now_ms: int) -> None:
        """Boost for `wh` (0: no end by energy) or `minutes` (0: none by time); both: until the first is over."""
        self.is_running = wh > 0 or minutes > 0
        self.left_wh = wh
        self.left_s = minutes * 60
        self._last_wh = session_wh
        self._last_ms = now_ms

    def end(self) -> None:
        """No boost any more."""
        self.is_running = False

    def count(self, session_wh: int, now_ms: int) -> None:
        """Count what was charged and how long it took; session_wh: since the plug-in."""
        spent_s = elapsed_ms(now_ms, self._last_ms) // 1000
        self._last_ms += spent_s * 1000
        if self.left_wh > 0:
            self.left_wh -= session_wh - self._last_wh
            self.is_running = self.left_wh > 0
        self._last_wh = session_wh
        if self.left_s > 0:
            self.left_s -= spent_s
            self.is_running = self.is_running and self.left_s > 0


class Wishes:
    """What is wished now."""

    def __init__(self) -> None:
        self.is_stopped = False
        self.is_boosted = False  # charge with all that is allowed until unplugged
        self.boost = Boost()
        self.wants_pulse = False
        self.wants_facts = False  # somebody waits for fresh facts
        self.is_new = False  # something was wished that no tick has taken up yet
        self._boost_wh = 0
        self._boost_min = 0
        self._is_boost_new = False

    def stop(self) -> None:
        """No charge until start(), or the next plug-in."""
        self.is_stopped = True
        self.is_new = True

    def start(self) -> None:
        """Charge again as the mode allows."""
        self.is_stopped = False
        self.is_new = True

    def boost_until_unplugged(self) -> None:
        """Charge, with all that is allowed."""
        self.is_boosted = True
        self.start()

    def boost_for(self, wh: int, minutes: int) -> None:
        """Boost for so much or so long, whichever is over first; 0 and 0 ends a boost."""
        self._boost_wh = wh
        self._boost_min = minutes
        self._is_boost_new = True
        self.is_new = True

    def follow_mode(self) -> None:
        """No boost of any kind."""
        self.is_boosted = False
        self.boost_for(0, 0)

    def settings_changed(self) -> None:
        """What was set holds from the next tick."""
        self.is_new = True

    def pulse(self) -> None:
        """One wake pulse, within the car's budget; forgotten when none can be given now."""
        self.wants_pulse = True
        self.is_new = True

    def take_up(self, session_wh: int, now_ms: int) -> None:
        """Begin what was wished since the last tick."""
        self.is_new = False
        if self._is_boost_new:
            self._is_boost_new = False
            self.boost.begin(self._boost_wh, self._boost_min, session_wh, now_ms)

    def forget(self) -> None:
        """The car is gone."""
        self.is_stopped = False
        self.is_boosted = False
        self.boost.end()
