"""A trace gives figures, events and a page; results are written whole or not at all."""

import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rouse.report.page import Cell, Section, numbers, page, render, write_results
from rouse.report.plot import Run, draw, png, svg
from rouse.report.trace import Sample, events, figures, parse, wake_times_s

IDLE = Sample(0, 3000, 500, 0, 0, "B", False, False, False, 0, 0)


def trace(*changes: dict[str, Any]) -> list[Sample]:
    """One sample a second, each IDLE with some fields changed."""
    return [replace(IDLE, at_s=at_s, **change) for at_s, change in enumerate(changes)]


def run_of(samples: list[Sample]) -> Run:
    return Run("A <title> & more", "costs $5 or $6", 36_000, samples)


def test_a_sample_line_is_read_field_by_field() -> None:
    sample = parse("sample 12 3000 400 2200 10000 C 1 1 0 2 3")
    assert sample == Sample(12, 3000, 400, 2200, 10_000, "C", True, True, False, 2, 3)


@pytest.mark.parametrize("line", ["", "sample", "Rouse 0.1 on reference", "violation 1.000 s: late", "sample 1 2 3"])
def test_other_lines_are_no_samples(line: str) -> None:
    assert parse(line) is None


def test_the_state_says_whether_current_is_offered() -> None:
    for letter in "BCD":
        assert replace(IDLE, pilot=letter, is_pwm=True).state == letter + "2"
        assert replace(IDLE, pilot=letter, is_pwm=False).state == letter + "1"
    for letter in "AEF":
        assert replace(IDLE, pilot=letter, is_pwm=True).state == letter


def test_solar_energy_is_what_the_surplus_covers_and_import_the_rest() -> None:
    samples = trace(*[{"car_w": 3600}] * 1000, *[{"car_w": 1440, "house_w": 4000}] * 500, *[{"car_w": 1000}] * 900)
    found = figures(samples)
    assert found.solar_kwh == pytest.approx((2500 * 1000 + 0 * 500 + 1000 * 900) / 3.6e6, abs=1e-4)
    assert found.car_kwh == pytest.approx((3600 * 1000 + 1440 * 500 + 1000 * 900) / 3.6e6, abs=1e-4)
    assert found.import_kwh == pytest.approx(found.car_kwh - found.solar_kwh, abs=1e-4)


def test_starts_are_rises_of_the_cars_current_from_zero() -> None:
    for pattern, starts in (("0110", 1), ("0000", 0), ("0101", 2), ("1100", 1), ("1011", 2), ("1222", 1)):
        assert figures(trace(*[{"car_w": int(digit) * 1000} for digit in pattern])).starts == starts, pattern


def test_wake_attempts_are_interruptions_of_a_plugged_cars_pilot() -> None:
    for pattern, times in (("BBEEB", [2]), ("BEBFB", [1, 3]), ("BEFB", [1]), ("AABB", []), ("CBEE", [2])):
        samples = trace(*[{"pilot": letter} for letter in pattern])
        assert wake_times_s(samples) == times, pattern
        assert figures(samples).wake_attempts == len(times)


def test_counters_are_those_of_the_last_second() -> None:
    found = figures(trace({}, {"woken": 1}, {"woken": 2, "violations": 3}))
    assert (found.woken, found.safety_violations) == (2, 3)


def test_events_tell_every_change_once_in_order() -> None:
    samples = trace(
        {"pilot": "A"},
        {},
        {"is_pwm": True, "offer_ma": 7000},
        {"is_pwm": True, "offer_ma": 7000, "is_asleep": True},
        {"pilot": "E", "is_asleep": True},
        {"is_pwm": True, "offer_ma": 7000, "woken": 1},
        {"is_pwm": True, "offer_ma": 7000, "woken": 1, "pilot": "C", "is_closed": True, "car_w": 1500, "violations": 1},
    )
    assert events(samples) == [
        (1, "pilot A → B1"),
        (2, "pilot B1 → B2"),
        (2, "offer 7.0 A"),
        (3, "car falls asleep"),
        (4, "pilot B2 → E"),
        (4, "offer withdrawn"),
        (4, "wake attempt: pilot opened"),
        (5, "pilot E → B2"),
        (5, "offer 7.0 A"),
        (5, "car wakes"),
        (6, "pilot B2 → C2"),
        (6, "contactor closes"),
        (6, "car draws current"),
        (6, "SAFETY VIOLATION (1 so far)"),
    ]


def test_a_page_has_each_part_of_a_section_escaped_and_leaves_out_what_is_empty() -> None:
    rows = [("<a>", *numbers([1.24], [1])), (Cell("x", "late"), "b")]
    text = render("T & t", ["under"], [Section("H", ["<p>1"], "<svg></svg>", ("name", "W"), rows, "a  b"), Section()])
    assert re.sub(r">\s+<", "><", text).partition("<body>")[2] == (
        '<header><h1>T &amp; t</h1><div class="small">under</div></header>'
        "<section><h2>H</h2><p>&lt;p&gt;1</p><svg></svg>"
        '<table><tr><th>name</th><th class="number">W</th></tr>'
        '<tr><td>&lt;a&gt;</td><td class="number">1.2</td></tr><tr><td class="late">x</td><td>b</td></tr></table>'
        "<pre>a  b</pre></section><section></section></body></html>"
    )


def test_the_page_is_self_contained_and_says_everything() -> None:
    samples = trace({}, {"is_pwm": True, "offer_ma": 7000}, {"pilot": "E"}, {"violations": 1})
    text = page(run_of(samples), {"starts": 4, "safety_violations": 1, "tick_errors": 0})
    assert "<svg" in text
    assert "A &lt;title&gt; &amp; more" in text
    assert '<tr><td class="bad">safety_violations</td><td class="bad">1</td></tr>' in text
    assert "<tr><td>tick_errors</td><td>0</td></tr>" in text
    assert "<tr><td>10:00:01</td><td>offer 7.0 A</td></tr>" in text
    for loading in ("<script", "<link", "src=", "@import"):
        assert loading not in text, loading


def test_the_picture_is_the_same_for_the_same_run_and_well_formed() -> None:
    run = run_of(trace({}, {"is_pwm": True, "offer_ma": 7000}, {"pilot": "F"}, {}))
    assert svg(draw(run)) == svg(draw(run)) and png(draw(run)) == png(draw(run))
    ElementTree.fromstring(svg(draw(run)))


def test_results_are_three_files_and_nothing_else(tmp_path: Path) -> None:
    write_results(tmp_path / "out", run_of(trace({}, {})), {"starts": 1})
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report.html", "report.png", "summary.json"]
    assert json.loads((tmp_path / "out" / "summary.json").read_text()) == {"starts": 1}
    assert (tmp_path / "out" / "report.png").read_bytes().startswith(b"\x89PNG")
