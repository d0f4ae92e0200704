"""A scene for the core tests: one controller, a car on its pilot, and a clock that moves only when told.

Knows voltages and what a board has; does not know what the controller ought to do with them.
"""

from evse.app import text
from evse.core.controller import EVERY, ROUNDS_TICKS, SLOTS, Controller
from evse.safety.limits import GAP_MS, PILOT_MINUS12, PILOT_OPEN, PILOT_PWM, PILOT_X1, elapsed_ms

TICK_MS = 20
ROUND_MS = 280  # the longest: what a meter says is asked once a round
SLOW_MS = 50  # ticks further apart, where a scene only waits
LAST_MS = (1 << 30) - 1  # the last moment before time.ticks_ms() starts again at 0
MAINS_V = 230
# The car's side of the pilot (IEC 61851-1 table A.2); without a diode the negative half is loaded like the positive.
HIGH_MV = {"A": 12000, "B": 9000, "C": 6000, "D": 3000, "E": 0}


class Reference:
    """What boards/reference has; a SafetyRules subclass states the same facts for its board."""

    max_ma = 32000
    fuse_ma = 35000
    has_fan = False
    has_switch = True
    has_meter = True
    has_readback = True
    tethered_ma = 0  # 0: a socket that reads the plug's resistor


class Scene:
    """Attributes are what a person, the car or a defect can change between two ticks."""

    def __init__(self, board, start_ms=0):
        self.board = board
        has = (board.has_fan, board.has_switch, board.has_meter)
        self.controller = Controller(board.max_ma, *has, board.fuse_ma, MAINS_V)
        self.controller.settings.mode = "fast"
        self.now_ms = start_ms & LAST_MS
        self.ran_ms = 0
        self._ticks = 0
        self.was_opened_at_once = False  # in the last tick, before any other work
        self.car = "A"
        self.has_diode = True
        self.halves = None  # (high_mv, low_mv) to read instead of the car's
        self.plug_ma = 32000
        self.temperature_cdeg = 2500
        self.house_w = 300
        self.over_ma = 0  # drawn on top of the offer
        self.is_meter_alive = True
        self.is_tripped = False
        self.monitor_works = True
        self.is_welded = False
        self.coil_works = True
        self.is_closed = False  # the main contacts
        self.trace = []  # (ran_ms, state, pilot, permits, offer_ma) whenever one of them changed
        self.driven = PILOT_MINUS12  # PILOT_... while the next tick reads; a pin that is low puts -12 V out

    @property
    def state(self):
        """Name of the session's state."""
        return text.STATES[self.controller.session.state]

    @property
    def permits(self):
        """Whether the contactor is told to be closed."""
        return self.controller.interlock.permits

    @property
    def pilot(self):
        """PILOT_... put out now."""
        return self.controller.session.pilot

    @property
    def faults(self):
        """The latched faults' bits."""
        return self.controller.faults.bits

    @property
    def car_w(self):
        """What the car draws: all it is offered, and `over_ma`, while the contacts are closed."""
        return (self.controller.offer.offer_ma + self.over_ma) * MAINS_V // 1000 if self.is_closed else 0

    def tick(self, gap_ms=TICK_MS):
        """One tick, `gap_ms` after the last, as app/charger.py makes it; slow ones do everything."""
        controller = self.controller
        inputs = controller.inputs
        self.now_ms = (self.now_ms + gap_ms) & LAST_MS
        self.ran_ms += gap_ms
        inputs.is_late = gap_ms > GAP_MS
        inputs.high_mv, inputs.low_mv = self.halves or self._halves()
        is_tested = controller.self_test.is_pressing and self.monitor_works
        inputs.residual_tripped = self.is_tripped or is_tested
        self._read_slow()
        slot = EVERY if gap_ms >= SLOW_MS else SLOTS[self._ticks % ROUNDS_TICKS]
        self._ticks += 1
        self.was_opened_at_once = False
        controller.tick(self.now_ms, slot, self._open)
        self._move(self.permits)
        self.driven = controller.session.pilot
        self._note()

    def run_ms(self, length_ms, gap_ms=TICK_MS):
        """Ticks for at least `length_ms`."""
        end_ms = self.ran_ms + length_ms
        while self.ran_ms < end_ms:
            self.tick(gap_ms)

    def until(self, condition, limit_ms, gap_ms=TICK_MS):
        """Tick until `condition(self)`; the ms it took, an assertion when it passes `limit_ms`."""
        start_ms = self.ran_ms
        while not condition(self):
            assert self.ran_ms - start_ms < limit_ms, ("not within", limit_ms, self.state, self.trace[-6:])
            self.tick(gap_ms)
        return self.ran_ms - start_ms

    def journal_codes(self):
        """Codes of the journal's events, oldest first."""
        journal = self.controller.journal
        return [journal.event(index)[1] for index in range(journal.count)]

    def _halves(self):
        high_mv = HIGH_MV[self.car]
        low_mv = -12000 if self.car == "A" or (self.has_diode and self.car != "E") else -high_mv
        if self.driven == PILOT_OPEN:
            return 12000, 12000
        if self.driven == PILOT_PWM:
            return high_mv, low_mv
        return (high_mv, high_mv) if self.driven == PILOT_X1 else (low_mv, low_mv)

    def _read_slow(self):
        inputs = self.controller.inputs
        inputs.contactor_closed = self.is_closed if self.board.has_readback else None
        inputs.cable_ma = self.board.tethered_ma or (self.plug_ma if self.car != "A" else 0)
        inputs.temperature_cdeg = self.temperature_cdeg
        if self.board.has_meter and self.is_meter_alive:
            inputs.grid_w = self.house_w + self.car_w
            inputs.car_w = self.car_w
            inputs.meter_at_ms = self.now_ms

    def _open(self):
        self.was_opened_at_once = True
        self._move(False)

    def _move(self, is_commanded):
        self.is_closed = (is_commanded and self.coil_works) or (self.is_welded and self.is_closed)

    def _note(self):
        now = (self.state, self.pilot, self.permits, self.controller.offer.offer_ma)
        if not self.trace or self.trace[-1][1:] != now:
            self.trace.append((self.ran_ms,) + now)


def minds_nothing(scene):
    """Make the scene's car one that is known to mind no stop, no pause and no delay of its first charge."""
    car = scene.controller.car
    car.name = "patient"
    car.limit = car.per_h = car.min_off_s = car.welcome_s = 0
    return scene


def offered(board, start_ms=0):
    """A scene with a car in B under an offer, its self-test passed."""
    scene = Scene(board, start_ms)
    scene.run_ms(100)
    scene.car = "B"
    scene.until(lambda each: each.state == "B2", 10000, SLOW_MS)
    return scene


def charging(board, start_ms=0):
    """A scene that charges."""
    scene = offered(board, start_ms)
    scene.car = "C"
    scene.until(lambda each: each.permits, 3000)
    scene.run_ms(200)
    return scene


def twice(make, board, wrap_after_ms):
    """The scene of `make` from time 0, and once more so that the clock wraps `wrap_after_ms` after it is ready."""
    from_zero = make(board)
    start_ms = LAST_MS + 1 - from_zero.ran_ms - wrap_after_ms
    near_wrap = make(board, start_ms)
    assert elapsed_ms(LAST_MS, near_wrap.now_ms) == wrap_after_ms - 1
    return from_zero, near_wrap
