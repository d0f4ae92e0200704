"""Following: settles on a constant surplus and stays there, for slow cars and coarse ones, with and without a clamp."""

from evse.safety.offer import CAP_COUNT, CAP_SUN, Offer
from evse.settings import Settings
from evse.sun.car import Car, Learn
from evse.sun.follow import Follow
from evse.sun.switch import Surplus

LAGS_S = (1, 5, 12)
STEPS_MA = (100, 1000, 2000)
SETTLED_S = 60


class Loop:
    """A car of some lag and step behind the real offer, and a meter read once a second; mA a phase throughout."""

    def __init__(self, lag_s, step_ma, has_clamp, volts=230, below_ma=0, meter_lag_s=0):
        self.surplus, self.offer, self.learn = Surplus(), Offer(), Learn()
        self.settings, self.car = Settings(), Car()
        self.settings.mode = "min"  # always on: this is about following alone
        self.step_ma, self.below_ma, self.volts, self.has_clamp = step_ma, below_ma, volts, has_clamp
        self.heard = [0] * (lag_s + 1)
        self.grids_w = [0] * (meter_lag_s + 1)
        self.ma = 0
        self.now_ms = 0

    def second(self, sun_ma):
        """One second; returns (offer_ma, car_ma, grid_ma)."""
        self.heard = self.heard[1:] + [self.offer.offer_ma]
        target_ma = max(0, self.heard[0] - self.below_ma) // self.step_ma * self.step_ma
        self.ma = min(max(target_ma, self.ma - 6000), self.ma + 3000)
        grid_ma = self.ma - sun_ma
        self.grids_w = self.grids_w[1:] + [grid_ma * self.volts // 1000]
        car_w = self.ma * self.volts // 1000 if self.has_clamp else None
        offer_ma = self.offer.offer_ma
        args = (car_w, offer_ma, self.volts, self.settings, self.car, self.now_ms)
        if self.has_clamp:
            self.learn.study(self.car, offer_ma, self.ma, self.now_ms)
        self.surplus.measure(self.grids_w[0], *args)
        self.surplus.decide(self.settings, self.car)
        for cap in range(CAP_COUNT):
            self.offer.caps_ma[cap] = 32000
        self.offer.caps_ma[CAP_SUN] = self.surplus.cap_ma
        self.offer.choose(self.now_ms)
        self.now_ms += 1000
        return self.offer.offer_ma, self.ma, grid_ma


def cases():
    for has_clamp in (True, False):
        for lag_s in LAGS_S:
            for step_ma in STEPS_MA:
                yield has_clamp, 690 if lag_s == 5 else 230, lag_s, step_ma


def test_with_a_constant_surplus_the_offer_settles_in_a_minute_and_stays_within_one_car_step():
    for has_clamp, volts, lag_s, step_ma in cases():
        for sun_ma in (7300, 20010):
            loop = Loop(lag_s, step_ma, has_clamp, volts)
            offers = [loop.second(sun_ma)[0] for _ in range(400)][SETTLED_S:]
            spread_ma = max(offers) - min(offers)
            assert spread_ma <= step_ma, (has_clamp, volts, lag_s, step_ma, sun_ma, min(offers), max(offers))
            assert abs(offers[-1] - sun_ma) <= step_ma + 200, (has_clamp, volts, lag_s, step_ma, sun_ma, offers[-1])


def test_there_is_no_limit_cycle():
    for has_clamp, volts, lag_s, step_ma in cases():
        loop = Loop(lag_s, step_ma, has_clamp, volts)
        offers = [loop.second(13370)[0] for _ in range(700)][200:]
        turns = sum(1 for a, b, c in zip(offers, offers[1:], offers[2:]) if (b - a) * (c - b) < 0)
        changes = sum(1 for a, b in zip(offers, offers[1:]) if a != b)
        assert turns <= 2 and changes <= 12, (has_clamp, volts, lag_s, step_ma, turns, changes)


def test_after_a_step_of_the_sun_it_settles_again_without_ringing():
    for has_clamp, volts, lag_s, step_ma in cases():
        for before_ma, after_ma in ((8000, 20000), (20000, 8000)):
            loop = Loop(lag_s, step_ma, has_clamp, volts)
            for _ in range(150):
                loop.second(before_ma)
            offers = [loop.second(after_ma)[0] for _ in range(250)]
            low_ma, high_ma = min(offers[90:]), max(offers[90:])
            assert high_ma - low_ma <= max(step_ma, 200), (has_clamp, volts, lag_s, step_ma, low_ma, high_ma)
            assert abs(offers[-1] - after_ma) <= step_ma + 200, (has_clamp, lag_s, step_ma, offers[-1])


def test_a_late_grid_meter_makes_no_cycle_either():
    for lag_s in LAGS_S:
        loop = Loop(lag_s, 100, True, meter_lag_s=1)
        for _ in range(300):
            loop.second(9000)
        grids = [loop.second(21000)[2] for _ in range(120)]
        assert max(grids) <= 200, "the rise did not overshoot"
        assert abs(grids[-1]) <= 200


def test_a_deficit_is_cut_at_the_first_reading():
    follow = Follow()
    for car_ma in (6000, 16000, 32000):
        for deficit_ma in (50, 1000, 5000):
            follow.measured(-100, car_ma)
            follow.measured(0, car_ma)
            follow.cap_ma = car_ma
            follow.measured(deficit_ma, car_ma)
            assert follow.cap_ma == car_ma - deficit_ma


def test_less_than_a_tenth_of_an_ampere_more_is_noise():
    for more_ma, expected_ma in ((0, 10000), (99, 10000), (100, 10100), (1000, 11000)):
        follow = Follow()
        follow.measured(0, 10000)
        follow.measured(0, 10000)
        follow.cap_ma = 10000
        follow.measured(-more_ma, 10000)
        assert follow.cap_ma == expected_ma


def test_without_a_clamp_a_cut_is_not_made_twice_while_the_car_follows():
    follow = Follow()
    for now_ms in range(0, 40000, 1000):
        follow.guessed(0, 20000, now_ms)
    follow.cap_ma = 20000
    follow.guessed(5000, 20000, 40000)
    assert follow.cap_ma == 15000
    for now_ms in range(41000, 50000, 1000):
        follow.guessed(5000, 15000, now_ms)
        assert follow.cap_ma == 15000, "the car has yet to answer"
    for now_ms in range(50000, 90000, 1000):
        follow.guessed(0, 15000, now_ms)
        assert follow.cap_ma == 15000
