"""The car's mood: when it falls asleep, what wakes it, what it takes for an interruption, and when it has had enough.

Knows what its inlet sees and whether current flows; nothing of S2, amps or the charger. Keys:
tools/data/cars/README.md.
"""

from .pilot import NOTHING, PWM, STEADY_HIGH, STEADY_LOW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Mood:
    """locked: "" or what it refuses for until it is plugged in anew; interruptions and pulses count since then."""

    def __init__(self, car: "dict[str, Any]") -> None:
        self._facts = car
        self._sleep_ms: int = car.get("sleep_after_s", 0) * 1000
        self._unfed_ms: int = car.get("unfed_s", 0) * 1000
        self._itself_ms: int = car.get("wakes_itself_s", 0) * 1000
        self._delay_ms: int = car.get("wake_delay_ms", 0)
        self.asleep = False
        self.locked = ""
        self.woken = 0
        self.interruptions = 0
        self.pulses = 0
        self.fed = False  # current has flowed since the plug-in
        self.flowed = False  # and under this offer
        self.is_waking = False  # the pulse that wakes it goes on
        self.plug_ms = 0
        self.pwm_ms = 0  # last time an offer was there
        self.slept_ms = 0  # fell asleep at
        self.ready_ms = 0  # takes notice of offers again from here
        self.stopped_ms = -1  # its last charge was stopped at; -1: none was

    def plugged(self, ms: int) -> None:
        """The cable goes in: whatever it was, it is awake and forgiving now."""
        self.asleep = self.fed = self.flowed = self.is_waking = False
        self.locked = ""
        self.interruptions = self.pulses = self.ready_ms = 0
        self.plug_ms = self.pwm_ms = ms
        self.stopped_ms = -1

    def answers(self, ms: int) -> bool:
        """Whether it takes notice of an offer now."""
        return not self.asleep and not self.locked and not self.is_waking and ms >= self.ready_ms

    def saw(self, was: int, seen: int, ms: int) -> None:
        """Its inlet, plugged in, changed from `was` to `seen` (NOTHING, PWM, STEADY_HIGH, STEADY_LOW)."""
        was_dark = was == NOTHING or was == STEADY_LOW
        is_dark = seen == NOTHING or seen == STEADY_LOW
        is_pulse = is_dark and not was_dark
        if was == PWM:
            self.pwm_ms = ms
        if is_pulse or (was == PWM and self.flowed):
            self._interrupted(is_pulse, ms)
        if seen == STEADY_LOW and self._facts.get("minus12_fault", 0):
            self.locked = "-12 V"
        if not is_dark and self.is_waking:
            self.is_waking = False
            self.ready_ms = ms + self._delay_ms
        if seen == PWM:
            self._offered(ms)

    def step(self, seen: int, seen_ms: int, is_fed: bool, ms: int) -> None:
        """Time passes: seen since seen_ms; is_fed: current flows."""
        if is_fed:
            self.fed = True
            self.flowed = self.flowed or seen == PWM  # not the current that dies away after a stop
        elif not self.fed and self._unfed_ms and ms - self.plug_ms >= self._unfed_ms:
            self._starve(ms)
        if seen == PWM:
            self.pwm_ms = ms
            if self.asleep and self._itself_ms and ms - seen_ms >= self._itself_ms:
                self._wake(ms)
                self.ready_ms = ms + self._delay_ms
            return
        if self._sleep_ms and not self.asleep and ms - self.pwm_ms >= self._sleep_ms:
            self._sleep(ms)
        if self.asleep and seen != STEADY_HIGH:
            self._feel(seen, ms - seen_ms, ms)

    def _interrupted(self, is_pulse: bool, ms: int) -> None:
        self.interruptions += 1
        self.pulses += is_pulse
        if self.flowed:
            self.stopped_ms = ms
            self.flowed = False
        limit = self._facts.get("patience", 0)
        pulse_limit = self._facts.get("pulse_limit", 0)
        if (limit and self.interruptions >= limit) or (pulse_limit and self.pulses >= pulse_limit):
            self.locked = "interruptions"

    def _offered(self, ms: int) -> None:
        toggle_s = self._facts.get("toggle_s", 0)
        settle_s = self._facts.get("settle_s", 0)
        if self.stopped_ms >= 0 and ms - self.stopped_ms < toggle_s * 1000:
            self.locked = "toggled"
        if self.asleep and ms - self.slept_ms < settle_s * 1000:
            self.locked = "resumed too soon"
        if self.asleep and self._facts["wakes_on"] == "offer":
            self._wake(ms)
            self.ready_ms = ms + self._delay_ms

    def _starve(self, ms: int) -> None:
        self.fed = True  # it happens once
        if self._facts.get("unfed_then", "sleeps") == "fault":
            self.locked = "unfed"
        else:
            self._sleep(ms)

    def _sleep(self, ms: int) -> None:
        self.asleep = True
        self.slept_ms = ms

    def _wake(self, ms: int) -> None:
        self.asleep = False
        self.woken += 1
        self.pwm_ms = ms

    def _feel(self, seen: int, felt_ms: int, ms: int) -> None:
        wakes_on = self._facts["wakes_on"]
        is_right = wakes_on == "either" or wakes_on == ("open" if seen == NOTHING else "minus12")
        if is_right and felt_ms >= self._facts["wake_pulse_ms"]:
            self._wake(ms)
            self.is_waking = True
