"""The judge: counts what a charger must never do. Sees pins and plant only and shares nothing with the firmware.

A weld is the contactor's fault, not the firmware's: "closed" below means held closed by the coil.
Times are those of IEC 61851-1 table A.6 as collected in evse_facts, section 3, plus what the parts need.
"""

from .pilot import LINK_NAMES, PWM, READY, READY_FAN, offered_ma
from .pins import FULL_U16

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from .car import Car
    from .contactor import Contactor
    from .pilot import Pilot
    from .quirks import Quirks

    class Plant(Protocol):
        """What the judge looks at."""

        car: Car
        contactor: Contactor
        pilot: Pilot
        quirks: Quirks

        def cable_ma(self) -> int:
            """What the cable carries; 0: none."""

OPEN_WITHIN_MS = 100  # after the car left C/D, or residual current tripped
FORCED_OPEN_MS = 6150  # after steady +12 V: 6 s and the time of the parts
IN_C_BEFORE_CLOSE_MS = 300
NO_PLUG_MS = 300  # time to notice that the proximity contact is gone
CABLE_CHANGE_MS = 200  # time to notice another proximity resistor
LOWEST_DUTY_U16 = 6553  # 10.00 %, rounded down
HIGHEST_DUTY_U16 = 62915  # 96.00 %
RELEASE_MS = 20  # a reset drops pilot and coil in one instant; the contacts part later
KEPT_TEXTS = 20


def _since(since_ms: int, ms: int, holds: bool) -> int:
    """Since when something holds that holds now or not; -1: it does not."""
    if not holds:
        return -1
    return ms if since_ms < 0 else since_ms


