"""What is known about the car that is plugged in: measured while it charges, remembered, honoured by who decides.

Figures only; does not know how they are learned (learn.py, wake.py, patience.py) or kept (app/cars.py).
"""

from micropython import const

from evse.core.limits import MIN_OFFER_MA

# Assumed of a car of which nothing is known; sources in docs/safety.md, S24.
_UNKNOWN_LIMIT = const(5)
_UNKNOWN_PER_H = const(6)
_UNKNOWN_OFF_S = const(300)
_UNKNOWN_WELCOME_S = const(60)
_LEAST_SLEEP_S = const(100)


class Car:
    """One car's record; as made here it is an unknown car, of which nothing is taken for granted.

    Learned while it charges: lag_ms (from a new offer to the current's answer, 0: not seen yet), below_ma (draws this
    much less than offered), step_ma (its smallest change of current, 0: none seen), min_ma (least offer it charges at).
    Learned when it slept: pulse (PILOT_... that woke it, 0: none yet) and pulse_ms; woke_s (from the pulse to its
    answer), sleeps_s (shortest pause it did not answer after, 0: none yet), awake_s (longest pause it answered after);
    bad (interruptions in a plug-in that ended with a car that does not wake, 0: none did).
    What it minds, stated by a person: limit (interruptions a plug-in at which it refuses, 0: none), pulses (the same,
    of pulses alone), per_h (at most so many interruptions an hour); minus12 (0: it must not see -12 V), itself (1: an
    offer left standing wakes it), glitch_ms (so long after a new duty its B means nothing), welcome_s (charged so long
    after the plug-in, at the least current).
    For the switch (surplus.py): min_off_s and min_on_s (shortest pause and shortest charge it takes well),
    stop_wh (what one more stop costs in its patience, in Wh of import), may_stop (False: its patience is spent).
    is_changed: something was learned that is not on flash yet.
    """

    def __init__(self) -> None:
        self.name = ""
        self.forget()

    def forget(self) -> None:
        """Nothing is known any more, but the name."""
        self.is_changed = False
        self.lag_ms = 0
        self.below_ma = 0
        self.step_ma = 0
        self.min_ma = MIN_OFFER_MA
        self.pulse = 0
        self.pulse_ms = 0
        self.woke_s = 0
        self.sleeps_s = 0
        self.awake_s = 0
        self.bad = 0
        self.limit = _UNKNOWN_LIMIT
        self.pulses = 0
        self.per_h = _UNKNOWN_PER_H
        self.minus12 = 1
        self.itself = 0
        self.glitch_ms = 0
        self.welcome_s = _UNKNOWN_WELCOME_S
        self.min_off_s = _UNKNOWN_OFF_S
        self.min_on_s = 60
        self.stop_wh = 0
        self.may_stop = True

    def answered(self, pause_s: int) -> None:
        """It took an offer by itself after a pause of `pause_s`."""
        if pause_s > self.awake_s:
            self.awake_s = pause_s
            self.is_changed = True

    def woke(self, pulse: int, pulse_ms: int, took_s: int, pause_s: int) -> None:
        """It took an offer `took_s` after a pulse (PILOT_..., length), having slept in a pause of `pause_s`.

        After a short pause it was slow, not asleep: the plug-in, or the last charge, had it awake.
        """
        if pause_s < _LEAST_SLEEP_S:
            return
        self.pulse = pulse
        self.pulse_ms = pulse_ms
        self.woke_s = took_s
        if self.sleeps_s == 0 or pause_s < self.sleeps_s:
            self.sleeps_s = pause_s
        self.is_changed = True

    def is_asleep_after(self, pause_s: int) -> bool:
        """Whether it surely sleeps after a pause of `pause_s`, and a pulse is known that wakes it."""
        return self.pulse != 0 and self.sleeps_s > 0 and pause_s >= self.sleeps_s and pause_s > self.awake_s
