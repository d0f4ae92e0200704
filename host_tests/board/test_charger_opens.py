"""How the whole charger opens its contactor, on the virtual board; how fast: test_reaction.py."""

import contextlib
import importlib
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest
from rig import Rig, in_a_copy

from evse.record.facts import EVENT_HELD, EVENT_LATE, EVENT_OPENED, EVENT_OPENED_HOT
from evse.record.ledger import CAUSE_CHARGED, CAUSE_COUNT, CAUSE_HELD, ROW_SPENT_S
from rouse.build.firmware import FIRMWARE, board_data, board_names, firmware_files
from rouse.virtual.host import board


def test_a_stop_for_want_of_sun_is_opened_cold(tmp_path: Path) -> None:
    # The tick that takes in a meter reading is late by the meter's burst, and the next one follows it at once.
    with Rig(tmp_path) as rig:
        rig.tune.start_wh, rig.tune.least_on_s = 0, 60
        rig.world.run_ms(1000)
        rig.world.plug()
        rig.until(lambda: rig.world.car.ma > 6000, 40000)
        rig.world.load_day((0,), (3000,))
        rig.until(lambda: rig.evse.status()["pilot"] == "+12 V", 400000)
        rig.until(lambda: not rig.world.contactor.wanted, 3000)
        assert rig.world.car.ma == 0
        rig.world.run_ms(40)
        journal = rig.charger.controller.journal
        codes = [journal.event(index)[1] for index in range(journal.count)]
        assert EVENT_OPENED in codes and EVENT_OPENED_HOT not in codes, codes


