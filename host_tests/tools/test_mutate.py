"""Mutation testing plants the faults it should, finds what no test sees, and leaves the files as they are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rouse.check import mutate
from rouse.check.mutations import mutants

ROOT = Path(__file__).resolve().parents[2]


def changes(source: str) -> set[tuple[str, str]]:
    return {(mutant.old, mutant.new) for mutant in mutants(source)}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a < b", {"a <= b", "a >= b"}),
        ("a >= b", {"a > b", "a < b"}),
        ("a == b", {"a != b"}),
        ("a is None", {"a is not None"}),
        ("a < b >= c", {"a <= b >= c", "a >= b >= c", "a < b > c", "a < b < c"}),
        ("a and b", {"a or b"}),
        ("not a", {"a"}),
        ("a + b", {"a - b"}),
        ("a // b", {"a * b"}),
        ("a & b", {"a | b"}),
        ("min(a, b)", {"max(a, b)"}),
    ],
)
def test_each_operator_has_its_wrong_twins(code, expected):
    assert {new for old, new in changes(f"x = {code}") if old == code} == expected


def test_numbers_are_off_by_one_either_way_and_booleans_flip():
    assert changes("x = f(7)") == {("f(7)", "f(8)"), ("f(7)", "f(6)")}
    assert changes("x = f(True)") == {("f(True)", "f(False)")}


def test_steps_of_a_function_are_left_out_and_returned_values_changed():
    found = changes("def f(a) -> int:\n    g(a)\n    return a\n")
    assert found == {("g(a)", "pass"), ("return a", "pass"), ("return a", "return a + 1")}
    assert ("return g(a)", "return not g(a)") in changes("def f(a) -> bool:\n    return g(a)\n")


def test_in_init_a_number_that_is_reckoned_with_or_named_counts():
    found = changes("def __init__(self, a):\n    self.a = a + 1\n    self.b = f(2, c=3)\n")
    assert {new for _, new in found} >= {"a + 2", "a + 0", "c=4", "c=2"}
    assert not any("f(" in new for _, new in found)


def test_a_plain_condition_is_negated():
    assert ("if a:", "if not a:") in changes("if a:\n    pass\n")


def test_a_table_cell_takes_another_name_of_its_family_and_an_empty_cell_is_filled():
    found = changes("from t import A_ONE, A_TWO, B_ONE\nT = (A_ONE, None, B_ONE)\n")
    assert found == {("A_ONE", "A_TWO"), ("None", "A_ONE")}


@pytest.mark.parametrize(
    "source",
    [
        '"""Doc 1."""\n',
        "NAMES = ('a', 'b')\n",
        "import a, b\n",
        "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    import a\n",
        "def f(a: int | None) -> int | None:\n    '''Doc.'''\n",
        "class C:\n    def __init__(self) -> None:\n        self.a = 3\n",
    ],
)
def test_what_means_nothing_is_left_alone(source):
    assert changes(source) == set()


def project(root: Path, test_text: str) -> bytes:
    """A tiny project with one rule, and a copy of the mutated file as it was."""
    for folder in ("firmware/evse/safety", "host_tests/units/safety"):
        (root / folder).mkdir(parents=True)
    source = root / "firmware/evse/safety/duty.py"
    source.write_text("def is_over(limit, value):\n    return value > limit\n")
    (root / "host_tests/units/safety/test_duty.py").write_text("from evse.safety.duty import is_over\n" + test_text)
    return source.read_bytes()


def run_mutate(root: Path) -> subprocess.CompletedProcess[str]:
    code = "import pathlib, sys; from rouse import cli; from rouse.check.mutate import main\n"
    code += "sys.exit(cli.guarded('mutate', lambda: main(['safety/duty'], pathlib.Path(sys.argv[1]))))"
    return subprocess.run(
        [sys.executable, "-c", code, root], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("test", "survivors"),
    [
        ("is_over(1, 9) and not is_over(9, 1)", ["value > limit -> value >= limit"]),
        ("[is_over(5, v) for v in (4, 5, 6)] == [False, False, True]", []),
    ],
)
def test_what_no_test_notices_is_named_by_its_line_and_the_file_stays(tmp_path, test, survivors):
    before = project(tmp_path, f"def test_over(): assert {test}\n")
    done = run_mutate(tmp_path)
    assert done.returncode == len(survivors), done.stdout
    assert all(f"survived firmware/evse/safety/duty.py:2: {each}" in done.stdout for each in survivors)
    assert f"mutate: 3 mutants, {len(survivors)} survived" in done.stdout
    assert (tmp_path / "firmware/evse/safety/duty.py").read_bytes() == before


def test_tests_that_fail_before_any_mutation_stop_the_run(tmp_path):
    project(tmp_path, "def test_over(): assert False\n")
    done = run_mutate(tmp_path)
    assert done.returncode == 1
    assert "test_duty.py" in done.stderr
    assert done.stderr.endswith("mutate: the tests fail on the unchanged code; make test first\n")


def test_an_unknown_module_is_a_clear_line(capsys):
    with pytest.raises(SystemExit, match="2"):
        mutate.main(["nonesuch"])
    assert "name modules below firmware/evse" in capsys.readouterr().err


def test_every_target_exists_and_yields_mutants():
    jobs = mutate.jobs_for(ROOT, mutate.TARGETS)
    for target in mutate.TARGETS:
        assert sum(job.target == target for job in jobs) > 20, target
