"""Amps to duty, over every value: written again from the printed tables."""

from evse.safety.pilot import duty_bp_from_ma

MOST_MA = 90000


def allowed_ma(duty_bp):
    """What the tables A.7 and A.8 let a car draw at 10 to 96 %, in mA: from the percentages as they are printed."""
    if duty_bp <= 8500:
        return duty_bp * 600 // 100  # duty in % * 0.6 A
    return (duty_bp - 6400) * 2500 // 100  # (duty in % - 64) * 2.5 A


def test_anchors_of_the_standard():
    anchors = ((6, 1000), (9, 1500), (12, 2000), (15, 2500), (18, 3000), (24, 4000), (30, 5000), (48, 8000), (51, 8500))
    for amps, duty_bp in anchors + ((55, 8600), (65, 9000), (80, 9600)):
        assert duty_bp_from_ma(amps * 1000) == duty_bp, amps


def test_under_six_ampere_the_pilot_is_steady():
    for offer_ma in range(0, 6000):
        assert duty_bp_from_ma(offer_ma) == 10000, offer_ma
    assert duty_bp_from_ma(-1) == 10000


def test_the_duty_is_the_highest_that_offers_no_more_than_asked():
    best_bp = 1000
    for offer_ma in range(6000, MOST_MA):
        while best_bp < 9600 and allowed_ma(best_bp + 1) <= offer_ma:
            best_bp += 1
        duty_bp = duty_bp_from_ma(offer_ma)
        assert duty_bp == best_bp, (offer_ma, duty_bp, best_bp)
