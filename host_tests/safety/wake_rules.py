"""Safety rule of wake pulses: S24. Written once, for every board."""

from scene import SLOW_MS, charging, offered, twice

from evse.record import facts
from evse.safety.limits import PILOT_MINUS12, PILOT_OPEN, PILOT_PWM


class WakeRules:
    """A subclass states its board's facts."""

    def test_S24_a_wake_pulse_never_falls_into_a_charge(self):
        scene = charging(self)
        for _ in range(35000 // SLOW_MS):
            scene.controller.wishes.pulse()
            scene.tick(SLOW_MS)
            assert scene.permits and scene.state == "C2", scene.ran_ms

    def test_S24_a_wake_pulse_is_no_unplug_and_comes_back_at_the_final_duty(self):
        for scene in twice(offered, self, 32000):
            scene.until(lambda each: each.state == "wake", 31000, SLOW_MS)
            assert scene.pilot == (PILOT_OPEN if self.has_switch else PILOT_MINUS12)
            while scene.state == "wake":
                assert not scene.permits
                scene.tick(SLOW_MS)
            took_ms = scene.until(lambda each: each.pilot == PILOT_PWM, 1100)
            assert 500 <= took_ms <= 1000, took_ms
            assert scene.controller.duty_bp == min(32000, self.max_ma) // 6, "0.01 % of duty are 6 mA"
            assert facts.EVENT_UNPLUGGED not in scene.journal_codes()

    def test_S24_an_unknown_car_gets_four_interruptions_at_most(self):
        scene = offered(self)
        count = 0
        while scene.ran_ms < 100000:
            was = scene.state
            scene.controller.wants_pulse = scene.ran_ms % 1000 == 0
            scene.tick(SLOW_MS)
            count += was != "wake" and scene.state == "wake"
        assert 1 <= count <= 4, count
        patience = scene.controller.patience
        for _ in range(4):
            patience.count(scene.controller.uptime_s)
        scene.controller.wake.car_answered(scene.controller.uptime_s)
        scene.controller.wishes.pulse()
        scene.run_ms(35000, SLOW_MS)
        assert scene.state == "B2", "the ladder begins anew, the budget does not"

    def test_S24_a_car_that_left_in_a_pulse_is_unplugged_after_it_at_the_latest(self):
        scene = offered(self)
        scene.controller.wishes.pulse()
        scene.run_ms(1000)
        assert scene.state == "wake"
        scene.car = "A"
        limit_ms = 47000 if self.tethered_ma else 200
        scene.until(lambda each: each.state == "A", limit_ms, SLOW_MS if self.tethered_ma else 20)
        assert facts.EVENT_UNPLUGGED in scene.journal_codes()

    def test_S32_a_glitch_after_a_new_duty_opens_nothing_for_a_car_so_named(self):
        for glitch_ms, is_b_ms, stays in ((550, 500, True), (550, 600, False), (0, 40, False)):
            scene = charging(self)
            scene.controller.car.glitch_ms = glitch_ms
            scene.controller.settings.max_ma = 10000
            scene.controller.wishes.settings_changed()
            scene.tick()
            scene.car = "B"
            for _ in range(is_b_ms // 20):
                scene.tick()
                if stays:
                    assert scene.permits and scene.state == "C2", scene.ran_ms
            assert scene.permits == stays, (glitch_ms, is_b_ms)

    def test_S32_an_unplug_in_the_glitch_opens_at_once_and_nothing_is_closed_on_a_guess(self):
        scene = charging(self)
        scene.controller.car.glitch_ms = 550
        scene.controller.settings.max_ma = 10000
        scene.controller.wishes.settings_changed()
        scene.tick()
        scene.car = "A"
        scene.tick()
        assert not scene.permits
        scene = offered(self)
        scene.controller.car.glitch_ms = 550
        scene.car = "C"
        scene.run_ms(300)
        scene.car = "B"
        for max_ma in range(20000, 10000, -500):
            scene.controller.settings.max_ma = max_ma
            scene.controller.wishes.settings_changed()
            scene.run_ms(60)
            assert not scene.permits and scene.state == "B2"
