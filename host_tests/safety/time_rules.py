"""Safety rules of time and of the start: S14, S15, S17. Written once, for every board."""

from contactor_rules import never_closes
from scene import LAST_MS, TICK_MS, Scene, charging, offered, twice

from evse.settings import MODES, TABLE, put


def plug(scene):
    scene.car = "B"


def take(scene):
    scene.car = "C"


def leave(scene):
    scene.car = "A"


def stop(scene):
    scene.controller.wishes.stop()


def start(scene):
    scene.controller.wishes.start()


def trip(scene):
    scene.is_tripped = True


def calm(scene):
    scene.is_tripped = False


def pulse(scene):
    scene.controller.wishes.pulse()


# (ms since the last, what happens): a charge, a stop obeyed, a stop not obeyed, a pulse, a fault, a replug.
STORY = (
    (100, plug), (3400, take), (1500, stop), (900, plug), (500, start), (3600, take), (1000, stop), (6300, start),
    (400, plug), (500, pulse), (5500, take), (1000, trip), (100, calm), (700, leave), (300, plug), (3500, take),
    (1000, leave), (300, leave),
)  # fmt: skip


def tell(board, start_ms):
    """What comes out while the story is told, and what the journal says of it."""
    scene = Scene(board, start_ms)
    for after_ms, happen in STORY:
        scene.run_ms(after_ms)
        happen(scene)
    return scene.trace, scene.journal_codes()


class TimeRules:
    """A subclass states its board's facts."""

    def test_S14_the_contactor_is_open_at_boot_for_any_stored_settings(self):
        for name, _, lowest, highest, _ in TABLE:
            for value in MODES if name == "mode" else (lowest, highest):
                scene = Scene(self)
                put(scene.controller.settings, name, value)
                assert not scene.permits and not scene.controller.session.may_be_closed
                scene.car = "C"
                never_closes(scene, 3400)

    def test_S14_before_the_first_reading_everything_is_blocked(self):
        scene = Scene(self)
        inputs = scene.controller.inputs
        assert (inputs.high_mv, inputs.low_mv, inputs.residual_tripped, inputs.cable_ma) == (None, None, True, 0)
        assert scene.controller.offer.offer_ma == 0
        opened = []
        for now_ms in range(0, 5000, TICK_MS):
            scene.controller.tick(now_ms, now_ms // TICK_MS % 12, lambda: opened.append(1))
            assert not scene.permits
        assert len(opened) == 250

    def test_S15_a_wrap_of_the_clock_changes_nothing(self):
        trace, codes = tell(self, 0)
        assert len([1 for entry in trace if entry[3]]) >= 3, trace
        length_ms = trace[-1][0]
        for part in (2, 4, 7):
            wrapped = tell(self, LAST_MS + 1 - length_ms * part // 8)
            assert wrapped == (trace, codes), part

    def test_S17_a_break_restarts_the_wait_for_closing(self):
        for scene in twice(offered, self, 700):
            scene.car = "C"
            scene.run_ms(480)
            scene.car = "B"
            scene.tick()
            scene.car = "C"
            assert scene.until(lambda each: each.permits, 1000) - TICK_MS == 500

    def test_S17_a_break_restarts_the_wait_of_an_opened_contactor(self):
        scene = charging(self)
        scene.tick(100)
        scene.car = "B"
        scene.until(lambda each: each.state == "B2", 4000)
        scene.car = "C"
        scene.run_ms(400)
        scene.tick(70)
        scene.car = "C"
        never_closes(scene, 480, TICK_MS)
