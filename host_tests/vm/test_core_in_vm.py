"""The core tests hold on the chip's own interpreter too: its whole numbers are small up to 2**30 - 1 only."""

from pathlib import Path

from rouse.check import plain_tests, vm_tests

ROOT = Path(__file__).resolve().parents[2]


def test_core_tests_pass_inside_the_vm():
    lines = []
    outcome = vm_tests.run_tests(ROOT, lines.append)
    assert not outcome.failed, "\n".join(lines)
    assert 100 < outcome.passed == sum(len(plain_tests.find_tests(name)) for name in vm_tests.test_names(ROOT))


def make_tree(root, test_text):
    for folder in ("firmware/evse/core", "host_tests/safety", "host_tests/units/core", "host_tests/vm"):
        (root / folder).mkdir(parents=True)
    (root / "firmware/evse/core/small.py").write_text("LARGEST = 2**30 - 1\n")
    (root / "host_tests/units/core/test_small.py").write_text(test_text)
    (root / vm_tests.INSIDE).write_bytes((ROOT / vm_tests.INSIDE).read_bytes())


def test_functions_and_methods_count_and_a_failure_shows_its_line(tmp_path):
    make_tree(
        tmp_path,
        "from evse.core.small import LARGEST\n"
        "def test_good(): assert LARGEST == 1073741823\n"
        "def test_bad(): assert LARGEST == 0\n"
        "class TestBox:\n    def test_in_box(self): pass\n    def helper(self): assert False\n",
    )
    lines = []
    assert vm_tests.run_tests(tmp_path, lines.append) == (2, ["test_small.test_bad"])
    assert any("test_small.py" in line and "line 3" in line for line in lines)


def test_a_test_file_that_cannot_be_imported_is_a_failure(tmp_path):
    make_tree(tmp_path, "import nonesuch\n")
    assert vm_tests.run_tests(tmp_path, lambda line: None) == (0, ["test_small"])
