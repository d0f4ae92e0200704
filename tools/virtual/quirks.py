"""What S2 looks like from outside when it is not simply open or closed: blips, glitches, pauses for cooling.

Knows times; nothing of moods or amps. Keys: tools/data/cars/README.md.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Quirks:
    """One car's oddities of S2."""

    def __init__(self, car: "dict[str, Any]") -> None:
        self._blip_ms: int = car.get("blip_ms", 0)
        self._blip_every_ms: int = car.get("blip_every_s", 30) * 1000
        self._glitch_ms: int = car.get("glitch_ms", 0)
        self._cool_every_ms: int = car.get("cool_every_s", 0) * 1000
        self._cool_ms: int = car.get("cool_s", 0) * 1000
        self.has_any = bool(self._blip_ms or self._glitch_ms or self._cool_every_ms)
        self.duty_u16 = 0
        self.duty_ms = -1000000  # of the last change from one offer to another
        self.moved_ms = 0  # it meant to open or close S2 last at

    def duty(self, duty_u16: int, was_pwm: bool, ms: int) -> None:
        """An offer of this duty is seen; was_pwm: another stood there before."""
        if was_pwm and duty_u16 != self.duty_u16:
            self.duty_ms = ms
        self.duty_u16 = duty_u16

    def moved(self, ms: int) -> None:
        """It means to open or close S2 from now on."""
        self.moved_ms = ms

    def is_cooling(self, ms: int) -> bool:
        """Whether a charge that began at moved_ms rests now."""
        if not self._cool_every_ms:
            return False
        return (ms - self.moved_ms) % (self._cool_every_ms + self._cool_ms) >= self._cool_every_ms

    def calm_ms(self, ms: int) -> int:
        """From when on a new duty does not disturb its pilot circuit any more; `ms` itself if it does not now."""
        end_ms = self.duty_ms + self._glitch_ms
        return end_ms if end_ms > ms else ms

    def shown(self, means_s2: bool, ms: int) -> bool:
        """S2 as the charger sees it while the car means it to be `means_s2`."""
        if means_s2:
            return self.calm_ms(ms) == ms and not self.is_cooling(ms)
        since_ms = ms - self.moved_ms
        return self._blip_ms > 0 and since_ms >= self._blip_every_ms and since_ms % self._blip_every_ms < self._blip_ms
