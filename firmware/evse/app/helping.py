"""What `help` says at the REPL, in pieces: the port's own holds the tick up for 60 ms and more.

Knows the commands by their names; does not know what they do.
"""

from evse.app.console import Evse, Tune, collect, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evse.app.charger import Charger

_LINES = (
    "evse             what it does and why",
    'evse.mode("solar")   or "off", "fast", "eco", "min"',
    "evse.boost(kwh=5)    all that is allowed, also by minutes=90; evse.boost() ends it",
    "evse.stop()      until evse.start(), the button, or the next plug-in",
    "evse.wake()      interrupt the pilot once, for a car that sleeps",
    'evse.car("leaf")     whose car this is, and what is stated of it; evse.car() shows it; evse.forget("leaf")',
    "evse.verdict()   who is accountable for lost time; evse.journal(), and evse.report() for `rouse verdict`",
    "evse.status()    every figure by name",
    "evse.cal         calibrate the clamps",
    "evse.selftest()  measure chip and inputs",
    "tune             the settings; tune.max_ma = 16000 sets one, tune.save() keeps them",
)


class Help:
    """`help`, help() and help(evse) list the commands; help(thing) lists the names in anything else."""

    def __init__(self, charger: "Charger") -> None:
        self._charger = charger

    def __call__(self, thing: object = None) -> None:
        """Print it."""
        is_ours = thing is None or isinstance(thing, (Evse, Tune))
        for line in _LINES if is_ours else [name for name in dir(thing) if name[0] != "_"]:
            say(self._charger, line)
        collect(self._charger)

    def __repr__(self) -> str:
        self()
        return ""
