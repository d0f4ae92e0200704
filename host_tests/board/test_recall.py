"""Ledger and events outlive a crash, a watchdog and a soft reset in RTC memory; what a power cut took is a gap."""

import importlib
from pathlib import Path
from typing import Any

import pytest
from rig import Rig

from evse.record.ledger import ROW_FIELDS, ROW_SPENT_S

NOON = (2026, 11, 24, 1, 12, 0, 0, 0)  # as `mpremote rtc --set` sends it
POWER, HARD, WATCHDOG, SOFT = 1, 2, 3, 5


def set_clock(rig: Rig, date: tuple[int, ...] = NOON) -> None:
    importlib.import_module("machine").RTC().datetime(date)
    rig.world.run_ms(1100)


def restart(rig: Rig, cause: int) -> None:
    if cause == SOFT:
        rig.world.soft_reset()
    else:
        rig.world.hard_reset(cause)
    rig.boot()


def ledger(rig: Rig) -> Any:
    return rig.charger.controller.ledger


def charged_s(rig: Rig, row: int = 0) -> int:
    return int(ledger(rig).cells[row * ROW_FIELDS + ROW_SPENT_S])


def events(rig: Rig) -> list[tuple[int, int, int]]:
    ring = rig.charger.controller.journal
    return [ring.event(index) for index in range(ring.count)]


def text(rig: Rig) -> str:
    core = rig.charger.controller
    words = importlib.import_module("evse.app.text").verdict(core.ledger, core.journal.base_s, rig.charger.keeper.gap)
    return "\n".join(words)


@pytest.mark.parametrize("cause", [HARD, WATCHDOG, SOFT])
def test_every_reset_but_a_loss_of_power_keeps_the_seconds_and_the_events(tmp_path: Path, cause: int) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        rig.world.run_ms(70000)  # RTC memory is renewed at every event, and each minute
        before = events(rig)
        uptime_s = rig.charger.controller.uptime_s
        assert charged_s(rig) >= 65 and len(before) >= 2
        began_s = ledger(rig).cells[ledger(rig).row(0)]
        assert f"Plugged in {began_s} s after this boot: " in text(rig)
        restart(rig, cause)
        assert f"Plugged in {-ledger(rig).cells[ledger(rig).row(0)]} s before this boot: " in text(rig)
        began_s -= ledger(rig).cells[ledger(rig).row(0)]
        assert uptime_s <= began_s <= uptime_s + 2, "plugged in before this boot"
        assert 55 <= charged_s(rig) <= 75
        after = events(rig)
        assert [each[1:] for each in after[: len(before)]] == [each[1:] for each in before]
        shifts = {old[0] - new[0] for old, new in zip(before, after, strict=False)}
        assert len(shifts) == 1 and uptime_s <= shifts.pop() <= uptime_s + 2, "seconds before this boot"
        assert rig.charger.keeper.gap.startswith("no record from ") and "s later" in rig.charger.keeper.gap
        assert "charging" in rig.charger.keeper.gap and rig.charger.keeper.gap in text(rig)


