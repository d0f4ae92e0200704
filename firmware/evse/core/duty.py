"""Offered current to duty and back, exact in 0.01 % of duty (IEC 61851-1 tables A.7 and A.8).

Knows neither who asks nor how the PWM is made.
"""

from evse.core.limits import (
    DUTY_HIGH_END_BP,
    DUTY_LOW_END_BP,
    DUTY_MAX_BP,
    DUTY_MIN_BP,
    DUTY_STEADY_BP,
    MAX_LOW_RANGE_MA,
    MAX_OFFER_MA,
    MIN_HIGH_RANGE_MA,
    MIN_OFFER_MA,
)


def duty_bp_from_ma(offer_ma: int) -> int:
    """Duty in 0.01 % that offers `offer_ma` or a little less; under 6 A: 10000, steady +12 V.

    10-85 % is duty * 0.6 A, 85-96 % is (duty - 64 %) * 2.5 A; 51-52.5 A offers 51 A, over 80 A offers 80 A.
    """
    if offer_ma < MIN_OFFER_MA:
        return DUTY_STEADY_BP
    if offer_ma < MIN_HIGH_RANGE_MA:
        return min(offer_ma, MAX_LOW_RANGE_MA) // 6
    return min(offer_ma, MAX_OFFER_MA) // 25 + 6400


def ma_from_duty_bp(duty_bp: int) -> int:
    """Current a car may draw at a duty of 0.01 %, 0..80000 mA; 0 where it must not charge."""
    if duty_bp < DUTY_MIN_BP or duty_bp > DUTY_MAX_BP:
        return 0
    if duty_bp <= DUTY_LOW_END_BP:
        return max(duty_bp * 6, MIN_OFFER_MA)
    return (min(duty_bp, DUTY_HIGH_END_BP) - 6400) * 25
