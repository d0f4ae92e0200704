"""The virtual charger: what people do at it, what breaks, what can be read off it.

The world made last is the one that the fake modules talk to.
"""

from . import current, snapshot
from .wiring import Wiring

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class World(Wiring):
    """Parts to look at and to break: pilot, car, contactor, residual, house, judge, pins, scheduler, clock.

    chip: how fast it is, as pace.parse() takes it.
    """

    def __init__(self, board: "dict[str, Any]", car: "dict[str, Any]", chip: str = "default") -> None:
        super().__init__(board, car, chip)
        self.imports_under_load: list[str] = []  # modules loaded from flash while the coil was commanded on
        self.collections_under_load = 0
        self.longest_collection_under_load_ms = 0
        current.world = self

    def load_day(self, solar_w: "Sequence[int]", house_w: "Sequence[int]") -> None:
        """Two sequences of W, one value a second from time 0; the last one holds."""
        self.house.load_day(solar_w, house_w)
        self.house.step(self.ms // 1000, self.car.ma)

    def plug(self) -> None:
        """The cable is plugged into the car."""
        self.pilot.plugged = True
        self.car.plugged(self.ms)
        self.refresh()

    def unplug(self) -> None:
        """The plug is pulled; a pilot contact that bounces touches once more."""
        self._part()
        if self.bounce_ms:
            self.at(self.ms + self.bounce_ms // 2, self._touch)
            self.at(self.ms + self.bounce_ms, self._part)

    def _part(self) -> None:
        self.pilot.plugged = False
        self.car.unplugged()
        self.refresh()

    def _touch(self) -> None:
        self.pilot.plugged = True
        self.refresh()

    def press(self, span_ms: int) -> None:
        """Hold the button for `span_ms`."""
        self.released_ms = self.ms + span_ms
        self._level("button", 0)
        self.clock.poke()

    def leak(self, leaking: bool) -> None:
        """Residual current begins or ends."""
        self.residual.leak(leaking, self.ms)
        self.clock.poke()

    def at(self, ms: int, action: "Callable[[], None]") -> None:
        """Call `action()` when simulated time reaches `ms`, be it in the middle of a callback."""
        self._plan.append((ms, action))
        self._plan.sort(key=lambda entry: entry[0])
        self.clock.poke()

    def state(self) -> "dict[str, Any]":
        """Everything a new VM needs to go on with this plant: ints, lists and texts."""
        return snapshot.take(self)

    def restore(self, state: "dict[str, Any]") -> None:
        """Go on from what state() gave; the day is loaded again by the caller."""
        snapshot.put(self, state)
        self._work_out()

    def module_loaded(self, name: str, byte_count: int) -> None:
        """The firmware or a person imported a module that was not loaded yet."""
        if self.contactor.wanted:
            self.imports_under_load.append(name)
        self.read_module(byte_count)

    def garbage_collected(self) -> None:
        """The firmware or a person called gc.collect()."""
        is_under_load = self.contactor.wanted
        span_ms = self.collect_heap()
        if is_under_load:
            self.collections_under_load += 1
            self.longest_collection_under_load_ms = max(self.longest_collection_under_load_ms, span_ms)

    def flash_seen(self) -> None:
        """Tell the judge that a write to flash begins."""
        self.judge.flash_written(self.ms)

    def flash_write(self, byte_count: int) -> None:
        """A file of that many bytes is written at one go."""
        self.flash_seen()
        self.flash_commit(byte_count)
