"""tools/inline.py: a constant becomes its value where it is used, and nothing else of the text changes."""

import ast

import pytest

from tools import firmware
from tools.inline import inlined, public_constants

LIMITS = """from micropython import const

LOW = const(-5)
HIGH = const(7)  # a comment
_OWN = const(3)
PAIR = (1, 2)
SHIFTED = const(1 << 4)
SUM = const(HIGH + 1)
"""
CONSTANTS = {"core.limits": public_constants(LIMITS)}
CASES = [
    ("from core.limits import LOW\nx = 3 - LOW\n", "pass\nx = 3 - (-5)\n"),
    ("from core.limits import PAIR, HIGH\nx = HIGH, PAIR\n", "from core.limits import PAIR\nx = 7, PAIR\n"),
    ("from core.limits import HIGH as TOP\nx = TOP\n", "pass\nx = 7\n"),
    ("from core.limits import (\n    LOW,\n    PAIR,\n)\ny = LOW\n", "from core.limits import PAIR\n\n\n\ny = (-5)\n"),
    ("from core import limits\nx = limits.HIGH + limits.PAIR\n", "from core import limits\nx = 7 + limits.PAIR\n"),
    ("from other.limits import HIGH\nx = HIGH\n", "from other.limits import HIGH\nx = HIGH\n"),
    ("from other import now as when\nx = self.HIGH + when\n", "from other import now as when\nx = self.HIGH + when\n"),
    ("def f(x):\n    return 'é', x.LOW\n", "def f(x):\n    return 'é', x.LOW\n"),
    ("from core.limits import HIGH\ntext = 'é'; x = [HIGH]\n", "pass\ntext = 'é'; x = [7]\n"),
]


def test_only_literal_constants_with_a_public_name_are_taken() -> None:
    assert public_constants(LIMITS) == {"LOW": -5, "HIGH": 7, "SHIFTED": 16}


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_a_use_becomes_the_value_and_every_line_keeps_its_number(source: str, expected: str) -> None:
    assert inlined(source, "core", CONSTANTS) == expected


def test_the_defining_module_loses_the_public_names_alone() -> None:
    expected = "from micropython import const\n\npass\npass  # a comment\n_OWN = const(3)\nPAIR = (1, 2)\npass\n"
    expected += "SUM = const(7 + 1)\n"
    assert inlined(LIMITS, "core", CONSTANTS) == expected


def test_the_firmware_reads_no_constant_by_name_any_more() -> None:
    """What is left over would be an ImportError or AttributeError on the chip."""
    sources = {path: path.read_text(encoding="utf-8") for path in (firmware.FIRMWARE / "evse").rglob("*.py")}
    names = {path: ".".join(path.relative_to(firmware.FIRMWARE).with_suffix("").parts) for path in sources}
    constants = {names[path]: public_constants(text) for path, text in sources.items()}
    gone = {name for known in constants.values() for name in known}
    assert len(gone) > 100
    for path, text in sources.items():
        tree = ast.parse(inlined(text, "evse.core", constants))
        modules = {}
        for node in [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]:
            assert not {alias.name for alias in node.names} & constants.get(node.module or "", {}).keys(), path
            modules |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not used & constants[names[path]].keys(), path
        for use in [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]:
            assert use.attr not in constants.get(modules.get(ast.unparse(use.value), ""), {}), (path, ast.unparse(use))
