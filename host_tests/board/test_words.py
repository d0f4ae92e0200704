"""Every code has its words; codes are found in the sources by their prefix, so that a new one without words fails."""

import ast
import re

import pytest

from evse.app import text, verdict
from evse.core import face
from evse.record import ledger
from rouse.build.firmware import FIRMWARE

NO_CODE = re.compile(r"_(COUNT|FIELDS|MS|S)$")  # how many there are, or a time


def codes(prefix: str) -> dict[int, str]:
    """The constants PREFIX_... and _PREFIX_... of the firmware by their value, without the prefix."""
    found: dict[int, str] = {}
    for path in sorted((FIRMWARE / "evse").rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
                continue
            name = ast.unparse(node.targets[0]).lstrip("_")
            if name.startswith(prefix + "_") and not NO_CODE.search(name) and ast.unparse(node.value.func) == "const":
                value = ast.literal_eval(node.value.args[0])
                assert value not in found, f"{name} and {prefix}_{found[value]} are both {value}"
                found[value] = name.removeprefix(prefix + "_")
    return found


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("LEVEL", text.LEVELS),
        ("STATE", text.STATES),
        ("PILOT", text.PILOTS),
        ("CAP", text.CAPS),
        ("WHY", text.REASONS),
        ("METER", text.METER),
        ("EVENT", text.EVENTS),
        ("PARTY", text.PARTIES),
        ("CAUSE", text.CAUSES),
        ("CAUSE", verdict.ALLOWED),
        ("CAUSE", ledger.PARTY_OF),
        ("WHY", face.LAMPS),
        ("SUN", face._BY_SUN),
    ],
)
def test_a_table_has_a_row_for_each_code(prefix: str, words: "tuple[object, ...] | bytes") -> None:
    assert sorted(codes(prefix)) == list(range(len(words)))


def test_each_fault_is_a_bit_of_its_own_with_its_words() -> None:
    assert sorted(codes("FAULT")) == [1 << bit for bit in range(len(text.FAULTS))]


@pytest.mark.parametrize(
    ("prefix", "words"), [("LEVEL", text.LEVELS[:6]), ("STATE", text.STATES), ("PARTY", text.PARTIES)]
)
def test_words_that_are_the_code_s_own_name_are_in_order(prefix: str, words: tuple[str, ...]) -> None:
    named = codes(prefix)
    assert [word.upper() for word in words] == [named[index] for index in range(len(words))]


def test_the_report_names_the_figures_of_a_row_and_of_a_case_in_their_order() -> None:
    source = (FIRMWARE / "evse/app/console.py").read_text(encoding="utf-8")
    for prefix, more in (("ROW", 2), ("CASE", 1)):  # how many there are, and where a row's causes begin
        names = re.search(rf'^_{prefix}_NAMES = "(.+)"$', source, re.MULTILINE)
        places = {value: name for name, value in vars(ledger).items() if name.startswith(prefix + "_")}
        assert names is not None, prefix
        told = [f"{prefix}_{name.upper()}" for name in names[1].split()]
        assert told == [places[index] for index in range(len(places) - more)]
