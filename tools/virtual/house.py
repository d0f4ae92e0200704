"""House, sun and meter: power now, and the meter channels' waves.

Knows no firmware and no pilot; a day is two sequences with one value a second.
"""

from .analog import Channel
from .clamp import Clamp, Opto, Transformer
from .mains import RECTIFIER, Wave

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .loads import Cycles, Drift, PhaseCut

MAINS_V = 230
STANDBY_VAR = 60  # what a house's and a car's filters draw beside their power: no house shows no current at all


class House:
    """The point where the grid clamp sits: grid_w = house_w + car_w - solar_w.

    To set, then refresh(): mains_v; lag_permille (reactive power of the house by its power), rectifier_permille (how
    much of it is rectifiers); loads, beside the day's house, and drift, both of loads.py; the clamps, transformer and
    opto, whose errors are attributes of theirs.
    """

    def __init__(self, board: "dict[str, Any]") -> None:
        self._bias_uv: int = board["meter_bias_mv"] * 1000
        self.grid_channel = Channel()
        self.phase_channel = Channel()
        self.car_channel = Channel()
        self.mains_v = MAINS_V
        self.lag_permille = 0
        self.rectifier_permille = 0
        self.grid_clamp = Clamp(board["ct_turns"], board["ct_burden_mohm"])
        self.car_clamp = Clamp(board["ct_turns"], board["ct_burden_mohm"])
        self.loads: list[Cycles | PhaseCut] = []
        self.drift: Drift | None = None
        self.kind: str | None = board["reference"]
        self.sun_clamp = Clamp(board["ct_turns"], board["ct_burden_mohm"])
        self.transformer = Transformer(board["phase_uv_per_v"])
        self.opto = Opto()
        self.volts = Wave()
        self.car_ma = Wave()
        self.sun_ma = Wave()
        self.grid_ma = Wave()
        self._solar_w: Sequence[int] = (0,)
        self._house_w: Sequence[int] = (0,)
        self.solar_w = 0
        self.house_w = 0
        self.car_w = 0
        self.grid_w = 0
        self._drawn_ma = 0
        self._is_shown = False
        self.grid_channel.set_wave(self._bias_uv, self.grid_clamp.wave)
        self.car_channel.set_wave(self._bias_uv, self.car_clamp.wave)
        self.phase_channel.set_wave(self._bias_uv, self._reference_wave())
        self.refresh()

    def load_day(self, solar_w: "Sequence[int]", house_w: "Sequence[int]") -> None:
        """Two sequences of W, one value a second from time 0; the last one holds."""
        if not len(solar_w) or len(solar_w) != len(house_w):
            raise ValueError("a day needs as many solar values as house values, and at least one")
        self._solar_w = solar_w
        self._house_w = house_w

    def step(self, second: int, car_ma: int) -> None:
        """Take over this second's values and the car's current, and put them on the clamps."""
        last = len(self._solar_w) - 1
        index = second if second < last else last
        solar_w = self._solar_w[index]
        house_w = self._house_w[index]
        for load in self.loads:
            house_w += load.mean_w
        if solar_w == self.solar_w and house_w == self.house_w and car_ma == self._drawn_ma and self._is_shown:
            return
        self.solar_w = solar_w
        self.house_w = house_w
        self._drawn_ma = car_ma
        self.car_w = car_ma * self.mains_v // 1000
        self.grid_w = house_w + self.car_w - solar_w
        self._show()

    def begin_cycle(self, number: int) -> None:
        """Mains cycle `number` begins: what switches by whole cycles does so."""
        has_turned = False
        for load in self.loads:
            has_turned |= load.turn(number)
        if has_turned:
            self._show()

    def refresh(self) -> None:
        """Have the channels worked out anew, after a test has given something an error."""
        self._is_shown = False
        self.volts.clear()
        self.volts.add(self.mains_v * 100, 0)
        if self.kind == "transformer":
            self.transformer.look(self.volts)
        elif self.kind == "opto":
            self.opto.look(self.volts)
        self._show()

    def _show(self) -> None:
        """Put what flows on the clamps."""
        self._is_shown = True
        self.car_ma.clear()
        self.car_ma.add(self._drawn_ma, 0)
        self.sun_ma.clear()
        self.sun_ma.add(self.solar_w * 1000 // self.mains_v, 0)
        grid_ma = self.grid_ma
        grid_ma.clear()
        steady_w = self.house_w
        for load in self.loads:
            steady_w -= load.mean_w
            load.put(grid_ma, self.mains_v)
        straight_ma = steady_w * 1000 // self.mains_v
        bent_ma = straight_ma * self.rectifier_permille // 1000
        grid_ma.add(straight_ma - bent_ma, 0)
        grid_ma.add(bent_ma, 0, RECTIFIER)
        grid_ma.add((STANDBY_VAR * 1000 // self.mains_v) + straight_ma * self.lag_permille // 1000, 9000)
        grid_ma.mix(self.car_ma, 1000000)
        grid_ma.mix(self.sun_ma, -1000000)
        self.grid_clamp.look(grid_ma)
        self.car_clamp.look(self.car_ma)
        if self.kind == "inverter":
            self.sun_clamp.look(self.sun_ma)
        self.grid_channel.renew()
        self.car_channel.renew()
        self.phase_channel.renew()

    def _reference_wave(self) -> Wave:
        if self.kind == "inverter":
            return self.sun_clamp.wave
        return self.opto.wave if self.kind == "opto" else self.transformer.wave
