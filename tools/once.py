"""Finds what only a boot calls, and has it forgotten when the boot is over: constructors are a tenth of the code.

Goes by names alone: a function counts as called wherever its name stands. Knows nothing of the firmware.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tools.inline import applied, edit
from tools.scopes import identifiers, parsed


class _Function(NamedTuple):
    """A function or method of the entry: as assigned to, the names that call it, and what it mentions."""

    path: str
    names: set[str]
    mentions: set[str]


def with_letting_go(texts: Mapping[str, str], entry: str, root: str, hook: str) -> dict[str, str]:
    """`texts` by module name with a body for function `hook` of `entry`: it forgets what only `root` leads to.

    root: a function of `entry` that is called once, from outside; it calls `hook` last.
    """
    paths = called_once(texts, entry, root)
    names = [path for path in paths if "." not in path]
    top = ast.parse(texts[entry]).body
    (hooked,) = [node for node in top if isinstance(node, ast.FunctionDef) and node.name == hook]
    # None, because what is deleted from a class stays in its dict's slot in MicroPython until that is used again.
    body = f"global {', '.join(names)}; {' = '.join(paths)} = None"
    return {**texts, entry: applied(texts[entry], [edit(hooked.body[0], body)])}


def called_once(texts: Mapping[str, str], entry: str, root: str) -> list[str]:
    """Functions and methods (`Class.name`) of `entry` that `root`, or others of them, mention, and nobody else."""
    tree = parsed(texts[entry])
    functions = list(_functions(tree))
    others = _outside_functions(tree).union(*(_mentions(parsed(texts[name])) for name in texts if name != entry))
    others |= _passed_on(tree)
    once = [function for function in functions if function.path == root]
    while True:
        inside = set[str]().union(*(function.mentions for function in once))
        outside = others.union(*(function.mentions for function in functions if function not in once))
        more = [each for each in functions if each not in once and each.names & inside and not each.names & outside]
        if not more:
            return [function.path for function in once]
        once += more


def _functions(tree: ast.Module) -> Iterator[_Function]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield _Function(node.name, {node.name, f".{node.name}"}, _mentions(node))
        elif isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, ast.FunctionDef):
                    names = {each.name, f".{each.name}"}
                    if each.name == "__init__":
                        names = {node.name, f".{node.name}", ".__init__"}
                    elif each.decorator_list or each.name.startswith("__"):
                        names = set()  # called without being named
                    yield _Function(f"{node.name}.{each.name}", names, _mentions(each))


def _outside_functions(tree: ast.Module) -> set[str]:
    """What a module mentions at its top and in its classes' own statements."""
    nodes: list[ast.AST] = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            nodes += [*node.bases, *(each for each in node.body if not isinstance(each, ast.FunctionDef))]
    return set[str]().union(*map(_mentions, nodes))


def _passed_on(tree: ast.Module) -> set[str]:
    """Classes that stand somewhere as a value: whoever gets it may make more of them."""
    made = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in made} & classes


def _mentions(node: ast.AST) -> set[str]:
    """Every name and text in it, attributes with a dot before them."""
    names = identifiers(node)
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute):
            names.add(f".{part.attr}")
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            names.add(part.value)
    return names