def test_a_gap_between_ticks_opens_and_the_whole_close_sequence_follows(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        starts = rig.world.contactor.starts
        rig.world.stall_ms(200)
        rig.world.run_ms(100)
        assert not rig.world.contactor.wanted and rig.evse.status()["late"] == 1
        rig.until(lambda: rig.evse.status()["pilot"] == "+12 V", 1000)
        steady_ms = rig.until(lambda: rig.evse.status()["pilot"] == "PWM", 10000)
        assert steady_ms >= 2900, "steady +12 V is held 3 s before the offer comes back"
        rig.until(lambda: rig.world.car.ma > 6000, 20000)
        assert rig.world.contactor.starts == starts + 1
        assert rig.world.judge.violations == 0, rig.world.judge.last


def held_after(phase_ms: int) -> Any:
    """A person's program holds the chip: gaps told, seconds by cause, how long it was open, how long nothing flowed."""

    def scene(rig: Rig) -> tuple[list[tuple[int, int]], dict[int, int], float, float]:
        world = rig.world
        core = rig.charger.controller
        note_gap = core.note_gap
        core.note_gap = lambda gap_ms, _is_held: note_gap(gap_ms, True)
        world.run_ms(phase_ms)
        before = list(core.ledger.cells[ROW_SPENT_S : ROW_SPENT_S + CAUSE_COUNT])
        start_ms = world.ms
        world.stall_ms(100)
        world.run_ms(100)
        events = [core.journal.event(index)[1:] for index in range(core.journal.count)]
        gaps = [event for event in events if event[0] in (EVENT_HELD, EVENT_LATE)]
        rig.until(lambda: world.contactor.is_closed, 400000)
        open_ms = world.ms - start_ms
        rig.until(lambda: world.car.ma > 6000, 20000)
        idle_ms = world.ms - start_ms
        world.run_ms(3000)
        spent_s = {cause: core.ledger.cells[ROW_SPENT_S + cause] - was_s for cause, was_s in enumerate(before)}
        return gaps, {cause: each_s for cause, each_s in spent_s.items() if each_s}, open_ms / 1000, idle_ms / 1000

    return scene


@pytest.mark.parametrize("mode", ["solar", "fast"])
@pytest.mark.parametrize("car_adc", [35, None])
def test_what_a_program_of_a_person_s_ended_is_that_person_s_until_the_car_takes_energy_again(
    tmp_path: Path, mode: str, car_adc: int | None
) -> None:
    with Rig(tmp_path, None, board(car_adc=car_adc)) as rig:
        rig.world.load_day((3000,), (300,))
        rig.evse.car("patient", limit=0, per_h=0, min_off_s=0)
        rig.charge()
        rig.evse.mode(mode)
        rig.world.run_ms(20000)
        results = [in_a_copy(rig, held_after(phase_ms)) for phase_ms in range(0, 1080, 180)]
    for gaps, spent_s, open_s, idle_s in results:
        assert [code for code, _ in gaps] == [EVENT_HELD] and 100 <= gaps[0][1] <= 140
        assert set(spent_s) == {CAUSE_CHARGED, CAUSE_HELD}, "not the sun's, the car's or the charger's"
        assert open_s - 1 <= spent_s[CAUSE_HELD] <= idle_s + 1, (spent_s, open_s, idle_s)
        assert abs(sum(spent_s.values()) - idle_s - 3) <= 1, "each second once"


def test_a_micropython_that_is_too_old_starts_nothing(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        start = importlib.import_module("evse.app.start")
        start._OLDEST_MICROPYTHON = (99, 0)
        rig.world.hard_reset(1)
        with pytest.raises(start.StartError, match="too old, 1.26 is needed"):
            start.start()
        rig.world.plug()
        rig.world.run_ms(20000)
        assert not rig.world.contactor.is_closed and not rig.world.scheduler.timers


def interrupted_at(line: int) -> Any:
    """A late tick with a Ctrl-C at the `line`-th line run in charger.py: whether it came so far, and what was seen."""

    def scene(rig: Rig) -> tuple[bool, int, list[str], str]:
        charger_file = importlib.import_module("evse.app.charger").__file__
        seen = 0

        def look(frame: Any, event: str, _argument: Any) -> Any:
            nonlocal seen
            if frame.f_code.co_filename != charger_file:
                return None
            if event == "line":
                seen += 1
                if seen == line:
                    raise KeyboardInterrupt
            return look

        rig.world.stall_ms(100)
        sys.settrace(look)
        with contextlib.suppress(KeyboardInterrupt):
            rig.world.run_ms(25)
        sys.settrace(None)
        rig.world.run_ms(2000)
        return seen == line, rig.world.judge.violations, rig.world.judge.last, rig.evse.status()["pilot"]

    return scene


def test_a_ctrl_c_at_any_line_of_a_late_tick_never_hides_the_gap(tmp_path: Path) -> None:
    blind = board(contactor_readback=None)  # else the contacts that dropped tell of the gap too
    with Rig(tmp_path, None, blind) as rig:
        rig.charge()
        line, has_come = 0, True
        while has_come:
            line += 1
            has_come, violations, last, pilot = in_a_copy(rig, interrupted_at(line))
            assert violations == 0 and pilot == "+12 V", (line, last, pilot)
    assert line > 30, "each line of the tick was tried"


def test_an_error_that_comes_again_is_still_a_fault_after_the_watchdog_s_reset(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        rig.charger.controller.tick = None  # calling it is an error
        rig.until(lambda: rig.world.reset_request is not None, 4000)
        assert rig.world.pilot.duty_u16 == 0, "-12 V, never an offer"
        rig.world.hard_reset(rig.world.reset_request)
        rig.boot()
        rig.world.run_ms(20000)
        assert rig.evse.status()["faults"] == ["firmware error in the tick"]
        assert not rig.world.contactor.is_closed
        rig.world.unplug()
        rig.world.run_ms(3000)
        rig.charge()
        assert rig.world.judge.violations == 0, rig.world.judge.last


def test_a_contactor_that_drops_by_itself_is_not_closed_again_onto_a_car_in_c(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        contactor = rig.world.contactor
        starts = contactor.starts
        contactor.cut = True  # a short trip of the monitor, gone before the firmware looks
        contactor.update(rig.world.ms)
        rig.world.run_ms(25)
        contactor.cut = False
        contactor.update(rig.world.ms)
        rig.world.run_ms(300)
        assert rig.evse.status()["pilot"] == "+12 V"
        rig.until(lambda: rig.world.car.ma > 6000, 20000)
        assert contactor.starts == starts + 1
        assert rig.world.judge.violations == 0, rig.world.judge.last


@pytest.mark.parametrize("end", [0, 1], ids=["lowest", "highest"])
def test_no_setting_at_either_end_lets_the_house_draw_more_than_its_main_fuse(tmp_path: Path, end: int) -> None:
    with Rig(tmp_path) as rig:
        table = importlib.import_module("evse.settings").TABLE
        for name, lowest, highest in [(row[0], row[2], row[3]) for row in table if row[0] != "mode"]:
            setattr(rig.tune, name, (lowest, highest)[end])
        rig.tune.max_ma = 63000  # so that the fuse is what binds
        rig.world.load_day((0,), (5000,))
        rig.evse.mode("fast")
        rig.world.plug()
        rig.world.run_ms(30000)
        fuse_w = rig.charger.board["fuse_ma"] * 230 // 1000
        assert rig.world.house.grid_w <= fuse_w + 100, "100 W: the meter's noise and the car's ramp"
        assert rig.evse.status()["limiter"] in ("main fuse", "board")


def test_a_soft_reset_opens_and_arms_the_long_watchdog(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        rig.world.soft_reset()
        rig.world.run_ms(50)
        assert not rig.world.contactor.is_closed
        runpy.run_path(str(FIRMWARE / "boot.py"))  # a tool's soft reset runs no main.py
        rig.world.run_ms(599_900)
        assert rig.world.reset_request is None and not rig.world.contactor.wanted
        rig.world.run_ms(200)
        assert rig.world.reset_request == 3  # machine.WDT_RESET
        rig.world.hard_reset(3)
        rig.boot()
        rig.world.run_ms(500)
        assert not rig.world.contactor.wanted and rig.evse.status()["state"] != "fault"
        rig.until(lambda: rig.world.car.ma > 6000, 90000)  # boots with a car in C or B, and charges again


def test_boot_opens_the_contactor_in_its_first_line_with_the_boards_pin() -> None:
    texts = {name: firmware_files(name)["/boot.py"].decode() for name in board_names()}
    texts["reference, from the source"] = (FIRMWARE / "boot.py").read_text(encoding="utf-8")
    assert len(texts) >= 2
    for name, text in texts.items():
        pin = board_data(name.partition(",")[0])["pins"]["contactor"]
        assert text.splitlines()[0].startswith(f"import machine; machine.Pin({pin}, machine.Pin.OUT, value=0)"), name
