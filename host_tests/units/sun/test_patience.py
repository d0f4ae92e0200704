"""Patience: what counts as an interruption, how many are left, the pause, the first charge and what a stop costs."""

from evse.sun.car import Car, Patience

HOUR_S = 3600


def patience_of(**record):
    car = Car()
    for name, value in record.items():
        setattr(car, name, value)
    patience = Patience(car)
    patience.plugged(0)
    return patience


def charge(patience, from_s, until_s):
    """A charge between two moments."""
    patience.offered(from_s)
    patience.fed(from_s)
    patience.withdrawn(until_s)


def test_an_offer_withdrawn_counts_only_after_current_flowed():
    patience = patience_of()
    patience.offered(10)
    patience.withdrawn(20)
    assert (patience.spent, patience.left) == (0, 4)
    charge(patience, 30, 90)
    assert (patience.spent, patience.left) == (1, 3)
    patience.withdrawn(100)
    assert patience.spent == 1, "once a charge"
    patience.pulse(110)
    assert (patience.spent, patience.left) == (2, 2)


def test_one_less_than_the_limit_and_no_limit_is_many():
    for limit, left in ((5, 4), (7, 6), (1, 0), (2, 1)):
        assert patience_of(limit=limit, per_h=0).left == left
    assert patience_of(limit=0, per_h=0).left >= 90


def test_an_hour_has_its_own_budget():
    patience = patience_of(limit=0, per_h=3)
    for at_s in (0, 100, 200):
        assert patience.left > 0
        patience.count(at_s)
    assert patience.left == 0 and not patience.may_pulse
    patience.second(False, 0, HOUR_S - 1)
    assert patience.left == 0
    patience.second(False, 0, HOUR_S + 59)
    assert patience.left == 1, "the first one is an hour ago"
    patience.second(False, 0, HOUR_S + 260)
    assert patience.left == 3


def test_a_plug_in_forgives_everything():
    patience = patience_of()
    for at_s in range(4):
        patience.count(at_s)
    assert patience.left == 0 and not patience.may_pulse
    patience.plugged(10)
    assert (patience.spent, patience.left, patience.may_pulse) == (0, 4, True)


def test_pulses_have_a_limit_of_their_own():
    patience = patience_of(limit=0, per_h=0, pulses=3)
    patience.pulse(0)
    assert patience.may_pulse
    patience.pulse(1)
    assert not patience.may_pulse and patience.left > 0


def test_a_car_that_may_sleep_needs_one_interruption_more_for_the_pulse():
    for record, spent, may_stop in (
        ({}, 2, True), ({}, 3, False),  # unknown: it may sleep
        ({"awake_s": 899}, 2, True), ({"awake_s": 899}, 3, False),
        ({"awake_s": 900}, 3, True), ({"awake_s": 900}, 4, False),  # seen awake after a long pause
        ({"awake_s": 900, "sleeps_s": 1000}, 2, True), ({"awake_s": 900, "sleeps_s": 1000}, 3, False),
    ):  # fmt: skip
        patience = patience_of(**record)
        for at_s in range(spent):
            patience.count(at_s)
        assert patience.car.may_stop == may_stop, (record, spent)


def test_a_car_that_sleeps_and_takes_no_more_pulses_is_not_stopped():
    patience = patience_of(limit=0, per_h=0, pulses=2, sleeps_s=600)
    assert patience.car.may_stop
    patience.pulse(0)
    assert not patience.car.may_stop


def test_a_stop_costs_more_the_less_is_left():
    patience = patience_of(per_h=0, min_off_s=0)
    prices_wh = []
    for at_s in range(4):
        prices_wh.append(patience.car.stop_wh)
        patience.count(at_s)
    assert prices_wh == [100, 133, 200, 400]
    assert patience_of(limit=0, per_h=0, min_off_s=0).car.stop_wh <= 4


def test_a_stop_costs_the_sun_of_the_pause_that_must_follow_and_of_waking_a_car_that_is_known_to_sleep():
    pulse = {"pulse_ms": 46000, "woke_s": 12}
    for record, lost_wh in (  # 3 kW of sun, for as long as it is lost
        ({"min_off_s": 60}, 50), ({"min_off_s": 300}, 250), ({"min_off_s": 0} | pulse, 0),
        ({"min_off_s": 0, "sleeps_s": 600} | pulse, 48), ({"min_off_s": 300, "sleeps_s": 600} | pulse, 298),
    ):  # fmt: skip
        price_wh = patience_of(**record).car.stop_wh - patience_of(min_off_s=0).car.stop_wh
        assert price_wh == lost_wh, record


def test_the_pause_runs_from_the_last_charge_and_is_over_after_it():
    for min_off_s in (60, 300):
        patience = patience_of(min_off_s=min_off_s)
        assert not patience.needs_pause(0), "nothing was stopped yet"
        charge(patience, 10, 100)
        assert patience.needs_pause(100)
        assert patience.needs_pause(100 + min_off_s), "whole seconds: this one is not over"
        assert not patience.needs_pause(101 + min_off_s)
        charge(patience, 1000, 1100)
        assert patience.needs_pause(1101)
        patience.plugged(1102)
        assert not patience.needs_pause(1103), "another plug-in"


def test_no_pause_is_needed_while_it_charges():
    patience = patience_of()
    patience.offered(0)
    patience.fed(0)
    assert not patience.needs_pause(1)


def test_the_first_charge_is_due_until_it_is_given_or_nobody_takes_it():
    for welcome_s in (60, 10):
        patience = patience_of(welcome_s=welcome_s)
        assert patience.is_welcome
        patience.fed(20)
        patience.second(True, 6000, 19 + welcome_s)
        assert patience.is_welcome
        patience.second(True, 6000, 20 + welcome_s)
        assert not patience.is_welcome
    patience = patience_of()
    patience.second(False, 6000, 299)
    assert patience.is_welcome
    patience.second(False, 6000, 300)
    assert not patience.is_welcome
    assert not patience_of(welcome_s=0).is_welcome


def test_an_offer_is_proven_after_20_s_of_charge():
    patience = patience_of()
    patience.fed(0)
    for now_s in range(1, 20):
        patience.second(True, 8000, now_s)
        assert patience.proven_ma > 32000
    patience.second(True, 8000, 20)
    assert patience.proven_ma == 8000
    for now_s in range(21, 60):
        patience.second(True, 9000 if now_s % 2 else 16000, now_s)
    assert patience.proven_ma == 8000
    patience.second(True, 6000, 60)
    assert patience.proven_ma == 8000, "6 A for a second prove nothing"
    for now_s in range(61, 100):
        patience.second(True, 6000, now_s)
    assert patience.proven_ma == 6000


def test_the_pause_before_an_offer_is_known():
    patience = patience_of()
    charge(patience, 10, 100)
    assert patience.paused_s(700) == 600
    patience.offered(700)
    assert patience.pause_s == 600
