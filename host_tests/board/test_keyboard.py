"""Ctrl-C while it charges: a program that runs is out after a press or two, and no press costs the charge.

A press strikes whatever runs at that moment, a tick or the program; so the trials are spread over the round.
"""

import functools
import importlib
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from chip import load
from rig import Rig, in_a_copy

from rouse.build.firmware import FIRMWARE
from rouse.virtual.host import make_world
from virtual import keyboard

ROUND_MS = 280
AGAIN_MS = 190  # from one press to the next
MOST_PRESSES = 30


def runs(rig: Rig, span_ms: int) -> bool:
    """A program that runs for so long; whether it was interrupted."""
    try:
        rig.world.run_ms(span_ms)
    except KeyboardInterrupt:
        return True
    return False


def presses_needed(rig: Rig, phase_ms: int) -> tuple[int, bool]:
    """How many presses it takes, the first `phase_ms` from now; and whether the charge is as it was."""
    world = rig.world
    starts = world.contactor.starts
    for count in range(1, MOST_PRESSES):
        world.at(world.ms + (phase_ms if count == 1 else AGAIN_MS), _press)
        if runs(rig, phase_ms + AGAIN_MS + 5):
            break
    is_well = not runs(rig, 2000) and world.contactor.is_closed and world.contactor.starts == starts
    counts = rig.charger.tick_errors, rig.charger.late_count, world.judge.violations, world.scheduler.callback_errors
    return count, is_well and counts == (0, 0, 0, 0)


def two_presses(rig: Rig, phase_ms: int, apart_ms: int) -> tuple[int, bool]:
    """Two presses in a row: how often the program was interrupted, and whether the charge is as it was."""
    world = rig.world
    for at_ms in (phase_ms, phase_ms + apart_ms):
        world.at(world.ms + at_ms, _press)
    interrupted = sum(runs(rig, phase_ms + apart_ms + 60) for _ in range(2))
    is_well = not runs(rig, 2000) and world.contactor.is_closed
    return interrupted, is_well and (rig.charger.tick_errors, world.judge.violations) == (0, 0)


def _press() -> None:
    importlib.import_module("virtual.keyboard").press()  # of the rig's own modules


@pytest.mark.parametrize("chip", ["fast", "default", "slow"])
def test_ctrl_c_ends_a_busy_program_within_three_presses_in_99_of_100_trials(tmp_path: Path, chip: str) -> None:
    with Rig(tmp_path, chip=chip) as rig:
        rig.charge()
        scenes = [functools.partial(presses_needed, phase_ms=phase_ms) for phase_ms in range(0, ROUND_MS, 2)]
        trials = [in_a_copy(rig, scene) for scene in scenes]
        assert all(is_well for _, is_well in trials), "no press costs the charge"
        assert sum(count <= 3 for count, _ in trials) >= 0.99 * len(trials), sorted(trials)[-5:]
        rig.charger._keyboard.press = lambda: None  # as it was: the tick swallowed it
        swallowed = [in_a_copy(rig, scene) for scene in scenes[::4]]
        assert sum(count > 1 for count, _ in swallowed) > 0.25 * len(swallowed), "the ticks are struck"


@pytest.mark.parametrize("chip", ["default", "slow"])
def test_two_presses_in_one_tick_are_no_fault(tmp_path: Path, chip: str) -> None:
    with Rig(tmp_path, chip=chip) as rig:
        rig.charge()
        for apart_ms in (1, 3, 9):
            for phase_ms in range(0, ROUND_MS, 7):
                scene = functools.partial(two_presses, phase_ms=phase_ms, apart_ms=apart_ms)
                interrupted, is_well = in_a_copy(rig, scene)
                assert interrupted >= 1 and is_well, (phase_ms, apart_ms)


def struck_at(rig: Rig, line: int, act: str) -> tuple[bool, tuple[object, ...]]:
    """A Ctrl-C at the `line`-th line of the firmware in the tick that takes `act` in; whether it came so far, and what
    the charger is like a moment later."""
    seen = 0

    def look(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal seen
        if str(FIRMWARE) not in frame.f_code.co_filename:
            return None
        seen += event == "line"
        if seen == line:
            sys.settrace(None)
            raise KeyboardInterrupt
        return look

    core = rig.charger.controller
    if act == "unplug":
        rig.world.unplug()
        rig.until(lambda: not core.interlock.permits, 200)
        runs(rig, 50)  # the session follows 60 ms later
    else:
        rig.tune.max_ma = 10000
    sys.settrace(look)
    runs(rig, 45)
    sys.settrace(None)
    runs(rig, 2500)
    told = core.session.state, core.offer.offer_ma, core.duty_bp, core.self_test.is_passed, core.wishes.is_stopped
    return seen >= line, (*told, core.energy.wh > 0, core.ledger.is_on, rig.charger.tick_errors)


@pytest.mark.parametrize("act", ["unplug", "less"])
def test_a_tick_broken_off_at_any_line_loses_nothing_that_it_took_in(tmp_path: Path, act: str) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        rig.until(lambda: rig.charger.controller.energy.wh > 0, 20000)
        undisturbed = in_a_copy(rig, functools.partial(struck_at, line=100000, act=act))[1]
        line, has_come = 0, True
        while has_come:
            line += 7
            has_come, told = in_a_copy(rig, functools.partial(struck_at, line=line, act=act))
            assert told == undisturbed, line
        assert line > 600, "every tick on the way was struck"


def test_a_press_is_typed_once_and_only_where_it_interrupts() -> None:
    world = make_world()
    undo = keyboard.install()
    (module,) = load("evse.app.keyboard")
    keys, buffer = module.Keyboard(), bytearray(1)
    assert keys.readinto(buffer) is None, "nothing was pressed"
    keys.deafen()
    keyboard.press()  # a character like others: no KeyboardInterrupt
    keys.press()
    undo()
    assert world.interrupt_char == keyboard.CTRL_C and world.scheduler.is_interrupted
    assert keys.readinto(buffer) is None, "a second read gets nothing: the port reads until then"
    with pytest.raises(KeyboardInterrupt):
        keyboard.press()