def test_a_loss_of_power_while_a_car_is_plugged_in_is_a_gap_and_starts_a_new_day(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        set_clock(rig)
        rig.charge()
        rig.world.run_ms(3000)
        rig.evse.stop()
        rig.world.run_ms(10000)
        charged = charged_s(rig)
        rig.evse.start()
        rig.world.run_ms(20000)
        restart(rig, POWER)
        assert "2026-11-24 12:00:" in rig.charger.keeper.gap and rig.charger.keeper.gap.endswith("until this boot")
        rig.world.run_ms(2000)
        assert charged_s(rig) == 0 and charged_s(rig, 1) == charged > 0
        assert "Plugged in 2026-11-24 12:00:" in text(rig) and "time of day is not known" in text(rig)
        rig.world.run_ms(5000)
    lines = (tmp_path / "journal.txt").read_text().splitlines()
    assert any("no record before this boot, s (-1: nobody knows how long) -1" in line for line in lines)


def test_without_the_time_of_day_an_earlier_session_says_so(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        rig.world.unplug()
        rig.world.run_ms(5000)
        restart(rig, POWER)
        assert rig.charger.keeper.gap == "", "nothing was plugged in: nobody misses anything"
        assert "Plugged in before a power cut: " in text(rig)


def test_power_lost_before_anything_was_saved_is_a_first_boot(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        restart(rig, POWER)
        assert rig.charger.keeper.gap == "" and ledger(rig).sessions == 0
        assert [code for _, code, _ in events(rig)][:1] == [0]


@pytest.mark.parametrize("place", [0, 4, 100, -1])
def test_a_broken_byte_in_rtc_memory_is_not_believed(tmp_path: Path, place: int) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        rig.world.run_ms(70000)
        broken = bytearray(rig.world.rtc_memory)
        broken[place] ^= 1
        rig.world.rtc_memory = bytes(broken)
        restart(rig, WATCHDOG)
        assert charged_s(rig) == 0


def test_the_crash_mark_alone_is_believed_too(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charger.keeper.recall._core = None  # what broke the tick broke this too
        rig.charger.keeper.recall.crash()
        assert rig.world.rtc_memory == b"tick error"
        restart(rig, WATCHDOG)
        assert rig.evse.status()["faults"] == ["firmware error in the tick"]


def test_a_crash_keeps_the_events_and_the_fault(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        kept = events(rig)
        rig.charger.keeper.recall.crash()
        restart(rig, WATCHDOG)
        assert rig.evse.status()["faults"] == ["firmware error in the tick"]
        assert [each[1:] for each in events(rig)[: len(kept)]] == [each[1:] for each in kept]
        rig.world.run_ms(1500)
        restart(rig, WATCHDOG)
        assert rig.evse.status()["faults"] == [], "the mark is told once"


def test_events_on_flash_do_not_come_again_after_a_reset(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        rig.world.unplug()
        rig.world.run_ms(5000)
        restart(rig, WATCHDOG)
        rig.world.run_ms(3000)
    text = (tmp_path / "journal.txt").read_text()
    assert text.count("unplugged, Wh") == 1 and text.count("boot, cause") == 2


def test_rtc_memory_is_written_only_when_something_is_new(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.world.run_ms(5000)
        rig.world.rtc_memory = b"untouched"
        rig.world.run_ms(130000)
        assert rig.world.rtc_memory == b"untouched", "nobody plugged in: nothing to keep"
        rig.evse.mode("fast")
        rig.world.run_ms(1100)
        assert 1500 < len(rig.world.rtc_memory) <= 2048


def test_a_full_journal_fits(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        for number in range(200):
            rig.charger.controller.journal.add(number, 6, number)
        rig.world.run_ms(1100)
        assert len(rig.world.rtc_memory) <= 2048
        restart(rig, WATCHDOG)
        assert rig.charger.controller.journal.dropped >= 136
        assert (6, 199) in [each[1:] for each in events(rig)]


def test_the_time_of_day_comes_from_the_chip_s_clock_and_outlives_a_reset(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.world.run_ms(3000)
        assert rig.charger.controller.journal.base_s == 0
        set_clock(rig)
        rig.world.plug()
        rig.world.run_ms(5000)
        restart(rig, WATCHDOG)
        rig.world.run_ms(3000)
    lines = (tmp_path / "journal.txt").read_text().splitlines()
    assert lines[0].startswith("0 s boot"), "written before anybody told the time"
    assert any(line.startswith("2026-11-24 12:00:0") and "plugged" in line for line in lines)
    assert any(line.startswith("2026-11-24 12:00:0") and "boot, cause 3" in line for line in lines)


def test_a_clock_that_is_set_again_moves_the_times_that_are_still_in_ram(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        set_clock(rig, (2026, 11, 24, 1, 11, 0, 0, 0))
        early = rig.charger.controller.journal.base_s
        set_clock(rig, NOON)
        assert abs(rig.charger.controller.journal.base_s - early - 3600) <= 2
        rig.world.run_ms(60000)
        assert rig.charger.controller.journal.base_s - early >= 3598, "and does not drift"