class Judge:
    """`violations` counts; `last` keeps the first 20 as lines of text."""

    def __init__(self, board: "dict[str, Any]", plant: "Plant") -> None:
        self._max_ma: int = board["max_ma"]
        self._has_fan = board["pins"]["fan"] is not None
        self._plant = plant
        self.violations = 0
        self.last: list[str] = []
        self.owner_writes = 0
        self.owner_writing = False  # set by the harness around a file copy the owner asked for
        self.c_since_ms = -1  # the car is in C/D since; -1: it is not
        self.left_ms = -1  # left C/D at; -1: it has not, or not since the last closing
        self.high_since_ms = -1  # steady +12 V since
        self.trip_since_ms = -1
        self.dark_ms = -1  # the pilot is open or at -12 V since
        self.over_since_ms = -1  # offer above the limit since
        self.fanless_since_ms = -1  # held closed in D without a fan since
        self.plugless_since_ms = -1  # held closed without the proximity contact since
        self.opened_ms = 0
        self.left_since_open = True
        self.closing_on = ""  # what was wrong when the coil began to pull
        self.was_reset = False  # since the last closing: a chip that starts cannot know what the car went through
        self.told: list[str] = []  # lasting breaches already counted
        self.duty_u16 = -1

    def pilot_changed(self, ms: int) -> None:
        """Duty, cable, S2, switch or a short changed at this moment."""
        pilot = self._plant.pilot
        link = pilot.link()
        if link == READY or link == READY_FAN:  # a tuple to look in would be allocated, inside the tick
            if self.c_since_ms < 0:
                self.c_since_ms = ms
            self.left_ms = -1
        else:
            if self.c_since_ms >= 0:
                # A pilot disturbed by a new duty says nothing of S2 until it is calm (docs/safety.md, S32).
                self.left_ms = self._plant.quirks.calm_ms(ms) if self._plant.car.s2 else ms
            self.c_since_ms = -1
            self.left_since_open = True
        if pilot.duty_u16 != self.duty_u16:
            self.duty_u16 = pilot.duty_u16
            self._duty_changed(ms, pilot.duty_u16)
        self._look(ms)

    def coil_energised(self, ms: int) -> None:
        """The coil pulls: what the contacts close on is judged by now; nobody can stop them on their way."""
        self.closing_on = self._breach(ms)

    def contacts_changed(self, ms: int, held: bool) -> None:
        """The coil closed the main contacts, or let them go."""
        if held:
            if self.closing_on:
                self._count(ms, self.closing_on)
            self.was_reset = False
        else:
            self._look(ms, True)  # they were closed until now
            self.opened_ms = ms
            self.left_since_open = self.c_since_ms < 0
        self._look(ms)

    def trip_changed(self, ms: int, tripped: bool) -> None:
        """The residual-current monitor tripped or released."""
        self.trip_since_ms = ms if tripped else -1

    def chip_reset(self) -> None:
        """The chip started anew, for whatever reason."""
        self.was_reset = True

    def flash_written(self, ms: int) -> None:
        """Something was written to flash."""
        if not self._plant.contactor.held:
            return
        if self.owner_writing:
            self.owner_writes += 1
        else:
            self._count(ms, "flash written while the main contacts are closed")

    def step(self, ms: int) -> None:
        """Look at what lasts; on a grid of a few ms."""
        limit_ma = self.limit_ma()
        if offered_ma(self._plant.pilot.duty_u16) <= limit_ma:
            self.over_since_ms = -1
        elif self.over_since_ms < 0:
            self.over_since_ms = ms
        self._lasting(ms, self.over_since_ms, CABLE_CHANGE_MS, True, "offer above what board and cable carry")
        self._look(ms)

    def limit_ma(self) -> int:
        """The most the pilot may offer: board and, with a car plugged, its cable."""
        cable_ma = self._plant.cable_ma()
        return cable_ma if self._plant.pilot.plugged and cable_ma < self._max_ma else self._max_ma

    def _duty_changed(self, ms: int, duty_u16: int) -> None:
        self.high_since_ms = ms if duty_u16 == FULL_U16 else -1
        if duty_u16 != 0 and duty_u16 != FULL_U16 and not LOWEST_DUTY_U16 <= duty_u16 <= HIGHEST_DUTY_U16:
            self._count(ms, "duty outside 0, 10..96 and 100 %%: %d/65536" % duty_u16)
        if offered_ma(duty_u16) > self.limit_ma():
            self._count(ms, "offers %d mA, limit is %d mA" % (offered_ma(duty_u16), self.limit_ma()))

    def _breach(self, ms: int) -> str:
        """Why the contacts must not be made to close now; empty: they may."""
        pilot = self._plant.pilot
        link = pilot.link()
        if pilot.is_open or pilot.inlet() != PWM or not 980 <= pilot.freq_hz <= 1020:
            return "closed while the pilot is not 1 kHz PWM"
        if link != READY and not (link == READY_FAN and self._has_fan):
            return "closed while the car is in " + LINK_NAMES[link]
        if ms - self.c_since_ms < IN_C_BEFORE_CLOSE_MS:
            return "closed %d ms after the car went to C" % (ms - self.c_since_ms)
        if not pilot.has_diode:
            return "closed without a diode"
        if not self._plant.cable_ma():
            return "closed without the proximity contact"
        if not self.left_since_open and not self.was_reset:
            return "closed again %d ms after opening, car still in C" % (ms - self.opened_ms)
        return ""

    def _look(self, ms: int, held: bool = False) -> None:
        contactor = self._plant.contactor
        held = held or contactor.held
        live = held or contactor.energised
        pilot = self._plant.pilot
        self._lasting(ms, self.left_ms, OPEN_WITHIN_MS, live, "closed 100 ms after the car left C")
        self._lasting(ms, self.high_since_ms, FORCED_OPEN_MS, held, "closed 6.15 s after steady +12 V")
        self._lasting(ms, self.trip_since_ms, OPEN_WITHIN_MS, held, "closed 100 ms after residual current tripped")
        self.dark_ms = _since(self.dark_ms, ms, pilot.is_open or pilot.duty_u16 == 0)
        self._lasting(ms, self.dark_ms, RELEASE_MS, held and pilot.is_open, "pilot opened while closed")
        self._lasting(ms, self.dark_ms, RELEASE_MS, held and pilot.duty_u16 == 0, "pilot at -12 V while closed")
        fanless = held and not self._has_fan and pilot.link() == READY_FAN
        self.fanless_since_ms = _since(self.fanless_since_ms, ms, fanless)
        self._lasting(ms, self.fanless_since_ms, OPEN_WITHIN_MS, fanless, "closed 100 ms in D without a fan")
        plugless = held and not self._plant.cable_ma()
        self.plugless_since_ms = _since(self.plugless_since_ms, ms, plugless)
        self._lasting(ms, self.plugless_since_ms, NO_PLUG_MS, plugless, "closed 300 ms without the proximity contact")

    def _lasting(self, ms: int, since_ms: int, limit_ms: int, applies: bool, text: str) -> None:
        """Count a breach once for as long as it lasts."""
        if applies and since_ms >= 0 and ms - since_ms > limit_ms:
            if text not in self.told:
                self.told.append(text)
                self._count(ms, text)
        elif text in self.told:
            self.told.remove(text)

    def _count(self, ms: int, text: str) -> None:
        self.violations += 1
        if len(self.last) < KEPT_TEXTS:
            self.last.append("%d.%03d s: %s" % (ms // 1000, ms % 1000, text))
