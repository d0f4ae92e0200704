"""What a person types at the REPL: `evse` and `tune`.

May lower, stop, start and ask; nothing here closes the contactor, lifts a limit or clears a fault. Nothing is imported
while the contactor may be closed: an import from flash holds the tick up for 25-110 ms.
"""

import gc
import json
from time import sleep_ms

from micropython import const

from evse import VERSION
from evse import settings as table
from evse.app import cars, text
from evse.app.keeper import JOURNAL_FILE, today
from evse.record import ledger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from evse.app.calibrate import Clamps
    from evse.app.charger import Charger

# The UART's FIFO takes 128 bytes; past that a print blocks the tick at 87 us a character. Each newline goes out as two.
_PIECE_CHARS = const(90)
_PATIENCE_MS = const(60)
_MOST_TICKS = const(8)  # one of four comes in time and takes no burst; what disturbs it comes once a second
_ROOM_MS = const(10)  # a slow chip has no such tick: there the next is 17 ms late
_LINES_A_COLLECTION = const(16)
_ROW_NAMES = "began_s base_s length_s sunny_s wh"
_CASE_NAMES = "at_s cause lost_s offer_ma high_mv low_mv pulses pulse_ms answer_ms detail ended_by base_s"


def say(charger: "Charger", words: str) -> None:
    """Print `words` and a newline, at most 100 characters between two ticks: a long print would hold the tick up."""
    words += "\n"
    for start in range(0, len(words), _PIECE_CHARS):
        print(words[start : start + _PIECE_CHARS], end="")
        wait_for_tick(charger)


def wait_for_tick(charger: "Charger") -> None:
    """Return when the next tick is over, or after 60 ms."""
    ticks = charger.tick_count
    for _ in range(_PATIENCE_MS):
        if charger.tick_count != ticks:
            return
        sleep_ms(1)


def collect(charger: "Charger") -> None:
    """Collect garbage right behind a tick that leaves room: 0.16 ms a KB delay the next by 10 ms at most."""
    for _ in range(_MOST_TICKS):
        wait_for_tick(charger)
        if charger.room_ms >= _ROOM_MS:
            break
    gc.collect()


