"""The offer: the lowest of all caps, who set it, and how fast it may rise.

Knows caps in mA; does not know how a cap comes about.
"""

from array import array

from micropython import const

from evse.core.limits import MIN_OFFER_MA, OFFER_STEP_MA, RAISE_INTERVAL_MS
from evse.core.ticks import elapsed_ms

CAP_BOARD = const(0)
CAP_CABLE = const(1)
CAP_SETTING = const(2)
CAP_HEAT = const(3)
CAP_FUSE = const(4)
CAP_METER = const(5)
CAP_STOP = const(6)
CAP_MODE = const(7)
CAP_SUN = const(8)
CAP_CAR = const(9)
CAP_COUNT = const(10)


class Offer:
    """What the car may draw now.

    caps_ma: one cap a CAP_..., all 0 until somebody sets them; offer_ma: 0, or 6000 and more in steps of 100 mA;
    limiter: the CAP_... that decides.
    """

    def __init__(self) -> None:
        self.caps_ma = array("i", [0] * CAP_COUNT)
        self.offer_ma = 0
        self.limiter = CAP_BOARD
        self._raised_ms = 0

    def step(self, now_ms: int) -> int:
        """Take the lowest cap: down at once, up at most every 5 s (A.6 sequence 6); returns offer_ma."""
        wanted_ma = self._lowest()
        if wanted_ma <= self.offer_ma:
            self.offer_ma = wanted_ma
        elif self.offer_ma == 0 or elapsed_ms(now_ms, self._raised_ms) >= RAISE_INTERVAL_MS:
            self.offer_ma = wanted_ma
            self._raised_ms = now_ms
        return self.offer_ma

    def _lowest(self) -> int:
        caps_ma = self.caps_ma
        lowest_ma = min(caps_ma)  # in C; the name of the lowest is looked for only when another cap took over
        if caps_ma[self.limiter] != lowest_ma:
            self.limiter = 0
            while caps_ma[self.limiter] != lowest_ma:
                self.limiter += 1
        if lowest_ma < MIN_OFFER_MA:
            return 0
        return lowest_ma - lowest_ma % OFFER_STEP_MA
