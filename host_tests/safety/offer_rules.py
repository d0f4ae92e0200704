"""Safety rules of the offer and what goes into it: S02, S11, S12, S16, S28, S29. Written once, for every board."""

from scene import HIGH_MV, SLOW_MS, TICK_MS, Scene, charging, offered, twice

from evse.safety.limits import LEVEL_BAD, PILOT_PWM, PILOT_X1
from evse.settings import MODES, TABLE, put

CABLES_MA = (13000, 20000, 32000, 63000)
SETTINGS_MA = (6000, 10050, 16000, 63000)
HOUSES_W = (-9000, 0, 3000, 6670, 6700)


def heat_ma(cdeg, full_ma):
    """What a rising temperature leaves."""
    return full_ma if cdeg < 6500 else full_ma // 2 if cdeg < 7000 else 0


def told_ma(duty_bp):
    """What a duty tells the car (tables A.7 and A.8, at 10 % and over): 0.6 A a percent, over 85 % 2.5 A a percent."""
    return 0 if duty_bp == 10000 else duty_bp * 6 if duty_bp <= 8500 else (duty_bp - 6400) * 25


class OfferRules:
    """A subclass states its board's facts."""

    def lowest_ma(self, cable_ma, setting_ma, cdeg, house_w):
        """The lowest of all caps, worked out from what they stand for; 0 when it is no current for a car."""
        fuse_ma = self.fuse_ma - house_w * 1000 // 230 if self.has_meter else self.max_ma
        cable_ma = self.tethered_ma or cable_ma
        found_ma = min(self.max_ma, cable_ma, setting_ma, heat_ma(cdeg, self.max_ma), fuse_ma)
        return found_ma // 100 * 100 if found_ma >= 6000 else 0

    def test_S02_the_offer_is_the_lowest_cap_and_the_duty_says_no_more(self):
        for cable_ma in CABLES_MA:
            for setting_ma in SETTINGS_MA:
                for cdeg in (2500, 6499, 6500, 7000):
                    for house_w in HOUSES_W:
                        self.check_offer(cable_ma, setting_ma, cdeg, house_w)

    def check_offer(self, cable_ma, setting_ma, cdeg, house_w):
        scene = Scene(self)
        scene.car = "B"
        scene.plug_ma = cable_ma
        scene.temperature_cdeg = cdeg
        scene.house_w = house_w
        scene.controller.settings.max_ma = setting_ma
        scene.tick(SLOW_MS)
        lowest_ma = self.lowest_ma(cable_ma, setting_ma, cdeg, house_w)
        offer = scene.controller.offer
        case = (cable_ma, setting_ma, cdeg, house_w, offer.offer_ma, lowest_ma)
        assert offer.offer_ma == lowest_ma, case
        assert 0 <= lowest_ma - told_ma(scene.controller.duty_bp) < 25, case

    def test_S11_a_missing_pilot_reading_opens_at_once(self):
        for halves in ((None, None), (None, -12000), (6000, None)):
            scene = charging(self)
            scene.halves = halves
            scene.tick()
            assert not scene.permits, halves

    def test_S11_a_missing_temperature_withdraws_the_offer(self):
        for cdeg in (None, -4000, 12000):
            scene = charging(self)
            scene.temperature_cdeg = cdeg
            scene.run_ms(100)
            assert (scene.controller.offer.offer_ma, scene.pilot) == (0, PILOT_X1), cdeg

    def test_S12_no_setting_and_no_person_lifts_the_offer_over_board_cable_and_heat(self):
        for cdeg in (2500, 6600):
            for cable_ma in (13000, 63000):
                scene = Scene(self)
                scene.plug_ma = cable_ma
                scene.temperature_cdeg = cdeg
                for name, _, _, highest, _ in TABLE:
                    put(scene.controller.settings, name, highest if name != "mode" else "fast")
                scene.controller.wishes.is_boosted = True
                scene.car = "B"
                scene.run_ms(6000, SLOW_MS)
                most_ma = min(self.max_ma, self.tethered_ma or cable_ma, heat_ma(cdeg, self.max_ma))
                assert scene.controller.offer.offer_ma == most_ma, (cdeg, cable_ma)

    def test_S12_every_setting_at_either_end_lowers_or_leaves_but_never_closes_what_is_blocked(self):
        for name, _, lowest, highest, _ in TABLE:
            for value in MODES if name == "mode" else (lowest, highest):
                scene = Scene(self)
                scene.is_tripped = True
                scene.car = "C"
                scene.run_ms(500)
                put(scene.controller.settings, name, value)
                scene.controller.wishes.start()
                scene.controller.wishes.is_boosted = True
                scene.controller.wishes.pulse()
                scene.run_ms(1500, SLOW_MS)
                assert not scene.permits and scene.state == "fault", (name, value)

    def test_S16_less_than_6_a_is_no_offer(self):
        for cap_ma in (0, 1, 5900, 5999, 6000, 6001, 6100):
            scene = Scene(self)
            scene.controller.settings.max_ma = cap_ma  # past the check that refuses it at the REPL
            scene.run_ms(4000, SLOW_MS)
            scene.car = "B"
            scene.run_ms(500)
            assert scene.pilot == (PILOT_PWM if cap_ma >= 6000 else PILOT_X1), cap_ma
            scene.car = "C"
            scene.run_ms(1000)
            assert scene.permits == (cap_ma >= 6000), cap_ma

    def test_S23_a_missing_half_is_a_broken_sensor_and_no_diode(self):
        for car in "ABCDE":
            for pilot_is_on in (False, True):
                for halves in ((None, None), (None, -12000), (HIGH_MV[car], None)):
                    scene = offered(self) if pilot_is_on else Scene(self)
                    scene.halves = halves
                    scene.tick()
                    assert scene.controller.pilot.raw == LEVEL_BAD, (car, pilot_is_on, halves)

    def test_S28_an_offer_rises_every_5_s_at_most_and_falls_at_once(self):
        for scene in twice(charging, self, 7000):
            offer = scene.controller.offer
            settings = scene.controller.settings
            last_ma = offer.offer_ma
            raised_ms = -5000
            for count in range(600):
                settings.max_ma = 6000 + (count * 37 % 40) * 100
                scene.controller.wishes.settings_changed()
                scene.tick()
                if offer.offer_ma > last_ma:
                    assert scene.ran_ms - raised_ms >= 5000, (count, last_ma, offer.offer_ma)
                    raised_ms = scene.ran_ms
                assert offer.offer_ma <= settings.max_ma, count
                last_ma = offer.offer_ma
            assert raised_ms > 0

    def test_S29_steady_12_v_lasts_3_s_before_the_offer_comes_back(self):
        for scene in twice(offered, self, 1500):
            scene.controller.wishes.stop()
            scene.tick()
            assert scene.pilot == PILOT_X1
            scene.controller.wishes.start()
            took_ms = scene.until(lambda each: each.pilot == PILOT_PWM, 4000)
            assert 3000 <= took_ms <= 3000 + 2 * TICK_MS, took_ms
