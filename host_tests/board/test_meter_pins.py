"""The meter through the pins: each phase reference gives the right sign and sees the car; without one, no solar.

A meter that lies is found out within 3 s: reason, 6 A, then a pause, and never a higher offer.
"""

import importlib
from pathlib import Path
from typing import Any

import pytest
from rig import Rig

from rouse.virtual.host import board

SEEN_MS = 3000  # the limit for saying what is wrong
ROUND_MS = 280  # within a round what is known of the meter reaches the offer


def sane(rig: Rig) -> str:
    return str(rig.evse.status()["meter"])


def watch(rig: Rig, span_ms: int, word: str) -> tuple[int | None, list[int]]:
    """When the reason first held `word`, in ms from now (None: never), and the offer every 20 ms."""
    reasons = importlib.import_module("evse.app.text").METER
    inputs = rig.charger.controller.inputs  # asking evse.status() would take time
    seen_ms = None
    offers_ma = []
    for spent_ms in range(0, span_ms, 20):
        rig.world.run_ms(20)
        offers_ma.append(int(rig.charger.controller.offer.offer_ma))
        if seen_ms is None and word in reasons[inputs.meter_reason]:
            seen_ms = spent_ms + 20
    return seen_ms, offers_ma


def turn(rig: Rig) -> None:
    """What a person types; calibration is loaded with the contactor open."""
    rig.evse.stop()
    rig.until(lambda: rig.charger.may_load, 7000)
    rig.evse.cal.flip("grid")
    rig.evse.start()


