"""What is known about the car that is plugged in: measured while it charges, remembered, honoured by who decides.

Figures only; does not know how they are learned (follow.py, wake.py, patience.py) or kept (app/store.py).
"""

from evse.core.limits import MIN_OFFER_MA


class Car:
    """One car's record; as made here it is an unknown car, of which nothing is taken for granted.

    Learned while it charges: lag_ms (from a new offer to the current's answer, 0: not seen yet), below_ma (draws this
    much less than offered), step_ma (its smallest change of current, 0: none seen), min_ma (least offer it charges at).
    What it minds, for the switch (surplus.py): min_off_s and min_on_s (shortest pause and charge that it takes well),
    stop_wh (what one more stop costs in its patience, in Wh of import), may_stop (False: its patience is spent).
    """

    def __init__(self) -> None:
        self.name = ""
        self.lag_ms = 0
        self.below_ma = 0
        self.step_ma = 0
        self.min_ma = MIN_OFFER_MA
        self.min_off_s = 60
        self.min_on_s = 60
        self.stop_wh = 0
        self.may_stop = True
