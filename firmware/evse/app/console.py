"""What a person types at the REPL: `evse` and `tune`.

May lower, stop, start and ask; nothing here closes the contactor, lifts a limit or clears a fault.
"""

from evse.app.clock import now_ms
from evse.app.pace import say, wait_for_tick

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evse.app import text
    from evse.app.charger import Charger
    from evse.app.clamps import Clamps


def check_whole(name: str, value: object, highest: int) -> int:
    """`value` if it is a whole number 0..`highest`; raises ValueError."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= highest:
        raise ValueError("%s: a whole number 0..%d, not %r" % (name, highest, value))
    return value


class Evse:
    """The charger at the REPL: `evse` shows its card; evse.mode(), boost(), stop(), start(), wake(), car(), forget(),
    cal, status(), verdict(), report(), journal()."""

    def __init__(self, charger: "Charger") -> None:
        self._charger = charger

    def __repr__(self) -> str:
        from evse.app import text

        say(self._charger, text.card(self._charger, now_ms()))
        return ""

    def mode(self, name: str) -> None:
        """Set the mode: off, fast, solar, eco or min; raises ValueError for any other."""
        from evse.core.setting_table import put

        controller = self._charger.controller
        put(controller.settings, "mode", name)
        controller.caps.is_boosted = False
        controller.caps.boost.end()
        if name in ("solar", "eco", "min"):
            if self._charger.board["reference"] is None:
                from evse.app import text

                say(self._charger, text.NO_REFERENCE)
            elif controller.caps.is_sun_blind:
                say(self._charger, name + " needs a grid clamp on each of three phases; there is one: no charge")

    def boost(self, kwh: int = 0, minutes: int = 0) -> None:
        """Charge with all that is allowed for so many kWh or minutes, then as the mode says; 0 and 0 ends a boost.

        Raises ValueError for anything that is not 0..100 kWh and 0..1440 minutes.
        """
        controller = self._charger.controller
        wh = check_whole("kwh", kwh, 100) * 1000
        controller.caps.boost.begin(wh, check_whole("minutes", minutes, 1440), controller.energy.wh, now_ms())

    def stop(self) -> None:
        """Stop charging until start(), the button, or the next plug-in."""
        self._charger.controller.caps.is_stopped = True

    def start(self) -> None:
        """Charge again as the mode allows."""
        controller = self._charger.controller
        controller.caps.is_stopped = False
        if controller.settings.mode == "off":
            say(self._charger, 'mode is off: evse.mode("solar") or evse.mode("fast") charges')

    def wake(self) -> None:
        """Interrupt the pilot once, as the ladder would; within its budget."""
        controller = self._charger.controller
        pulses = controller.wake.attempts
        controller.wants_pulse = True
        wait_for_tick(self._charger)
        wait_for_tick(self._charger)
        if controller.wake.attempts == pulses:
            say(self._charger, "no pulse: no car waits under an offer, or this plug-in's pulses are used up")

    def car(self, name: "str | None" = None, **stated: int) -> None:
        """Show the record of the car; with a name: the car is this one, with what is stated; "": an unknown one.

        Raises ValueError for a name or figure that cannot be, and changes nothing then.
        """
        from evse.app import cars

        charger = self._charger
        if name is not None:
            cars.choose(charger.controller.car, name, stated)
        say(charger, cars.show(charger.controller.car))

    def forget(self, name: str) -> None:
        """Erase what is known of a car, on flash too once the contactor is open."""
        charger = self._charger
        charger.keeper.forgotten = name
        if charger.controller.car.name == name:
            charger.controller.car.name = ""
            charger.controller.car.forget()
        say(charger, "forgotten within seconds" if charger.keeper.may_write else "forgotten when the contactor opens")

    def status(self) -> "text.Figures":
        """Every figure by name, for scripts."""
        from evse.app import text

        return text.status(self._charger)

    def verdict(self) -> None:
        """Say who is accountable for the time in which the car could have charged and did not, with the facts."""
        from evse.app import verdict

        say(self._charger, verdict.text(self._charger))

    def report(self) -> None:
        """Print the figures behind the verdict and the whole journal, for `make verdict`."""
        from evse.app import verdict

        verdict.report(self._charger)

    @property
    def cal(self) -> "Clamps":
        """The clamps' calibration: evse.cal.zero("grid"), mark, phase, gain, flip; `evse.cal` says how."""
        from evse.app.clamps import Clamps

        return Clamps(self._charger)

    def journal(self) -> None:
        """Print the events that are not on flash yet (journal.txt has the others)."""
        from evse.app import events

        events.show(self._charger)


class Tune:
    """The settings at the REPL: `tune` lists them, tune.NAME = value checks and applies, tune.save() keeps them."""

    _charger: "Charger"

    def __init__(self, charger: "Charger") -> None:
        object.__setattr__(self, "_charger", charger)

    def __repr__(self) -> str:
        from evse.app import text

        say(self._charger, text.settings_list(self._charger))
        return ""

    def __getattr__(self, name: str) -> object:
        from evse.core.setting_table import as_dict

        values = as_dict(self._charger.controller.settings)
        if name not in values:
            raise AttributeError("no setting %s; `tune` lists them" % name)
        return values[name]

    def __setattr__(self, name: str, value: object) -> None:
        from evse.core.setting_table import put

        try:
            put(self._charger.controller.settings, name, value)
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def save(self) -> None:
        """Keep the settings on flash, at once or when the contactor is open."""
        keeper = self._charger.keeper
        keeper.wants_save = True
        say(self._charger, "saved within seconds" if keeper.may_write else "saved when the contactor opens")
