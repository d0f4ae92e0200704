"""docs/safety.md, the tests and the code say the same: every rule has its tests, every numbered test its rule.

Reads the files as text and Python's syntax; runs no rule.
"""

import ast
import re
from pathlib import Path

import pytest
import test_safety_boards
from scene import Reference
from test_safety_boards import TestReference

from evse.app import text
from rouse.build.firmware import board_names

ROOT = Path(__file__).resolve().parents[2]
DOC = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
RULES = dict(re.findall(r"^### (S\d\d) .+\n((?:(?!#).*\n)+)", DOC, re.MULTILINE))
FIGURES = dict(re.findall(r"^\| ([A-Z0-9_]+) \| (.+?) \|", DOC, re.MULTILINE))


def all_tests() -> set[str]:
    """The names of every test function and method of the project."""
    names = set()
    for path in (ROOT / "host_tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                names.add(node.name)
    return names


TESTS = all_tests()


def test_rules_are_numbered_without_a_gap():
    assert list(RULES) == [f"S{number:02}" for number in range(1, len(RULES) + 1)]
    assert len(RULES) >= 31


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_says_number_source_enforcement_and_test(rule):
    assert re.findall(r"^- (\w+): \S", RULES[rule], re.MULTILINE) == ["Number", "Source", "Enforced", "Test"]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_in_safety_md_has_a_test(rule):
    cited = re.findall(r"`(test_\w+)`", RULES[rule])
    assert cited and set(cited) <= TESTS, sorted(set(cited) - TESTS)


def test_every_numbered_test_is_cited_by_its_rule():
    numbered = {name for name in TESTS if re.match(r"test_S\d\d_", name)}
    assert len(numbered) > 40
    lost = [name for name in sorted(numbered) if f"`{name}`" not in RULES.get(name[5:8], "")]
    assert lost == []


@pytest.mark.parametrize("rule", RULES)
def test_every_file_that_enforces_a_rule_exists(rule):
    line = re.search(r"^- Enforced: (.+)$", RULES[rule], re.MULTILINE)
    assert line is not None
    files = re.findall(r"`([\w/]+\.py)`", line.group(1))
    assert files
    for name in files:
        path = ROOT / name if name.startswith("firmware/") else ROOT / "firmware" / "evse" / name
        assert path.is_file(), name


# Not numbers of the standard but codes, each with its words in app/text.py.
CODES = re.compile(
    r"(LEVEL|STATE|PILOT|WANT|CAP)_\w+$|FAULT_(?!F_MS)\w+$|METER_(STARTING|CLIPPED)$|EXPORTING_MA$|"
    r"(IDLE|PRESSED|RELEASED|WHEEL)$"
)


def constants() -> dict[str, str]:
    """Every number in the files of safety/ as the page writes it: the constants without their underscore."""
    found = {}
    for path in (ROOT / "firmware/evse/safety").glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id.removeprefix("_")
                is_const = isinstance(node.value, ast.Call)
                if name.isupper() and not CODES.match(name) and (is_const or name in ("EDGES_MV", "CABLES")):
                    found[name] = written(ast.literal_eval(node.value.args[0] if is_const else node.value))
    return found


def written(value: object) -> str:
    """A number, or a table of them, as the page has it."""
    if not isinstance(value, tuple):
        return str(value)
    return ", ".join(f"{row[0]} ohm {row[1]}" if isinstance(row, tuple) else str(row) for row in value)


def test_every_limit_is_a_figure_of_the_page_and_no_figure_is_stale():
    assert constants() == FIGURES


def test_every_constant_a_rule_names_exists():
    named = set(re.findall(r"\b[A-Z0-9]+(?:_[A-Z0-9]+)+\b", "".join(RULES.values())))
    assert named - set(constants()) == set()


def test_blink_codes_are_complete_and_in_order():
    section = DOC.split("## Blink codes")[1].split("\n## ")[0]
    numbers = [int(number) for number in re.findall(r"(?:^|, |,\n)(\d+) [a-zM]", section, re.MULTILINE)]
    assert numbers == list(range(1, len(text.FAULTS) + 1))


def test_every_shipped_board_runs_the_rules():
    lost = [name for name in board_names() if not hasattr(test_safety_boards, f"Test{name.title()}")]
    assert board_names() and lost == []


@pytest.mark.parametrize("stated", [TestReference, Reference])
def test_the_rules_reference_board_is_the_reference_board(stated):
    scope: dict[str, dict[str, object]] = {}
    exec((ROOT / "boards" / "reference" / "board.py").read_text(encoding="utf-8"), scope)
    board = scope["BOARD"]
    pins = board["pins"]
    assert isinstance(pins, dict)
    facts = {
        "max_ma": board["max_ma"],
        "fuse_ma": board["fuse_ma"],
        "has_fan": pins["fan"] is not None,
        "has_switch": pins["pilot_open"] is not None,
        "has_meter": pins["grid_adc"] is not None,
        "has_readback": pins["contactor_readback"] is not None,
        "tethered_ma": board["cable_ma"] or 0,
    }
    assert facts == {name: getattr(stated, name) for name in facts}
