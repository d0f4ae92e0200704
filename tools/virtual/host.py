"""Glue for CPython: makes `virtual` and `micropython` importable and builds worlds for tests.

To be imported as `rouse.virtual.host` before anything of `virtual`. Not used in the VM.
"""

import copy
import runpy
import sys
from pathlib import Path
from typing import Any

TOOLS = Path(__file__).resolve().parent.parent
ROOT = TOOLS.parent
if str(TOOLS) not in sys.path:
    sys.path.append(str(TOOLS))

from virtual.fake import micropython  # noqa: E402  after what makes it importable

sys.modules.setdefault("micropython", micropython)

from rouse.data.car_file import checked  # noqa: E402  after what makes it importable
from virtual.fake import machine, time  # noqa: E402  after what makes it importable
from virtual.world import World  # noqa: E402  after what makes it importable

__all__ = ["Bench", "board", "car", "machine", "make_world", "time"]

_QUICK_CAR = {"name": "test car", "source": "invented for tests", "room_wh": 30000, "start_delay_ms": 1000}
_QUICK_CAR |= {"lag_ms": 500, "ramp_up_ma_s": 6000, "ramp_down_ma_s": 12000}


def board(**changes: Any) -> dict[str, Any]:
    """The reference board's BOARD dict, a copy of its own; a change named like a pin changes the pin."""
    wanted: dict[str, Any] = copy.deepcopy(runpy.run_path(str(ROOT / "boards/reference/board.py"))["BOARD"])
    for key, value in changes.items():
        place = wanted["pins"] if key in wanted["pins"] else wanted
        if key not in place:
            raise KeyError(f"the reference board has no {key}")
        place[key] = value
    return wanted


def car(**changes: Any) -> dict[str, Any]:
    """A quick, well-behaved CAR dict with some keys changed."""
    quick: dict[str, Any] = checked({**_QUICK_CAR, **changes})
    return quick


def make_world(board_changes: dict[str, Any] | None = None, *, chip: str = "default", **car_changes: Any) -> World:
    """A new current world: reference board and test car, with changes."""
    return World(board(**(board_changes or {})), car(**car_changes), chip)


class Bench:
    """A charger without firmware: the outputs of `world` as objects, and a timer that keeps the one-shot alive."""

    def __init__(self, world: World) -> None:
        pins = world.board["pins"]
        self.world = world
        self.pilot = machine.PWM(machine.Pin(pins["pilot_pwm"]), freq=1000, duty_u16=65535)
        self.coil = machine.PWM(machine.Pin(pins["contactor"]), freq=1000, duty_u16=0)
        self.alive = machine.Pin(pins["alive"], machine.Pin.OUT, value=0)
        self.pilot_open = machine.Pin(pins["pilot_open"], machine.Pin.OUT, value=0)
        self.timer = machine.Timer(0, period=20, callback=self._toggle)
        world.scheduler.tick_opcodes = 0

    def _toggle(self, _timer: machine.Timer) -> None:
        self.alive.value(1 - self.alive.pin.value)

    def adc(self, name: str) -> machine.ADC:
        """The ADC of the input called `name` in the board file."""
        return machine.ADC(machine.Pin(self.world.board["pins"][name]), atten=machine.ADC.ATTN_11DB)

    def pin(self, name: str) -> machine.Pin:
        """The input called `name` in the board file."""
        return machine.Pin(self.world.board["pins"][name], machine.Pin.IN)

    def offer(self, ma: int) -> None:
        """PWM for a whole number of mA up to 51 A, rounded down; 0: steady +12 V."""
        self.pilot.duty_u16(ma * 65536 // 60000 if ma else 65535)

    def close(self) -> None:
        """Coil on."""
        self.coil.duty_u16(65535)

    def open(self) -> None:
        """Coil off."""
        self.coil.duty_u16(0)

    def charge(self, ma: int = 16000) -> None:
        """Plug in, offer, wait for the car, close lawfully, and wait until it draws."""
        self.world.plug()
        self.offer(ma)
        self.world.run_ms(2500)
        self.close()
        self.world.run_ms(5000)
        assert self.world.contactor.held and self.world.car.ma > 0
