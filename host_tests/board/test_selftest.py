"""The charger measures its chip at boot: what it finds, what it says outside the range, and when it does not start."""

import importlib
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from rig import Rig, in_a_copy
from test_reaction import BURST_MS, QUIET_MS, ROUND_MS, unplugged_at

from rouse.virtual.host import board


def put_on_chip(rig: Rig, read_us: int, opcode_ns: int) -> None:
    """The same board with a chip of any pace, powered off."""
    world = rig.world
    world.pace = world.scheduler._pace = importlib.import_module("virtual.pace").Pace(read_us, opcode_ns, opcode_ns)
    for channel in (world.house.grid_channel, world.house.phase_channel, world.house.car_channel):
        channel.caller_us = world.pace.loop_read_us
    world.hard_reset(1)


@pytest.mark.parametrize(
    ("chip", "read_us", "thousand_us"),
    [("fast", 20, 800), ("40us,1.3", 40, 1300), ("default", 58, 1800), ("slow", 80, 2200)],
)
def test_a_read_and_a_thousand_opcodes_are_measured_at_boot_and_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], chip: str, read_us: int, thousand_us: int
) -> None:
    with Rig(tmp_path, chip=chip) as rig:
        assert rig.charger.chip_us == (read_us, pytest.approx(thousand_us, abs=thousand_us * 0.03))
        assert "tested with" not in capsys.readouterr().out, "nothing to say within the range"
        rig.world.run_ms(1000)
        rig.evse.selftest()
        told = capsys.readouterr().out.splitlines()
        assert told[0].startswith(f"an ADC read takes {read_us} us, a thousand opcodes {thousand_us // 100}")
        rows = {line.split()[0]: [int(figure) for figure in line.split()[1:]] for line in told[2:]}
        wired = {name for name, pin in rig.world.board["pins"].items() if name.endswith("_adc") and pin is not None}
        assert set(rows) == wired
        for name, (mean, noise, lowest, highest) in rows.items():
            assert 0 <= lowest <= mean <= highest <= 4095, name
            # The virtual ADC's noise is even over -8..+7 counts: 4.6 by its deviation; at the ceiling there is none.
            assert 3 <= noise <= 7 or lowest == highest == 4095, name
        assert rows["phase_adc"][3] - rows["phase_adc"][2] > 100, "a mains wave, which is no noise"


@pytest.mark.parametrize("reference", ["transformer", "opto"])
def test_a_noisy_input_is_named_at_boot_and_a_wave_is_not_noise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], reference: str
) -> None:
    with Rig(tmp_path, board=board(reference=reference)) as rig:
        assert len(capsys.readouterr().out.splitlines()) == 1, "the banner alone"
        channel = rig.world.channels[rig.world.board["pins"]["temperature_adc"]]
        channel.noise_mask = 127  # 37 counts of deviation
        rig.world.hard_reset(1)
        rig.boot()
        (line,) = [line for line in capsys.readouterr().out.splitlines() if "noise" in line]
        assert line.startswith("Rouse: temperature_adc: noise of ") and 30 < int(line.split()[4]) < 45


def test_a_turn_of_the_measurement_has_as_many_opcodes_as_it_says() -> None:
    if sys.version_info[:2] != (3, 11):
        pytest.skip("opcodes differ between versions of CPython; 3.11's are the ones budgeted")
    from chip import load

    (selftest,) = load("evse.app.selftest")
    selftest.ticks_us = lambda: 0
    counted = 0

    def count(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal counted
        frame.f_trace_opcodes = True
        counted += event == "opcode"
        return count

    found = []
    for turns in (0, 10):
        counted = 0
        sys.settrace(count)
        selftest._turn(selftest.Hold(0), turns)
        sys.settrace(None)
        found.append(counted)
    assert (found[1] - found[0]) / 10 == pytest.approx(selftest._OPCODES_A_TURN, abs=6)


@pytest.mark.parametrize(("read_us", "opcode_ns"), [(100, 2200), (70, 2850)])
def test_a_chip_just_fast_enough_is_named_and_opens_in_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], read_us: int, opcode_ns: int
) -> None:
    with Rig(tmp_path) as rig:
        put_on_chip(rig, read_us, opcode_ns)
        rig.boot()
        assert f"an ADC read takes {read_us} us" in capsys.readouterr().out.splitlines()[-1]
        rig.charge()
        found = [in_a_copy(rig, unplugged_at(phase_ms)) for phase_ms in range(0, ROUND_MS, 3)]
        assert max(each.took_ms for each in found if not each.has_burst) <= QUIET_MS
        assert max(each.took_ms for each in found if each.has_burst) <= BURST_MS
        assert rig.world.judge.violations == 0, rig.world.judge.last


@pytest.mark.parametrize(("read_us", "opcode_ns"), [(110, 2200), (58, 3300)])
def test_a_chip_that_is_too_slow_is_not_started_and_the_reason_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], read_us: int, opcode_ns: int
) -> None:
    with Rig(tmp_path) as rig:
        put_on_chip(rig, read_us, opcode_ns)
        capsys.readouterr()
        with pytest.raises(KeyError):
            rig.boot()  # main.py leaves no `evse`
        (line,) = capsys.readouterr().out.splitlines()
        assert line.startswith("Rouse: not started, the contactor stays open: an ADC read takes")
        assert line.endswith("too slow to open the contactor in time")
        rig.world.plug()
        rig.world.run_ms(20000)
        assert not rig.world.contactor.is_closed and not rig.world.scheduler.timers
