"""Writes the firmware's constants where they are used, before it is compiled for the chip: `limits.X` becomes a number.

The MicroPython compiler folds a const() within its own file only; across files each is a dict entry, an interned name
and a look-up a use: 4.5 KB of the chip's heap in all. Knows Python's grammar, nothing of the firmware.
"""

import ast
from collections.abc import Iterable, Mapping
from typing import NamedTuple

Constants = dict[str, int | str]


class Edit(NamedTuple):
    """Replace the text from `start` to `end` (line from 1, byte column) by `text`."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str


def public_constants(source: str) -> Constants:
    """NAME and value of each `NAME = const(number or text)` at the top of a module that is not private to it."""
    return {name: value for _, name, value in _definitions(ast.parse(source))}


def inlined(source: str, package: str, constants: Mapping[str, Constants]) -> str:
    """`source` with every constant of `constants` (by module name) as a literal; each line keeps its number.

    package: what modules are imported from by name (`from evse.core import faults`).
    """
    tree = ast.parse(source)
    names: Constants = {}
    modules: dict[str, Constants] = {}
    edits: list[Edit] = []
    for definition, name, value in _definitions(tree):
        names[name] = value
        edits.append(edit(definition, "pass"))
    for node in tree.body:
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        if node.module == package:
            for alias in node.names:
                modules[alias.asname or alias.name] = constants.get(f"{package}.{alias.name}", {})
        elif node.module in constants:
            known = constants[node.module]
            names |= {alias.asname or alias.name: known[alias.name] for alias in node.names if alias.name in known}
            kept = [alias for alias in node.names if alias.name not in known]
            rest = ast.unparse(ast.ImportFrom(node.module, kept, level=0)) if kept else "pass"
            edits.append(edit(node, rest))
    return applied(source, [*edits, *_uses(tree, names, modules)])


def _definitions(tree: ast.Module) -> Iterable[tuple[ast.Assign, str, int | str]]:
    for node in tree.body:
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
            continue
        name, call = node.targets[0].id, node.value
        if name.startswith("_") or not (isinstance(call, ast.Call) and getattr(call.func, "id", "") == "const"):
            continue
        if not any(isinstance(part, ast.Name) for part in ast.walk(call.args[0])):  # one made of others stays
            yield node, name, eval(ast.unparse(call.args[0]), {"__builtins__": {}})


def _uses(tree: ast.Module, names: Constants, modules: Mapping[str, Constants]) -> Iterable[Edit]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
            yield edit(node, _literal(names[node.id]))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            value = modules.get(node.value.id, {}).get(node.attr)
            if value is not None:
                yield edit(node, _literal(value))


def _literal(value: int | str) -> str:
    return f"({value!r})" if isinstance(value, int) and value < 0 else repr(value)


def edit(node: ast.stmt | ast.expr, text: str) -> Edit:
    """Put `text` in the place of `node`."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    return Edit((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset), text)


def applied(source: str, edits: list[Edit]) -> str:
    """`source` with all of `edits`, which do not overlap; each line keeps its number."""
    lines = source.encode().split(b"\n")
    for (first, start), (last, end), text in sorted(edits, reverse=True):
        tail = lines[last - 1][end:]
        lines[first - 1] = lines[first - 1][:start] + text.encode() + tail
        for line in range(first, last):
            lines[line] = b""  # an import over several lines leaves them empty
    return b"\n".join(lines).decode()
