"""The core's ledger against the truth of a sulking scene: minutes lost, and those of them booked to the true culprit.

Knows causes as numbers and whose they are; what is true is bench/lost.py's, which shares nothing with it.
"""

from rouse.bench.lost import Comparison
from rouse.bench.lost import Truth as Second
from rouse.bench.wake.scenes import PLUG_S, VOLTS, Truth
from rouse.build.firmware import firmware_module


def compared(truth: Truth) -> Comparison:
    """Every second of a run of ours: who was at fault, and what the ledger said."""
    party_of: bytes = firmware_module("evse.record.ledger").PARTY_OF
    parties: tuple[str, ...] = firmware_module("evse.app.text").PARTIES
    min_ma = max(6000, int(truth.facts["min_ma"]))
    found = Comparison()
    for second in range(PLUG_S, truth.scene.length_s):
        now = Second(
            surplus_w=truth.surplus_w[second],
            least_w=min_ma * VOLTS // 1000,
            min_ma=min_ma,
            car_w=truth.car_ma[second] * VOLTS // 1000,
            offer_ma=truth.offer_ma[second],
            pilot=chr(truth.pilot[second]),
            is_closed=bool(truth.is_closed[second]),
        )
        found.second(now, parties[party_of[truth.booked[second]]])
    return found


def booked(truth: Truth) -> tuple[float, float]:
    """Minutes of sun lost to anybody, and those of them that the ledger booked to the same party."""
    found = compared(truth)
    return round(found.lost_minutes, 2), round(found.lost_minutes_right, 2)