def check_whole(name: str, value: object, highest: int) -> int:
    """`value` if it is a whole number 0..`highest`; raises ValueError."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= highest:
        raise ValueError("%s: a whole number 0..%d, not %r" % (name, highest, value))
    return value


class Figures:
    """Figures by name, figures["offer_ma"], printed at the pace of the tick; `values` is the plain dict."""

    def __init__(self, charger: "Charger", values: "dict[str, object]") -> None:
        self.values = values
        self._charger = charger

    def __getitem__(self, name: str) -> object:
        return self.values[name]

    def __repr__(self) -> str:
        say(self._charger, "\n".join(["%s %s" % row for row in sorted(self.values.items())]))
        collect(self._charger)
        return ""


class NotNow:
    """Stands for the calibration where there is none, or none now: whatever is asked of it, it says why."""

    def __init__(self, say_line: "Callable[[str], None]", why: str) -> None:
        self._say_line = say_line
        self._why = why

    def __repr__(self) -> str:
        self._say_line(self._why)
        return ""

    def zero(self, *_: object) -> None:
        """Say why not."""
        self._say_line(self._why)

    mark = phase = gain = flip = zero


class Evse:
    """The charger at the REPL: `evse` shows its card; evse.mode(), boost(), stop(), start(), wake(), car(), forget(),
    cal, status(), verdict(), report(), journal(), selftest()."""

    def __init__(self, charger: "Charger") -> None:
        self._charger = charger
        self._cal: Clamps | None = None

    def __repr__(self) -> str:
        charger = self._charger
        self._ask()
        chip = text.chip(charger.beat, charger.late_count)
        self._say(text.card(charger.facts, charger.controller.car.name, chip, charger.keeper.notice))
        return ""

    def mode(self, name: str) -> None:
        """Set the mode: off, fast, solar, eco or min; raises ValueError for any other."""
        controller = self._charger.controller
        table.put(controller.settings, "mode", name)
        controller.wishes.follow_mode()
        if name in ("solar", "eco", "min"):
            if self._charger.board["reference"] is None:
                self._say(text.NO_REFERENCE)
            elif controller.is_sun_blind:
                self._say(name + " needs a grid clamp on each of three phases; there is one: no charge")

    def boost(self, kwh: int = 0, minutes: int = 0) -> None:
        """Charge with all that is allowed for so many kWh or minutes, then as the mode says; 0 and 0 ends a boost.

        Raises ValueError for anything that is not 0..100 kWh and 0..1440 minutes.
        """
        wh = check_whole("kwh", kwh, 100) * 1000
        self._charger.controller.wishes.boost_for(wh, check_whole("minutes", minutes, 1440))

    def stop(self) -> None:
        """Stop charging until start(), the button, or the next plug-in."""
        self._charger.controller.wishes.stop()

    def start(self) -> None:
        """Charge again as the mode allows."""
        controller = self._charger.controller
        controller.wishes.start()
        if controller.settings.mode == "off":
            self._say('mode is off: evse.mode("solar") or evse.mode("fast") charges')

    def wake(self) -> None:
        """Interrupt the pilot once, as the ladder would; within its budget."""
        controller = self._charger.controller
        pulses = controller.wake.attempts
        controller.wishes.pulse()
        wait_for_tick(self._charger)
        wait_for_tick(self._charger)
        if controller.wake.attempts == pulses:
            self._say("no pulse: no car waits under an offer, or this plug-in's pulses are used up")

    def car(self, name: "str | None" = None, **stated: int) -> None:
        """Show the record of the car; with a name: the car is this one, with what is stated; "": an unknown one.

        Raises ValueError for a name or figure that cannot be, and changes nothing then.
        """
        car = self._charger.controller.car
        if name is not None:
            cars.choose(car, name, stated)
        self._say(cars.show(car))

    def forget(self, name: str) -> None:
        """Erase what is known of a car, on flash too once the contactor is open."""
        charger = self._charger
        charger.keeper.forgotten = name
        if charger.controller.car.name == name:
            charger.controller.car.name = ""
            charger.controller.car.forget()
        self._say("forgotten within seconds" if charger.keeper.may_write else "forgotten when the contactor opens")

    def status(self) -> Figures:
        """Every figure by name, for scripts."""
        self._ask()
        charger = self._charger
        figures = text.status(charger.facts)
        figures["ticks"] = charger.tick_count
        figures["tick_errors"] = charger.tick_errors
        figures["late"] = charger.late_count
        figures["busy_percent"] = charger.beat.busy_percent
        figures["longest_gap_ms"] = charger.beat.longest_ms
        return Figures(charger, figures)

    def verdict(self) -> None:
        """Say who is accountable for the time in which the car could have charged and did not, with the facts."""
        charger = self._charger
        book = charger.controller.ledger
        base_s = charger.controller.journal.base_s
        for line in text.verdict(book, base_s, charger.keeper.gap):
            self._say(line)
        if charger.may_load:
            from evse.app import verdict

            for line in verdict.cases(book.evidence, base_s):
                self._say(line)
        elif book.evidence.count:
            self._say("%d cases: told with the contactor open, or by `rouse verdict`" % book.evidence.count)

    def report(self) -> None:
        """Print the figures behind the verdict for `rouse verdict`, a JSON object a line, then the whole journal.

        What the standard allows is told with the contactor open alone.
        """
        charger = self._charger
        core = charger.controller
        book = core.ledger
        cases = book.evidence
        ring = core.journal
        cells = book.cells
        self._tell(version=VERSION, board=charger.board["name"], uptime_s=core.uptime_s, base_s=ring.base_s)
        read_us, thousand_us = charger.chip_us
        self._tell(read_us=read_us, thousand_us=thousand_us, busy_percent=charger.beat.busy_percent)
        self._tell(longest_gap_ms=charger.beat.longest_ms, late=charger.late_count)
        self._tell(gap=charger.keeper.gap, sessions=book.sessions, settings=table.as_dict(core.settings))
        fields = range(ledger.CASE_FIELDS)
        self._tell(rows=[list(cells[at : at + ledger.ROW_FIELDS]) for at in range(0, len(cells), ledger.ROW_FIELDS)])
        self._tell(cases=[[cases.cell(case, field) for field in fields] for case in range(cases.count)])
        self._tell(row_names=_ROW_NAMES.split(), case_names=_CASE_NAMES.split(), cases_dropped=cases.dropped)
        parties = [text.PARTIES[party] for party in ledger.PARTY_OF]
        self._tell(causes=[list(row) for row in zip(parties, text.CAUSES)])
        self._tell(allowed=self._allowed())
        self._tell(events=[ring.event(index) for index in range(ring.count)], events_dropped=ring.dropped)
        self._print_saved()
        self.journal()

    def _allowed(self) -> "Sequence[str]":
        if not self._charger.may_load:
            return [""] * ledger.CAUSE_COUNT
        from evse.app.verdict import ALLOWED

        return ALLOWED

    @property
    def cal(self) -> "Clamps | NotNow":
        """The clamps' calibration: evse.cal.zero("grid"), mark, phase, gain, flip; `evse.cal` says how."""
        charger = self._charger
        if charger.metering is None:
            return NotNow(self._say, "this board has no clamp")
        if self._cal is None and not charger.may_load:
            return NotNow(self._say, "calibration is loaded with the contactor open: evse.stop(), then evse.cal")
        if self._cal is None:
            from evse.app.calibrate import Clamps

            self._cal = Clamps(charger.metering, self._say, self._wait, today())
        return self._cal

    def selftest(self) -> None:
        """Measure the chip and its inputs again, and say what they came to; with the contactor open alone."""
        if not self._charger.may_load:
            self._say("the self-test runs with the contactor open: evse.stop(), then evse.selftest()")
            return
        from evse.app import selftest

        for line in selftest.told(self._charger.board["pins"]):
            self._say(line)

    def journal(self) -> None:
        """Print the events that are not on flash yet (journal.txt has the others)."""
        journal = self._charger.controller.journal
        self._say_all(text.event_line(journal, index) for index in range(journal.count))
        if journal.dropped:
            self._say("%d events lost" % journal.dropped)

    def _ask(self) -> None:
        """Have the next tick tell its facts, and wait for it."""
        self._charger.controller.wishes.wants_facts = True
        wait_for_tick(self._charger)

    def _wait(self) -> None:
        wait_for_tick(self._charger)

    def _say(self, words: str) -> None:
        say(self._charger, words)
        collect(self._charger)

    def _say_all(self, lines: "Iterable[str]") -> None:
        """Short lines: garbage is collected after several."""
        for number, line in enumerate(lines):
            say(self._charger, line.rstrip())
            if number % _LINES_A_COLLECTION == _LINES_A_COLLECTION - 1:
                collect(self._charger)
        collect(self._charger)

    def _tell(self, **figures: object) -> None:
        self._say(json.dumps(figures))

    def _print_saved(self) -> None:
        for name in (JOURNAL_FILE + ".old", JOURNAL_FILE):
            try:
                with open(name) as file:
                    self._say_all(file)
            except OSError:
                pass  # nothing was saved there yet


class Tune:
    """The settings at the REPL: `tune` lists them, tune.NAME = value checks and applies, tune.save() keeps them."""

    _charger: "Charger"

    def __init__(self, charger: "Charger") -> None:
        object.__setattr__(self, "_charger", charger)

    def __repr__(self) -> str:
        say(self._charger, text.settings_list(self._charger.controller.settings))
        collect(self._charger)
        return ""

    def __getattr__(self, name: str) -> object:
        values = table.as_dict(self._charger.controller.settings)
        if name not in values:
            raise AttributeError("no setting %s; `tune` lists them" % name)
        return values[name]

    def __setattr__(self, name: str, value: object) -> None:
        try:
            table.put(self._charger.controller.settings, name, value)
        except KeyError as error:
            raise AttributeError(error.args[0]) from None
        self._charger.controller.wishes.settings_changed()

    def save(self) -> None:
        """Keep the settings on flash, at once or when the contactor is open."""
        keeper = self._charger.keeper
        keeper.wants_save = True
        say(self._charger, "saved within seconds" if keeper.may_write else "saved when the contactor opens")
