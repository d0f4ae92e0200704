"""What is learned of a car while it charges: lag, how far below the offer, step and real minimum."""

from evse.sun.car import Car, Learn


class Plug:
    """A car that follows an offer after `lag_s`, in steps, and needs `min_ma` to draw at all; a reading a second."""

    def __init__(self, lag_s=2, below_ma=0, step_ma=100, min_ma=6000, max_ma=32000):
        self.lag_s, self.below_ma, self.step_ma, self.min_ma, self.max_ma = lag_s, below_ma, step_ma, min_ma, max_ma
        self.learn, self.car = Learn(), Car()
        self.heard = [0] * lag_s
        self.now_ms = 0

    def offer(self, offer_ma, seconds=40):
        """`seconds` of one offer."""
        for _ in range(seconds):
            self.heard.append(offer_ma)
            followed_ma = self.heard.pop(0)
            drawn_ma = (followed_ma - self.below_ma) // self.step_ma * self.step_ma
            drawn_ma = 0 if followed_ma < self.min_ma else max(0, min(drawn_ma, self.max_ma))
            self.learn.study(self.car, offer_ma, drawn_ma, self.now_ms)
            self.now_ms += 1000


OFFERS_MA = (10000, 16000, 12000, 20000, 9000, 15300, 11000, 18000, 13700, 14000, 13800, 16100, 16300)
RISING_MA = range(10000, 19000, 300)


def test_the_lag_is_the_time_to_the_answer():
    for lag_s in (1, 2, 5, 8, 12):
        plug = Plug(lag_s)
        for offer_ma in OFFERS_MA:
            plug.offer(offer_ma)
        assert abs(plug.car.lag_ms - lag_s * 1000) <= 1000, (lag_s, plug.car.lag_ms)


def test_how_far_below_the_offer_it_draws():
    for below_ma in (0, 300, 500, 1500):
        plug = Plug(below_ma=below_ma)
        for offer_ma in OFFERS_MA:
            plug.offer(offer_ma)
        assert plug.car.below_ma == below_ma and plug.car.step_ma == 200, plug.car.below_ma


def test_a_coarse_car_s_step_is_seen_and_is_not_taken_for_a_shortfall():
    for step_ma in (500, 1000, 2000):
        plug = Plug(step_ma=step_ma)
        for offer_ma in RISING_MA:
            plug.offer(offer_ma)
        assert plug.car.step_ma == step_ma, plug.car.step_ma
        assert plug.car.below_ma == 0


def test_a_car_at_its_own_limit_teaches_nothing_about_the_offer():
    plug = Plug(max_ma=10000)
    for offer_ma in (16000, 20000, 24000, 28000, 30000):
        plug.offer(offer_ma)
    assert plug.car.below_ma == 0


def test_a_car_that_draws_nothing_is_offered_more_until_it_does():
    for min_ma in (6000, 7000, 8000, 9000, 10000):
        plug = Plug(min_ma=min_ma)
        for _ in range(400):
            plug.offer(plug.car.min_ma, 1)
        assert plug.car.min_ma == min_ma, (min_ma, plug.car.min_ma)
        assert not plug.learn.is_idle


def test_a_full_car_is_idle_and_has_no_minimum():
    plug = Plug(max_ma=0)
    for _ in range(600):
        plug.offer(plug.car.min_ma, 1)
    assert plug.learn.is_idle and plug.car.min_ma == 6000
    plug.offer(0, 1)
    assert not plug.learn.is_idle


def test_a_car_that_has_drawn_and_stops_is_idle_and_is_not_probed():
    plug = Plug()
    plug.offer(6000, 60)
    plug.max_ma = 0
    plug.offer(6000, 44)
    assert not plug.learn.is_idle
    plug.offer(6000, 10)
    assert plug.learn.is_idle and plug.car.min_ma == 6000
    plug.max_ma = 32000
    plug.offer(6000, 5)
    assert not plug.learn.is_idle


def test_a_new_car_is_learned_from_new_samples():
    plug = Plug(below_ma=300)
    for offer_ma in OFFERS_MA:
        plug.offer(offer_ma)
    assert plug.car.below_ma > 0
    plug.learn.forget()
    plug.car.forget()
    plug.offer(OFFERS_MA[0])
    assert plug.car.below_ma == 0, "one sample proves nothing"
