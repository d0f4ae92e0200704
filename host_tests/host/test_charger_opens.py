"""How fast, and how, the whole charger opens its contactor: on the virtual board, reaction times included."""

import importlib
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from rig import Rig

PHASES_MS = 240  # one meter burst each 12 ticks: every phase of tick and burst
QUIET_MS = 40  # issue: without a meter burst in between
BURST_MS = 60


def in_a_copy(rig: Rig, scene: Any) -> Any:
    """Play `scene(rig)` in a forked copy of the running charger and return its result: the original stands still."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, pickle.dumps(scene(rig)))
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        result = pickle.loads(answer.read())
    os.waitpid(child, 0)
    return result


def unplug_after(phase_ms: int) -> Any:
    def scene(rig: Rig) -> tuple[int, bool]:
        world = rig.world
        bursts: list[int] = []
        opened: list[int] = []
        measure, update = rig.charger.meter.measure, world.contactor.update

        def watched_measure() -> None:
            bursts.append(world.ms)
            measure()

        def watched_update(ms: int) -> None:
            update(ms)
            if not world.contactor.wanted:
                opened.append(ms)

        rig.charger.meter.measure, world.contactor.update = watched_measure, watched_update
        at_ms = world.ms + phase_ms
        world.at(at_ms, world.unplug)
        world.run_ms(phase_ms + 150)
        saw_burst = any(at_ms - 20 <= burst_ms <= opened[0] for burst_ms in bursts)
        return opened[0] - at_ms, saw_burst

    return scene


def test_unplugging_in_c_commands_the_contactor_open_within_40_ms_and_60_with_a_burst(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        results = [in_a_copy(rig, unplug_after(phase_ms)) for phase_ms in range(PHASES_MS)]
    quiet = [reaction_ms for reaction_ms, saw_burst in results if not saw_burst]
    bursts = [reaction_ms for reaction_ms, saw_burst in results if saw_burst]
    assert len(quiet) > 150 and len(bursts) > 10, "both kinds must occur"
    assert max(quiet) <= QUIET_MS, max(quiet)
    assert max(bursts) <= BURST_MS, max(bursts)


def test_a_car_that_keeps_drawing_after_steady_12_v_is_cut_at_6_s(tmp_path: Path) -> None:
    with Rig(tmp_path, {"ignores_stop": 1}) as rig:
        rig.charge()
        rig.evse.stop()
        took_ms = rig.until(lambda: not rig.world.contactor.is_closed, 8000)
        assert 6000 <= took_ms <= 6100, took_ms
        rig.world.run_ms(20000)
        assert not rig.world.contactor.is_closed, "never closed again onto a car still in C"
        assert rig.world.judge.violations == 0, rig.world.judge.last


def test_a_car_that_obeys_is_opened_cold(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        rig.evse.stop()
        rig.until(lambda: not rig.world.contactor.wanted, 3000)
        assert rig.world.car_ma == 0
        assert rig.evse.status()["session_wh"] >= 0


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
        rig.until(lambda: rig.world.car_ma > 6000, 20000)
        assert rig.world.contactor.starts == starts + 1
        assert rig.world.judge.violations == 0, rig.world.judge.last


@pytest.mark.parametrize(("stall_ms", "opens"), [(10, False), (30, False), (45, True), (60, True)])
def test_only_a_gap_past_58_ms_counts(tmp_path: Path, stall_ms: int, opens: bool) -> None:
    # A tick every 20 ms: 30 ms of stall makes a gap of 50 at most, 45 one of 60 (the ticks lie on a 20 ms grid).
    with Rig(tmp_path) as rig:
        rig.charge()
        rig.until(lambda: rig.world.ms % 20 == 0, 40)
        rig.world.stall_ms(stall_ms)
        rig.world.run_ms(200)
        assert (rig.evse.status()["late"] == 1) is opens


def test_an_error_in_the_tick_opens_and_stays_visible(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()

        def broken(_now_ms: int) -> None:
            raise ZeroDivisionError

        rig.charger.controller.decide = broken
        rig.world.run_ms(40)
        assert not rig.world.contactor.wanted
        assert rig.evse.status()["faults"] == ["firmware error in the tick"]


def test_a_ctrl_c_that_lands_in_the_tick_is_survived(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        decide = rig.charger.controller.decide
        asked_ms: list[int] = []

        def interrupted(now_ms: int) -> None:
            asked_ms.append(now_ms)
            if len(asked_ms) == 1:
                raise KeyboardInterrupt
            decide(now_ms)

        rig.charger.controller.decide = interrupted
        rig.world.run_ms(2000)
        assert asked_ms[0] == asked_ms[1], "the tick's work is done again at once"
        assert rig.world.contactor.is_closed and rig.evse.status()["tick_errors"] == 0


def test_a_second_ctrl_c_in_one_tick_opens(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()

        def interrupted(_now_ms: int) -> None:
            raise KeyboardInterrupt

        rig.charger.controller.decide = interrupted
        rig.world.run_ms(40)
        assert not rig.world.contactor.wanted and rig.evse.status()["tick_errors"] >= 1


def test_a_micropython_that_is_too_old_never_closes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Rig(tmp_path) as rig:
        start = importlib.import_module("evse.app.start")
        start.OLDEST_MICROPYTHON = (99, 0)
        rig.world.hard_reset(1)
        evse, _ = start.start()
        assert "too old" in capsys.readouterr().out
        evse.mode("fast")
        rig.world.plug()
        rig.world.run_ms(20000)
        assert not rig.world.contactor.is_closed
        assert evse.status()["faults"] == ["MicroPython older than 1.26"]


def test_a_soft_reset_opens_and_arms_the_long_watchdog(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        rig.world.soft_reset()
        rig.world.run_ms(50)
        assert not rig.world.contactor.is_closed
        rig.boot()
        rig.world.run_ms(500)
        assert not rig.world.contactor.wanted and rig.evse.status()["state"] != "fault"
        rig.until(lambda: rig.world.car_ma > 6000, 90000)  # boots with a car in C or B, and charges again


def test_boot_opens_the_contactor_in_its_first_line_with_the_boards_pin() -> None:
    root = Path(__file__).resolve().parents[2]
    scope: dict[str, Any] = {}
    exec((root / "boards" / "reference" / "board.py").read_text(), scope)
    first = (root / "firmware" / "boot.py").read_text().splitlines()[0]
    pin = scope["BOARD"]["pins"]["contactor"]
    assert first.startswith(f"import machine; machine.Pin({pin}, machine.Pin.OUT, value=0)")
