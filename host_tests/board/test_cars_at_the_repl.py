"""Cars by name at the REPL: stated, kept across a power cut, chosen, erased; nothing is written into a charge."""

import json
from pathlib import Path
from typing import Any

import pytest
from rig import Rig


def kept(tmp_path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((tmp_path / "cars.json").read_text())
    return found


def test_a_named_car_survives_a_power_cut(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Rig(tmp_path) as rig:
        rig.evse.car("zoe", limit=7, min_ma=8000)
        rig.world.run_ms(3000)
    with Rig(tmp_path) as rig:
        car = rig.charger.controller.car
        assert (car.name, car.limit, car.min_ma, car.min_off_s) == ("zoe", 7, 8000, 300)
        capsys.readouterr()
        rig.evse.car()
        said = capsys.readouterr().out
        assert said.startswith("car zoe\n") and "known: zoe" in said


def test_what_is_learned_is_written_once_the_contactor_is_open(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.evse.car("zoe")
        rig.charge()
        before = (tmp_path / "cars.json").read_bytes() if (tmp_path / "cars.json").exists() else b""
        rig.charger.controller.car.woke(3, 46000, 12, 900)
        rig.world.run_ms(5000)
        after = (tmp_path / "cars.json").read_bytes() if (tmp_path / "cars.json").exists() else b""
        assert after == before, "written while closed"
        rig.world.unplug()
        rig.world.run_ms(5000)
        assert rig.world.judge.violations == 0, rig.world.judge.last
    with Rig(tmp_path) as rig:
        car = rig.charger.controller.car
        assert (car.pulse, car.pulse_ms, car.woke_s, car.sleeps_s) == (3, 46000, 12, 900)


def test_a_woken_car_teaches_its_record(tmp_path: Path) -> None:
    with Rig(tmp_path, {"sleep_after_s": 100, "wakes_on": "open", "wake_pulse_ms": 4000}) as rig:
        rig.evse.car("dozy", min_off_s=0)
        rig.charge()
        rig.evse.stop()
        rig.until(lambda: rig.world.mood.asleep, 150000)
        rig.evse.start()
        rig.until(lambda: rig.world.car.ma > 6000, 120000)
        rig.world.unplug()
        rig.world.run_ms(3000)
        record = kept(tmp_path)["cars"]["dozy"]
        assert (record["pulse"], record["pulse_ms"]) == (3, 46000) and 100 <= record["sleeps_s"] <= 150


def test_an_unknown_car_leaves_nothing_behind(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        rig.charger.controller.car.woke(3, 46000, 12, 900)
        rig.world.unplug()
        rig.world.run_ms(5000)
        assert rig.charger.controller.car.pulse == 0
        assert not (tmp_path / "cars.json").exists()


def test_an_unknown_car_that_gets_a_name_keeps_what_was_found_out(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        rig.charger.controller.car.woke(3, 46000, 12, 900)
        rig.evse.car("zoe")
        assert rig.charger.controller.car.sleeps_s == 900
        rig.world.unplug()
        rig.world.run_ms(3000)
    with Rig(tmp_path) as rig:
        assert (rig.charger.controller.car.name, rig.charger.controller.car.sleeps_s) == ("zoe", 900)
        rig.evse.car("")
        rig.world.run_ms(3000)
    with Rig(tmp_path) as rig:
        assert (rig.charger.controller.car.name, rig.charger.controller.car.sleeps_s) == ("", 0)


def test_a_car_is_forgotten_on_flash_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Rig(tmp_path) as rig:
        for name in ("zoe", "leaf"):
            rig.evse.car(name, limit=9)
            rig.world.run_ms(2000)
        rig.evse.forget("leaf")
        assert (rig.charger.controller.car.name, rig.charger.controller.car.limit) == ("", 5)
        rig.world.run_ms(3000)
        assert kept(tmp_path) == {"chosen": "", "cars": {"zoe": kept(tmp_path)["cars"]["zoe"]}}
        rig.evse.car("zoe")
        assert rig.charger.controller.car.limit == 9
        rig.evse.car("")
        assert rig.charger.controller.car.limit == 5


def test_a_car_is_not_changed_for_another_before_it_is_on_flash(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.charge()
        rig.evse.car("zoe", limit=7)
        with pytest.raises(ValueError, match="not on flash yet"):
            rig.evse.car("leaf")
        assert rig.charger.controller.car.limit == 7


def test_no_more_than_eight_cars_are_kept(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        for number in range(8):
            rig.evse.car("car%d" % number)
            rig.world.run_ms(3000)
        with pytest.raises(ValueError, match="8 cars are kept"):
            rig.evse.car("ninth")
        assert rig.charger.controller.car.name == "car7"


@pytest.mark.parametrize(
    ("name", "stated", "says"),
    [
        ("zoe", {"limit": 101}, "limit: a whole number 0..100"),
        ("zoe", {"limit": True}, "whole number"),
        ("zoe", {"glitch_ms": 551}, "0..550"),
        ("zoe", {"colour": 1}, "no colour"),
        ("", {"limit": 5}, "give it a name"),
        ("a name of many letters", {}, "at most 16"),
        (7, {}, "a text"),
    ],
)
def test_a_bad_name_or_figure_says_so_and_changes_nothing(
    tmp_path: Path, name: str, stated: dict[str, int], says: str
) -> None:
    with Rig(tmp_path) as rig:
        before = dict(vars(rig.charger.controller.car))
        with pytest.raises(ValueError, match=says):
            rig.evse.car(name, **stated)
        assert vars(rig.charger.controller.car) == before


BAD_CARS = ('{"zoe": {"limit": -1}}', '{"zoe": 5}', "5", "[1]", '"a"')
BROKEN = ["{", "[]", '{"chosen": "zoe"}', "", *('{"chosen": "zoe", "cars": %s}' % cars for cars in BAD_CARS)]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_means_unknown_cars_a_notice_and_is_mended_by_a_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "cars.json").write_text(text)
    with Rig(tmp_path) as rig:
        assert rig.charger.controller.car.name == "" and rig.charger.controller.car.limit == 5
        assert "cars.json is broken" in rig.charger.keeper.notice
        rig.charge()
        rig.world.unplug()
        rig.evse.forget("zoe")
        rig.world.run_ms(3000)
        rig.evse.car("leaf")
        rig.world.run_ms(3000)
        assert rig.world.scheduler.callback_errors == 0
    with Rig(tmp_path) as rig:
        assert rig.charger.keeper.notice is None and rig.charger.controller.car.name == "leaf"


def test_the_card_tells_the_owner_of_an_unknown_car_how_to_set_it_free(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = 'evse.car("name", limit=0, per_h=0, min_off_s=0)'

    def card() -> str:
        capsys.readouterr()
        repr(rig.evse)
        return capsys.readouterr().out

    with Rig(tmp_path) as rig:
        assert line not in card(), "no car"
        rig.charge()
        rig.evse.mode("fast")
        assert line not in card(), "the sun has no say"
        for mode in ("solar", "eco", "min"):
            rig.evse.mode(mode)
            assert line in card(), mode
        rig.evse.car("leaf", limit=0, per_h=0, min_off_s=0)
        assert line not in card()
