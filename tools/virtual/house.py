"""House, sun and meter: power now, the meter channels' sines, and the energy counters.

Knows no firmware and no pilot; a day is two sequences with one value a second.
"""

from .analog import Channel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

MAINS_V = 230
WH = 3600  # W * s


class House:
    """The point where the grid clamp sits: grid_w = house_w + car_w - solar_w."""

    def __init__(self, board: "dict[str, Any]") -> None:
        self._bias_uv: int = board["meter_bias_mv"] * 1000
        self._uv_per_10_a: int = board["ct_burden_mohm"] * 10000 // board["ct_turns"]
        self.grid_channel = Channel()
        self.phase_channel = Channel()
        self.car_channel = Channel()
        self._phase_uv: int = board["phase_uv_per_v"] * MAINS_V
        self._solar_w: Sequence[int] = (0,)
        self._house_w: Sequence[int] = (0,)
        self.solar_w = 0
        self.house_w = 0
        self.car_w = 0
        self.grid_w = 0
        self.solar_wh = self.house_wh = self.import_wh = self.export_wh = 0
        self.rest_ws = [0, 0, 0, 0]  # W * s below one Wh, in the order above
        self._grid_ma: int | None = None
        self._car_ma: int | None = None
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
        self.solar_w = self._solar_w[index]
        self.house_w = self._house_w[index]
        self.car_w = car_ma * MAINS_V // 1000
        self.grid_w = self.house_w + self.car_w - self.solar_w
        grid_ma = self.grid_w * 1000 // MAINS_V
        if grid_ma != self._grid_ma:
            self._grid_ma = grid_ma
            self.grid_channel.set_sine(self._bias_uv, peak(self._clamp_uv(grid_ma)))
        if car_ma != self._car_ma:
            self._car_ma = car_ma
            self.car_channel.set_sine(self._bias_uv, peak(self._clamp_uv(car_ma)))

    def refresh(self) -> None:
        """Have the channels worked out anew, after a test has given them an error."""
        self._grid_ma = self._car_ma = None
        self.phase_channel.set_sine(self._bias_uv, peak(self._phase_uv))

    def count(self) -> None:
        """Add one second of the present powers to the energy counters."""
        self.solar_wh += self._whole(0, self.solar_w)
        self.house_wh += self._whole(1, self.house_w)
        if self.grid_w >= 0:
            self.import_wh += self._whole(2, self.grid_w)
        else:
            self.export_wh += self._whole(3, -self.grid_w)

    def _whole(self, counter: int, w: int) -> int:
        total = self.rest_ws[counter] + w
        self.rest_ws[counter] = total % WH
        return total // WH

    def _clamp_uv(self, ma: int) -> int:
        return ma * (self._uv_per_10_a // 100) // 100


def peak(rms: int) -> int:
    """Peak of a sine from its rms value; below 5.9 million."""
    return rms * 181 // 128
