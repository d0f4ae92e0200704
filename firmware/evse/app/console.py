"""What a person types at the REPL: `evse` and `tune`.

May lower, stop, start and ask; nothing here closes the contactor, lifts a limit or clears a fault.
"""

from evse.app import text
from evse.app.clock import now_ms
from evse.core.settings import check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evse.app.charger import Charger
    from evse.app.clamps import Clamps


class Evse:
    """The charger at the REPL: `evse` shows its card; evse.mode(), stop(), start(), wake(), status(), journal()."""

    def __init__(self, charger: "Charger") -> None:
        self._charger = charger

    def __repr__(self) -> str:
        text.say(self._charger, text.card(self._charger, now_ms()))
        return ""

    def mode(self, name: str) -> None:
        """Set the mode: off, fast or solar; raises ValueError for any other."""
        controller = self._charger.controller
        controller.settings.set("mode", name)
        controller.caps.is_boosted = False
        if name == "solar" and self._charger.board["reference"] is None:
            text.say(self._charger, text.NO_REFERENCE)

    def stop(self) -> None:
        """Stop charging until start(), the button, or the next plug-in."""
        self._charger.controller.caps.is_stopped = True

    def start(self) -> None:
        """Charge again as the mode allows."""
        controller = self._charger.controller
        controller.caps.is_stopped = False
        if controller.settings.mode == "off":
            text.say(self._charger, 'mode is off: evse.mode("solar") or evse.mode("fast") charges')

    def wake(self) -> None:
        """Interrupt the pilot once, as the ladder would; within its budget."""
        controller = self._charger.controller
        pulses = controller.wake.attempts
        controller.wants_pulse = True
        text.wait_for_tick(self._charger)
        text.wait_for_tick(self._charger)
        if controller.wake.attempts == pulses:
            text.say(self._charger, "no pulse: no car waits under an offer, or this plug-in's pulses are used up")

    def status(self) -> text.Figures:
        """Every figure by name, for scripts."""
        return text.status(self._charger)

    @property
    def cal(self) -> "Clamps":
        """The clamps' calibration: evse.cal.zero("grid"), mark, phase, gain, flip; `evse.cal` says how."""
        from evse.app.clamps import Clamps  # two KB of heap that only a person with a kettle needs

        return Clamps(self._charger)

    def journal(self) -> None:
        """Print the events that are not on flash yet (journal.txt has the others)."""
        ring = self._charger.controller.journal
        for index in range(ring.count):
            text.say(self._charger, ring.line(index))
        if ring.dropped:
            text.say(self._charger, "%d events lost" % ring.dropped)


class Tune:
    """The settings at the REPL: `tune` lists them, tune.NAME = value checks and applies, tune.save() keeps them."""

    _charger: "Charger"

    def __init__(self, charger: "Charger") -> None:
        object.__setattr__(self, "_charger", charger)

    def __repr__(self) -> str:
        text.say(self._charger, text.settings_list(self._charger))
        return ""

    def __getattr__(self, name: str) -> object:
        values = self._charger.controller.settings.as_dict()
        if name not in values:
            raise AttributeError("no setting %s; `tune` lists them" % name)
        return values[name]

    def __setattr__(self, name: str, value: object) -> None:
        try:
            checked = check(name, value)
        except KeyError as error:
            raise AttributeError(error.args[0]) from None
        setattr(self._charger.controller.settings, name, checked)

    def save(self) -> None:
        """Keep the settings on flash, at once or when the contactor is open."""
        self._charger.wants_save = True
        text.say(self._charger, "saved within seconds" if self._charger.may_write else "saved when the contactor opens")
