"""The controller and a car's patience: first charge, pause, a pulse before the offer, what is counted and said."""

from scene import SLOW_MS, Reference, Scene
from test_controller import reason, states

from evse.safety.limits import PILOT_OPEN, PILOT_PWM

WAIT_MS = 1000  # ticks so far apart close nothing, and are quick


class Sunny(Scene):
    """A scene in a mode that follows the sun, with `sun_w` of surplus and a car that takes what it is offered."""

    def __init__(self, mode, sun_w=0, **record):
        super().__init__(Reference)
        self.controller.settings.mode = mode
        for name, value in record.items():
            setattr(self.controller.car, name, value)
        self.sun_w = sun_w
        self.takes = True
        self.run_ms(100)
        self.car = "B"

    def tick(self, gap_ms=20):
        self.house_w = -self.sun_w
        if self.takes and self.car != "A":
            self.car = "C" if self.pilot == PILOT_PWM else "B"
        super().tick(gap_ms)

    def run_s(self, seconds):
        self.run_ms(seconds * 1000, SLOW_MS)

    def wait_s(self, seconds):
        self.run_ms(seconds * 1000, WAIT_MS)

    def charged_s(self, seconds):
        """How long it charged in the next `seconds`."""
        ticks = 0
        for _ in range(seconds * 1000 // SLOW_MS):
            self.tick(SLOW_MS)
            ticks += self.permits
        return ticks * SLOW_MS / 1000


def test_the_first_charge_is_a_minute_at_6_a_without_any_sun_and_once():
    for mode in ("solar", "eco"):
        scene = Sunny(mode)
        assert 59 <= scene.charged_s(70) <= 62, mode
        scene.wait_s(400)
        assert {offer for _, _, pilot, _, offer in scene.trace if pilot == PILOT_PWM} == {6000}
        assert scene.charged_s(20) == 0
        assert scene.controller.patience.spent == 1


def test_no_first_charge_for_a_car_whose_record_wants_none_or_in_another_mode():
    scene = Sunny("solar", name="plain", welcome_s=0)
    scene.wait_s(300)
    assert scene.charged_s(20) == 0 and PILOT_PWM not in [pilot for _, _, pilot, _, _ in scene.trace]
    assert Sunny("off").charged_s(20) == 0


def test_the_first_charge_obeys_every_cap():
    scene = Sunny("solar")
    scene.plug_ma = 0
    assert scene.charged_s(20) == 0
    scene = Sunny("solar")
    scene.controller.wishes.stop()
    assert scene.charged_s(20) == 0
    scene = Sunny("solar")
    scene.sun_w = -40000  # the house takes all the fuse gives
    assert scene.charged_s(20) == 0


def test_a_car_that_does_not_take_6_a_is_offered_10():
    scene = Sunny("solar")
    scene.takes = False
    scene.run_s(44)
    assert scene.controller.offer.offer_ma == 6000
    scene.run_s(10)
    assert scene.controller.offer.offer_ma == 10000
    scene.takes = True
    assert 59 <= scene.charged_s(75) <= 62


def test_a_car_that_does_not_take_the_first_charge_is_not_pulsed_for_it():
    scene = Sunny("solar")
    scene.takes = False
    scene.wait_s(400)
    assert "wake" not in states(scene) and scene.controller.patience.spent == 0
    assert reason(scene) == "waiting for sun"


def test_an_unknown_car_gets_its_pause_between_a_stop_and_the_next_offer():
    scene = Sunny("solar")
    scene.charged_s(66)
    assert not scene.permits
    scene.sun_w = 4000
    scene.wait_s(100)
    assert reason(scene) == "giving the car the pause it needs after a stop"
    wait_ms = scene.until(lambda each: each.pilot == PILOT_PWM, 300000, WAIT_MS)
    assert 195000 <= wait_ms <= 206000
    assert "giving the car the pause it needs after a stop" not in reason(scene)


def test_a_person_in_fast_need_not_wait_unless_the_car_has_a_name():
    for name, waits in (("", False), ("id4", True)):
        scene = Sunny("fast", name=name)
        scene.run_s(30)
        assert scene.permits
        scene.controller.wishes.stop()
        scene.run_s(10)
        scene.controller.wishes.start()
        scene.run_s(20)
        assert scene.permits == (not waits), name


def test_a_car_that_surely_sleeps_is_pulsed_while_the_sun_is_counted():
    scene = Sunny("solar", name="known", pulse=PILOT_OPEN, pulse_ms=5000, sleeps_s=600, welcome_s=0)
    scene.wait_s(700)
    scene.sun_w = 1450
    scene.until(lambda each: each.state == "wake", 300000, SLOW_MS)
    assert scene.pilot == PILOT_OPEN and "B2" not in states(scene)
    scene.until(lambda each: each.pilot == PILOT_PWM, 40000, SLOW_MS)  # the pulse itself has raised a start's price
    scene.run_s(5)
    assert scene.permits
    assert states(scene).count("wake") == 1


def test_no_pulse_before_the_offer_while_the_car_s_pause_runs():
    record = {"pulse": PILOT_OPEN, "pulse_ms": 5000, "sleeps_s": 100, "min_off_s": 300}
    scene = Sunny("solar", name="known", **record)
    scene.charged_s(66)
    scene.wait_s(120)
    scene.sun_w = 4000
    wake_ms = scene.until(lambda each: each.state == "wake", 200000, WAIT_MS)
    assert wake_ms >= 170000, "its pause is over"


def test_each_stop_counts_and_a_solar_charge_is_not_begun_without_a_stop_left():
    scene = Sunny("solar", 4000, min_off_s=0)
    scene.controller.settings.start_wh = 0
    scene.controller.settings.least_on_s = scene.controller.settings.least_off_s = 60
    starts = 0
    for _ in range(5):
        scene.sun_w = 4000
        starts += scene.charged_s(75) > 0
        scene.sun_w = -3000
        scene.charged_s(120)
        assert not scene.permits
    assert starts == 3, "one stop and the pulse it may need are kept"
    scene.sun_w = 4000
    scene.wait_s(100)
    assert reason(scene) == "this car takes no more interruptions: off until replugged"
    assert scene.controller.patience.spent == 3


def test_eco_holds_the_least_current_when_the_patience_is_spent():
    scene = Sunny("eco", 4000, min_off_s=0)
    scene.charged_s(60)
    for _ in range(3):
        scene.controller.patience.count(scene.controller.uptime_s)
    scene.sun_w = -3000
    assert scene.charged_s(900) == 900, "1.1 kWh of import"
    assert scene.controller.offer.offer_ma == 6000
    assert reason(scene).startswith("holding the least current")


def test_the_record_of_an_unknown_car_goes_with_the_plug_and_a_named_one_stays():
    for name, stays in (("", False), ("zoe", True)):
        scene = Sunny("fast", name=name)
        scene.controller.car.woke(PILOT_OPEN, 46000, 10, 900)
        scene.takes = False
        scene.run_s(2)
        scene.car = "A"
        scene.run_s(2)
        assert (scene.controller.car.sleeps_s == 900) == stays
