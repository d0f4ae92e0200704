"""The budget table: an exceeded limit fails by name, and stored opcodes are not stale."""

import dis
import json
import sys
from types import SimpleNamespace

import pytest

from rouse import ToolError, cli
from rouse.check import budget, opcodes
from rouse.virtual import host
from rouse.vm import scenes

FIGURES = [budget.Figure("heap", 5, 5, "bytes"), budget.Figure("tick", 6, 5, "opcodes")]


def test_a_figure_at_its_limit_is_within_it_and_one_more_is_over():
    assert [figure.is_over for figure in FIGURES] == [False, True]


@pytest.fixture
def fixed(monkeypatch, tmp_path):
    """Measuring replaced by FIGURES, and a build folder of the test's own."""
    (tmp_path / "build").mkdir()
    monkeypatch.setattr(budget, "ROOT", tmp_path)
    monkeypatch.setattr(budget, "measure", lambda store: (list(FIGURES), []))
    return tmp_path


def test_an_exceeded_limit_is_one_clear_line_and_exit_status_1(fixed, capsys):
    assert budget.main([]) == 1
    out, err = capsys.readouterr()
    assert err == "budget: tick: 6 opcodes, 5 allowed\n"
    assert [line.endswith("EXCEEDED") for line in out.splitlines()] == [False, True]
    assert json.loads((fixed / "build/budget.json").read_text())["tick"] == {"value": 6, "limit": 5, "unit": "opcodes"}


def test_within_the_limits_the_exit_status_is_0(fixed, monkeypatch):
    monkeypatch.setattr(budget, "measure", lambda store: (FIGURES[:1], []))
    assert budget.main([]) == 0


def test_a_scene_that_does_not_play_is_one_clear_line(fixed, monkeypatch, capsys):
    def measure(store):
        raise ToolError("scene start: is_charging is not so")

    monkeypatch.setattr(budget, "measure", measure)
    assert cli.main(["budget"]) == 1
    assert capsys.readouterr().err == "budget: scene start: is_charging is not so\n"


def test_an_unknown_argument_is_a_usage_error(capsys):
    with pytest.raises(SystemExit, match="2"):
        budget.main(["--shop"])
    assert "usage:" in capsys.readouterr().err


def test_the_vm_tells_heap_bytes_a_scene_and_the_peak_of_a_command():
    lines = ["Rouse 0.1.0", "heap 41000 after boot", "bytes 0 quiet", "bytes 16 wake pulse", "peak 9 tune.max_ma = 1"]
    assert [(figure.name, figure.value, figure.limit) for figure in budget.figures_from_vm(lines)] == [
        ("heap after boot", 41000, 122 * 1024), ("a tick allocates: quiet", 0, 0),
        ("a tick allocates: wake pulse", 16, 0), ("heap at the peak: tune.max_ma = 1", 9, 140 * 1024),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stored", "is_stale"),
    [({"quiet": 1050}, False), ({"quiet": 950}, False), ({"quiet": 1051}, True), ({"quiet": 949}, True), ({}, True)],
)
def test_a_stored_figure_is_stale_beyond_5_percent(stored, is_stale):
    assert budget.is_stale({"quiet": 1000}, stored) == is_stale


def test_another_python_compares_the_stored_figures_and_says_so(monkeypatch):
    monkeypatch.setattr(budget, "COUNTING_PYTHON", (2, 7))
    monkeypatch.setattr(budget, "vm_figures", list)
    figures, complaints = budget.measure(store=False)
    assert {figure.name: figure.value for figure in figures} == {
        f"a tick executes: {name}": value for name, value in budget.stored_opcodes().items()
    }
    assert all("as stored" in figure.remark for figure in figures)
    assert complaints == []


def opcodes_of(path, timer_id):
    """What the counter makes of one callback, whose function stands in the file `path`: its worst tick and burst."""
    counter = opcodes.OpcodeCounter()
    counter.look("quiet")
    scope = {}
    exec(compile("def call():\n    return 1\n", path, "exec"), scope)
    counter.before_callback(SimpleNamespace(id=timer_id))
    scope["call"]()
    counter.after_callback(SimpleNamespace(id=timer_id))
    return counter.most, counter.most_burst


@pytest.mark.skipif(sys.version_info[:2] != budget.COUNTING_PYTHON, reason="opcodes are counted on CPython 3.11")
def test_a_tick_is_counted_for_what_runs_in_the_firmware_and_the_burst_apart():
    code = compile("def call():\n    return 1\n", "x", "exec").co_consts[0]
    # RESUME, the first, is the call itself and is not traced.
    length = sum(each.opname != "RESUME" for each in dis.get_instructions(code))
    assert opcodes_of(opcodes.FIRMWARE + "x.py", opcodes.TICK_TIMER) == ({"quiet": length}, 0)
    assert opcodes_of(opcodes.BURST, opcodes.TICK_TIMER) == ({"quiet": 0}, length)
    assert opcodes_of("fake.py", opcodes.TICK_TIMER) == ({"quiet": 0}, 0)
    assert opcodes_of(opcodes.FIRMWARE + "x.py", opcodes.TICK_TIMER + 1) == ({}, 0)


def test_the_story_breaks_off_at_a_scene_that_is_not_as_told():
    world = SimpleNamespace(
        ms=0, load_day=lambda sun, house: None, run_ms=lambda span: None, plug=lambda: None, car_ma=0,
        contactor=SimpleNamespace(is_closed=False), judge=SimpleNamespace(violations=0),
    )  # fmt: skip
    with pytest.raises(scenes.SceneError, match="scene start .* is_charging"):
        list(scenes.play(world, lambda scene: None))


def test_the_fake_clock_charges_no_less_than_a_quiet_tick_may_take():
    charged = host.make_world().scheduler.tick_opcodes
    assert budget.QUIET_OPCODES_HIGHEST <= charged <= budget.WORST_OPCODES_HIGHEST
