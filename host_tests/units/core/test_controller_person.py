"""What a person does to the controller at the button, and what it says of itself."""

from scene import SLOW_MS, Reference, Scene, charging, offered
from test_controller import reason

from evse.safety import guard


def test_the_button_stops_and_resumes_and_boosts():
    scene = charging(Reference)
    controller = scene.controller

    def press(length_ms):
        for is_pressed, for_ms in ((False, 40), (True, length_ms), (False, 100)):
            for _ in range(for_ms // 20):
                scene.tick()
                controller.press(is_pressed, scene.now_ms)

    press(200)
    assert controller.wishes.is_stopped
    press(200)
    assert not controller.wishes.is_stopped
    press(200)
    press(2500)
    assert (controller.wishes.is_stopped, controller.wishes.is_boosted) == (False, True)
    scene.car = "A"
    scene.run_ms(200)
    assert not controller.wishes.is_boosted


def test_a_stop_is_forgotten_when_the_car_leaves():
    scene = charging(Reference)
    scene.controller.wishes.stop()
    scene.car = "A"
    scene.run_ms(200)
    assert not scene.controller.wishes.is_stopped


def test_reasons_of_a_car_that_waits():
    scene = Scene(Reference)
    scene.tick()
    assert reason(scene) == "no car"
    scene = offered(Reference)
    assert reason(scene) == "waiting for the car to take the offer"
    scene.car = "C"
    scene.until(lambda each: each.state == "C2", 1000)
    scene = offered(Reference)
    scene.controller.settings.mode = "solar"
    scene.controller.patience.is_welcome = False
    scene.tick(SLOW_MS)
    assert reason(scene) == "waiting for sun"
    scene.controller.settings.mode = "fast"
    scene.temperature_cdeg = 9000
    scene.tick(SLOW_MS)
    assert reason(scene) == "no current to give"


def test_reasons_of_test_and_fault():
    scene = Scene(Reference)
    scene.run_ms(100)
    scene.monitor_works = False
    scene.car = "B"
    scene.run_ms(200)
    assert reason(scene) == "testing the residual-current monitor"
    scene.run_ms(1000)
    assert (reason(scene), scene.faults) == ("fault", guard.FAULT_SELF_TEST)
