"""Each phase reference through the pins: the sign is right, the car is seen; without one, solar is refused."""

from pathlib import Path

import pytest
from rig import Rig

from rouse.virtual.host import board


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
        assert rig.evse.status()["grid_w"] == pytest.approx(1200, abs=60)
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
