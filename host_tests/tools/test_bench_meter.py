"""The meter's bench, quick: every chip within its limits, and switched loads by a brute-force count."""

import dis
import json
from pathlib import Path

import pytest

from rouse.bench.meter import bench, cases, parts, rig, switched
from rouse.bench.meter.outcome import LIMITS, SWITCHED_LIMITS, Found, Job, Reading, is_within, outcome
from rouse.virtual.pace import LOOP_OPCODES, parse


@pytest.mark.parametrize("chip", bench.CHIPS)
@pytest.mark.parametrize("reference", ["transformer", "inverter"])
def test_the_limits_hold_on_every_chip(chip: str, reference: str) -> None:
    some = cases.cases(reference)[:: bench.QUICK_EACH]
    came_to = outcome(chip, reference, [bench.run_job(Job(chip, reference, part), some) for part in range(3)])
    assert came_to.is_good and came_to.readings > 150, came_to
    assert abs(came_to.bias_permille) < 15
    pace = parse(chip)
    assert 3 * (pace.read_us + pace.loop_read_us) * came_to.steps == pytest.approx(20000, rel=0.03), came_to.steps


@pytest.mark.parametrize("kind", ["cut_w", "swing_hz"])
@pytest.mark.parametrize("reference", LIMITS)
def test_the_limits_hold_beside_a_dimmer_and_on_mains_that_drift(reference: str, kind: str) -> None:
    some = [case for case in cases.cases(reference) if getattr(case, kind)]
    came_to = outcome("slow", reference, [bench.run_job(Job("slow", reference, part), some) for part in range(3)])
    assert came_to.is_good and came_to.readings == 3 * 5 * bench.SECONDS, came_to


def test_mains_that_drift_go_as_far_as_they_are_told_and_never_jump() -> None:
    part = parts.draw(0)
    parts.wire(part, "transformer")
    charger = rig.Rig(part, "transformer", parse("58us"))
    charger.put(cases.Case("drift", 1000, swing_hz=0.2))
    seen_mhz = []
    for _ in range(60 * bench.ROUNDS_A_SECOND):
        charger.round()
        if len(seen_mhz) > 0 or charger.metering.lock.is_good:
            assert charger.metering.lock.is_good, seen_mhz
            seen_mhz.append(charger.metering.lock.frequency_mhz)
    assert (min(seen_mhz), max(seen_mhz)) == (pytest.approx(49800, abs=15), pytest.approx(50200, abs=15))


def test_a_step_of_the_meters_loop_has_as_many_opcodes_as_the_chip_is_charged_for() -> None:
    code = list(dis.get_instructions(rig.load_driver().Meter.measure))
    names = [each.opname for each in code]
    loop = names[names.index("FOR_ITER") : names.index("JUMP_BACKWARD") + 1]
    assert len(loop) == pytest.approx(LOOP_OPCODES, abs=3)


def test_an_error_over_the_limit_or_a_wrong_sign_is_a_failure() -> None:
    row = {"sd_w": 1.0, "sign_ok": True}
    for share, sign_ok, is_good in ((0.99, True, True), (1.01, True, False), (-1.01, True, False), (0.5, False, False)):
        readings = [Reading("a case", 1000, 5, share)] * 20
        found = Found([row | {"sign_ok": sign_ok}], readings, 51)
        assert outcome("58us", "opto", [found]).is_good == is_good


def seen(ticks: list[int], on: int, length: int, phase: int) -> float:
    """The share of bursts at those ticks, a cycle each, that find a pattern on."""
    return sum((tick + phase) % length < on for tick in ticks) / len(ticks)


@pytest.mark.parametrize(("on", "off"), [(1, 1), (1, 3), (2, 2), (3, 1), (4, 9), (13, 13), (1, 25)])
def test_the_model_of_switched_loads_is_a_count_of_cycles(on: int, off: int) -> None:
    bursts = switched.schedule(switched.present(), False)
    length = on + off
    count = round(4 / 0.02 / bursts.length * len(bursts.ticks))
    ticks = [turn * bursts.length + tick for turn in range(8) for tick in bursts.ticks]
    worst = 0.0
    for first in range(len(bursts.ticks)):
        span = range(ticks[first], ticks[first + count])
        for phase in range(length):
            flowed = sum((tick + phase) % length < on for tick in span) / len(span)
            worst = max(worst, abs(seen(ticks[first : first + count], on, length, phase) - flowed))
    expected = worst * 1300 / (300 + 1300 * on / length)
    assert switched.errors(bursts, 4)[on - 1, off - 1] == pytest.approx(expected, abs=1e-6)


def test_switched_loads_are_read_within_their_limits_and_were_not_by_rounds_of_12() -> None:
    summaries = [each for each in switched.summaries() if each.hz == 50]
    assert all(map(is_within, summaries))
    for before in (each for each in summaries if not each.is_now):
        assert before.worst > 1.5 and before.worst_pattern == (1, 3)
    bad = next(each for each in summaries if each.is_now and each.span_s == 12)._replace(worst=0.26)
    assert not is_within(bad) and set(SWITCHED_LIMITS[False]) < set(switched.SPANS_S)


def test_the_firmware_reads_a_switched_load_as_the_model_says() -> None:
    for is_charging in (False, True):
        bursts = switched.schedule(switched.present(), is_charging)
        worst = {span_s: switched.errors(bursts, span_s) for span_s in (1, 4)}
        for on, off in ((1, 1), (1, 3), (3, 1), (4, 9)):
            played = switched.play(on, off, is_charging)
            assert played.off_1s <= worst[1][on - 1, off - 1] + 0.03, played
            assert played.off_4s <= worst[4][on - 1, off - 1] + 0.03, played


def test_the_bench_writes_figures_pictures_and_a_page_that_loads_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "OUT", tmp_path)
    assert bench.main(["--parts", "1", "--quick", "--chip", "slow"]) == 0
    told = capsys.readouterr().out
    assert "slow" in told and "  FAIL" not in told and "13 off  charging" in told
    result = json.loads((tmp_path / "meter.json").read_text())
    assert {each["reference"] for each in result["outcomes"]} == {"transformer", "opto", "inverter", "car"}
    assert result["rows"] and result["switched"] and result["played"]
    page = (tmp_path / "meter.html").read_text()
    assert "Loads that switch" in page and "src=" not in page
    for name in ("meter.png", "meter_chips.png", "meter_switched.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
