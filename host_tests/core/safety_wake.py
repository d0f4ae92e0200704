"""Safety rule of wake pulses: S24. Written once, for every board."""

from scene import SLOW_MS, charging, offered, twice

from evse.core import journal
from evse.core.duty import duty_bp_from_ma
from evse.core.types import PILOT_MINUS12, PILOT_OPEN, PILOT_PWM


class WakeRules:
    """A subclass states its board's facts."""

    def test_S24_a_wake_pulse_never_falls_into_a_charge(self):
        scene = charging(self)
        for _ in range(35000 // SLOW_MS):
            scene.controller.wants_pulse = True
            scene.tick(SLOW_MS)
            assert scene.permits and scene.state == "C2", scene.ran_ms

    def test_S24_a_wake_pulse_is_no_unplug_and_comes_back_at_the_final_duty(self):
        for scene in twice(offered, self, 32000):
            scene.until(lambda each: each.state == "wake", 31000, SLOW_MS)
            assert scene.pilot == (PILOT_OPEN if self.has_switch else PILOT_MINUS12)
            while scene.state == "wake":
                assert not scene.permits
                scene.tick()
            took_ms = scene.until(lambda each: each.pilot == PILOT_PWM, 1100)
            assert 500 <= took_ms <= 1000, took_ms
            assert scene.controller.duty_bp == duty_bp_from_ma(scene.controller.offer.offer_ma) < 10000
            assert journal.UNPLUGGED not in scene.journal_codes()

    def test_S24_a_plug_in_gets_three_pulses_at_most(self):
        scene = offered(self)
        count = 0
        while scene.ran_ms < 140000:
            was = scene.state
            scene.controller.wants_pulse = scene.ran_ms % 1000 == 0
            scene.tick(SLOW_MS)
            count += was != "wake" and scene.state == "wake"
        assert 1 <= count <= 3, count