@pytest.mark.parametrize("mode", ["fast", "solar"])
@pytest.mark.parametrize(
    ("word", "fault"),
    [
        ("no current at all", lambda world: setattr(world.house.grid_clamp, "is_lost", True)),
        ("reference is dead", lambda world: setattr(world.house.transformer, "is_dead", True)),
        ("bias is gone", lambda world: setattr(world.house.grid_channel, "offset_error_uv", -1300000)),
        ("bias is gone", lambda world: setattr(world.house.grid_channel, "offset_error_uv", 2000000)),
        ("clipped", lambda world: world.load_day((0,), (20000,))),
        ("no mains frequency", lambda world: world.clock.set_mains(41000)),
    ],
)
def test_a_fault_of_the_meter_is_told_within_3_s_lowers_to_6_a_then_pauses(
    tmp_path: Path, word: str, fault: Any, mode: str
) -> None:
    with Rig(tmp_path) as rig:
        rig.world.load_day((5000,), (1500,))
        rig.charge()
        if mode == "solar":
            rig.evse.mode("solar")
            rig.world.run_ms(70000)
        rig.world.run_ms(12000)
        assert sane(rig) == "fine" and rig.world.car.ma > 5000
        before_ma = rig.charger.controller.offer.offer_ma
        fault(rig.world)
        rig.world.house.refresh()
        seen_ms, offers_ma = watch(rig, 20000, word)
        assert seen_ms is not None and seen_ms <= SEEN_MS, (seen_ms, sane(rig))
        assert offers_ma[0] <= before_ma and offers_ma == sorted(offers_ma, reverse=True), "the offer was raised"
        assert offers_ma[SEEN_MS // 20] == (0 if word == "clipped" else 6000)  # 20 kW are over the main fuse
        assert offers_ma[-1] == 0
        rig.until(lambda: not rig.world.contactor.is_closed, 10000)
        assert rig.world.judge.violations == 0


def test_a_clamp_on_backwards_is_found_in_the_first_start_and_turned_by_one_line(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.world.house.grid_clamp.is_backwards = True
        rig.world.load_day((0,), (2000,))
        rig.world.run_ms(3000)
        assert rig.evse.status()["grid_w"] == pytest.approx(-2000, abs=100), "import reads as export"
        rig.evse.mode("fast")
        rig.world.plug()
        rig.until(lambda: rig.world.house.car_w > 1000, 30000)
        seen_ms, offers_ma = watch(rig, 12000, "backwards")
        assert seen_ms is not None and seen_ms <= SEEN_MS, seen_ms
        told = offers_ma[(seen_ms + ROUND_MS) // 20 :]
        assert max(told) <= 6000 and told == sorted(told, reverse=True)
        assert 'evse.cal.flip("grid")' in sane(rig)
        turn(rig)
        rig.world.run_ms(3000)
        assert sane(rig) == "fine"
        assert rig.evse.status()["grid_w"] == pytest.approx(rig.world.house.grid_w, abs=100)
        assert rig.world.house.grid_w >= 2000


def test_a_clamp_on_backwards_turns_by_itself_where_the_setting_allows_and_stays_turned(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.tune.fix_clamp = 1
        rig.world.house.grid_clamp.is_backwards = True
        rig.world.load_day((0,), (1000,))
        rig.charge()
        rig.world.run_ms(5000)
        assert sane(rig) == "fine"
        assert rig.evse.status()["grid_w"] == pytest.approx(rig.world.house.grid_w, abs=150)
        rig.evse.stop()
        rig.world.run_ms(8000)
        rig.world.hard_reset(2)
        rig.boot()
        rig.world.run_ms(2000)
        assert rig.evse.status()["grid_w"] == pytest.approx(1000, abs=50), "the calibration was stored"


def test_a_clamp_that_is_right_is_never_called_backwards_and_cannot_be_turned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Rig(tmp_path) as rig:
        rig.world.load_day((4000,), (500,))
        rig.charge()
        for ma in (6000, 16000, 8000, 32000, 6000):
            rig.tune.max_ma = ma
            rig.world.run_ms(6000)
            assert sane(rig) == "fine"
        assert rig.charger.metering.movement.is_confirmed
        turn(rig)
        assert "refused" in capsys.readouterr().out
        assert rig.charger.metering.grid_cal.is_flipped == 0


def test_a_car_clamp_on_backwards_is_found_too(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.world.house.car_clamp.is_backwards = True
        rig.evse.mode("fast")
        rig.world.plug()
        rig.until(lambda: rig.world.house.car_w > 1000, 30000)
        seen_ms, _ = watch(rig, 8000, 'evse.cal.flip("car")')
        assert seen_ms is not None and seen_ms <= SEEN_MS


def test_a_grid_clamp_behind_the_charger_is_found_by_what_does_not_move(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.world.load_day((0,), (700,))
        house = rig.world.house
        look = house.grid_clamp.look
        without_car = type(house.grid_ma)()

        def look_before_the_car(ma: Any) -> Any:
            without_car.clear()
            without_car.mix(ma, 1000000)
            without_car.mix(house.car_ma, -1000000)
            return look(without_car)

        house.grid_clamp.look = look_before_the_car
        rig.charge()
        rig.world.run_ms(3000)
        rig.evse.stop()  # a stop is the second step of the car
        rig.world.run_ms(12000)
        assert "does not follow the car" in sane(rig)


@pytest.mark.parametrize("hz", [50, 60])
@pytest.mark.parametrize("reference", ["transformer", "opto", "inverter"])
def test_import_and_export_have_their_sign_and_the_car_is_seen(tmp_path: Path, reference: str, hz: int) -> None:
    with Rig(tmp_path, None, board(reference=reference)) as rig:
        rig.world.clock.set_mains(hz * 1000)
        for solar_w, house_w in ((3000, 500), (1000, 3000), (5000, 4700)):
            rig.world.load_day((solar_w,), (house_w,))
            rig.world.run_ms(3000)
            assert rig.evse.status()["meter"] == "fine"
            assert rig.evse.status()["grid_w"] == pytest.approx(house_w - solar_w, abs=40 + abs(house_w - solar_w) / 50)
            if reference == "inverter":
                assert rig.evse.status()["sun_w"] == pytest.approx(solar_w, rel=0.05, abs=40)
        rig.charge()
        rig.world.run_ms(5000)
        house = rig.world.house
        assert rig.evse.status()["car_w"] == pytest.approx(house.car_w, rel=0.03)
        assert rig.evse.status()["grid_w"] == pytest.approx(house.grid_w, abs=100 + abs(house.grid_w) / 50)


def test_at_night_the_inverter_s_charger_knows_that_there_is_no_export(tmp_path: Path) -> None:
    with Rig(tmp_path, None, board(reference="inverter")) as rig:
        rig.world.load_day((0,), (1200,))
        rig.world.run_ms(3000)
        assert rig.evse.status()["meter"] == "fine"
        # No reference tells the frequency: a burst of 18.2 ms is 0.9 of a cycle, off by 6 % at the worst phase.
        assert rig.evse.status()["grid_w"] == pytest.approx(1200, rel=0.08)
        rig.charge()  # now the car's own current is the reference
        rig.world.run_ms(5000)
        references = set()
        for _ in range(12):  # a round
            rig.world.run_ms(20)
            references.add(rig.charger.metering.reference)
        assert 1 in references
        assert rig.evse.status()["grid_w"] == pytest.approx(rig.world.house.grid_w, rel=0.03)


def test_without_a_reference_solar_is_refused_and_the_fuse_guarded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Rig(tmp_path, None, board(reference=None, phase_adc=None)) as rig:
        assert "solar needs a grid clamp and a phase reference" in capsys.readouterr().out
        rig.evse.mode("solar")
        assert "transformer, opto or the inverter's clamp" in capsys.readouterr().out
        rig.world.load_day((8000,), (500,))
        rig.world.plug()
        rig.world.run_ms(80000)
        assert rig.world.car.ma == 0 and "current only" in rig.evse.status()["meter"]
        rig.world.load_day((0,), (6000,))
        rig.evse.mode("fast")
        most_w = 0
        for _ in range(80):
            rig.world.run_ms(1000)
            most_w = max(most_w, rig.world.house.grid_w)
        assert rig.world.car.ma > 5000, "35 A less the house's 26 A"
        assert most_w <= 35 * 230 + 200
