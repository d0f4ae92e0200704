"""Nothing is written to flash while the contactor is closed; nothing typed or read from flash is taken unchecked."""

from pathlib import Path

import pytest
from rig import Rig


def test_settings_and_journal_wait_until_the_contactor_is_open(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        rig.tune.max_ma = 20000
        rig.tune.save()
        rig.world.run_ms(5000)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before, "written while closed"
        writes_ms: list[int] = []
        look = rig.world.judge.flash_written
        rig.world.judge.flash_written = lambda at_ms: writes_ms.append(at_ms) or look(at_ms)
        rig.world.unplug()
        opened_ms = rig.world.ms + rig.until(lambda: not rig.world.contactor.is_closed, 200)
        rig.world.run_ms(5000)
        assert writes_ms[0] >= opened_ms + 1000
        assert '"max_ma": 20000' in (tmp_path / "settings.json").read_text()
        assert "contactor closed" in (tmp_path / "journal.txt").read_text()
        assert rig.world.judge.violations == 0, rig.world.judge.last


def test_a_wake_pulse_is_not_lengthened_by_a_write(tmp_path: Path) -> None:
    with Rig(tmp_path, {"start_delay_ms": 600000}) as rig:
        rig.evse.mode("fast")
        rig.world.plug()
        rig.until(lambda: rig.world.pilot.is_open, 60000)
        rig.tune.save()
        journal = (tmp_path / "journal.txt").read_text()
        opened_ms = rig.world.ms
        rig.until(lambda: not rig.world.pilot.is_open, 47000)
        assert abs(rig.world.ms - opened_ms - 46000) <= 50  # late by a meter burst, and looked at every 10 ms
        assert (tmp_path / "journal.txt").read_text() == journal and not (tmp_path / "settings.json").exists()
        rig.world.run_ms(3000)
        assert (tmp_path / "settings.json").exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"max_ma": 1}', '{"nonsense": 1}', '{"mode": "warp"}', ""])
def test_a_broken_settings_file_means_defaults_mode_off_and_a_notice(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.json").write_text(text)
    with Rig(tmp_path) as rig:
        assert rig.tune.mode == "off" and rig.tune.max_ma == 32000
        assert "settings.json" in rig.charger.keeper.notice
        rig.world.plug()
        rig.world.run_ms(20000)
        assert not rig.world.contactor.is_closed
        assert rig.evse.status()["faults"] == ["settings file broken: defaults in force, mode off"]
        rig.tune.save()
        rig.world.unplug()
        rig.world.run_ms(3000)
        assert rig.evse.status()["faults"] == [] and rig.charger.keeper.notice is None
        rig.charge()


def test_repl_output_is_at_most_100_bytes_between_two_ticks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        written: list[tuple[int, int]] = []

        class Uart:
            def write(self, text: str) -> None:
                written.append((rig.charger.tick_count, len(text.encode())))

            def flush(self) -> None:
                pass

        monkeypatch.setattr("sys.stdout", Uart())
        repr(rig.evse)
        repr(rig.tune)
        repr(rig.evse.status())
        monkeypatch.undo()
    assert sum(count for _, count in written) > 1000, "card and list were printed"
    per_tick: dict[int, int] = {}
    for tick, count in written:
        per_tick[tick] = per_tick.get(tick, 0) + count
    assert max(per_tick.values()) <= 100, per_tick


def test_a_boost_at_the_repl_ends_by_itself_and_refuses_nonsense(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        rig.evse.mode("solar")
        for bad in ({"kwh": 101}, {"kwh": -1}, {"kwh": 1.5}, {"minutes": 1441}, {"minutes": True}):
            with pytest.raises(ValueError, match="a whole number"):
                rig.evse.boost(**bad)
        rig.evse.boost(minutes=1)
        rig.world.run_ms(55_000)
        assert rig.evse.status()["mode"].startswith("boost, 0 Wh or 1 min left")
        rig.world.run_ms(8000)
        assert rig.evse.status()["mode"] == "solar"


def test_the_lamp_is_steady_while_charging_and_blinks_the_fault(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        lamp = rig.world.pins.all[rig.charger.board["pins"]["status_led"]]

        def flashes(span_ms: int) -> int:
            seen = [lamp.level()]
            end_ms = rig.world.ms + span_ms  # a callback may end later than asked
            while rig.world.ms < end_ms:
                rig.world.run_ms(10)
                seen.append(lamp.level())
            return sum(1 for was, now in zip(seen, seen[1:], strict=False) if now and not was)

        rig.charge()
        assert lamp.level() == 1 and flashes(3000) == 0
        rig.world.leak(True)
        rig.world.run_ms(500)
        assert rig.evse.status()["faults"] == ["residual current"]
        period_ms = 4 * 400 + 1600  # the fourth fault: four blinks, then a pause
        assert flashes(3 * period_ms) == 12
