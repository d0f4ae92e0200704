"""Small faults to plant in Python code: every mutation of a module, each a changed syntax tree.

Knows syntax only; it must not know what the code is for, which tests there are, or how they are run.
Left alone, because a change there means nothing: docstrings and other strings, annotations and what they need, imports,
and the numbers that __init__ gives to attributes (most are placeholders that the first step overwrites; a keyword's
number, as in Pin(4, value=0), and a number to reckon with are none).
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple, TypeVar

Tree = TypeVar("Tree", bound=ast.AST)
Step = tuple[str, int | None]  # a field of a node, and the place in it when the field is a list

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),  # the boundary, then the side
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
BRANCHES = (ast.If, ast.IfExp, ast.While)
PLAIN_TESTS = (ast.Name, ast.Attribute, ast.Call)  # other tests are changed by their own operator
SKIPPED_FIELDS = {"annotation", "returns", "decorator_list"}
DELETABLE = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.Break, ast.Continue)


class Mutant(NamedTuple):
    """One planted fault: where, what it was, what it is, and the whole changed module."""

    line: int
    old: str
    new: str
    tree: ast.Module


class Place(NamedTuple):
    """A node, the way to it from the module, and what surrounds it."""

    node: ast.AST
    parent: ast.AST
    path: tuple[Step, ...]
    function: ast.FunctionDef | None
    is_table: bool


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of `source` that parses to other code than `source`."""
    tree = ast.parse(source)
    families = name_families(tree)
    for place in places(tree, tree, (), None, False):
        for new in [*replacements(place), *table_replacements(place, families)]:
            old_text, new_text = described(place, new)
            if old_text != new_text:
                line = getattr(place.node, "lineno", getattr(place.parent, "lineno", 0))
                yield Mutant(line, old_text, new_text, put(tree, place.path, new))


def places(
    node: ast.AST, parent: ast.AST, path: tuple[Step, ...], function: ast.FunctionDef | None, is_table: bool
) -> Iterator[Place]:
    """Every node under `node`, itself included, where a change would mean something."""
    if isinstance(node, (ast.Import, ast.ImportFrom)) or is_docstring(node) or is_for_types(node):
        return
    yield Place(node, parent, path, function, is_table)
    inner = node if isinstance(node, ast.FunctionDef) else function
    if isinstance(node, ast.Assign) and function is None and isinstance(node.value, ast.Tuple):
        is_table = True
    for field, value in ast.iter_fields(node):
        if field in SKIPPED_FIELDS:
            continue
        children = enumerate(value) if isinstance(value, list) else [(None, value)]
        for index, child in children:
            if isinstance(child, ast.AST):
                yield from places(child, node, (*path, (field, index)), inner, is_table)


def is_docstring(node: ast.AST) -> bool:
    """Whether `node` is a string standing alone."""
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def is_for_types(node: ast.AST) -> bool:
    """Whether `node` is `TYPE_CHECKING = False`, or the imports under `if TYPE_CHECKING`."""
    return any(isinstance(child, ast.Name) and child.id == "TYPE_CHECKING" for child in ast.iter_child_nodes(node))


def replacements(place: Place) -> Iterator[ast.AST]:
    """What `place` could wrongly be instead."""
    node = place.node
    if isinstance(node, ast.Compare):
        yield from comparisons(node)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand  # `not` and `-` forgotten
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
    elif isinstance(node, ast.Constant):
        yield from constants(node, is_placeholder(place))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
        yield ast.Call(ast.Name(CALLS[node.func.id], ast.Load()), node.args, node.keywords)
    elif isinstance(node, BRANCHES) and isinstance(node.test, PLAIN_TESTS):
        changed = copy.copy(node)
        changed.test = ast.UnaryOp(ast.Not(), node.test)
        yield changed
    elif isinstance(node, DELETABLE):
        yield from statements(node, place.function)


def comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    """Each operator of the chain the other way, and its boundary."""
    for index, operator in enumerate(node.ops):
        for other in COMPARISONS[type(operator)]:
            yield ast.Compare(node.left, [*node.ops[:index], other(), *node.ops[index + 1 :]], node.comparators)


def is_placeholder(place: Place) -> bool:
    """Whether a number may be one that __init__ gives to an attribute."""
    is_init = place.function is not None and place.function.name == "__init__"
    return is_init and not isinstance(place.parent, (ast.BinOp, ast.keyword))


def constants(node: ast.Constant, is_placeholder: bool) -> Iterator[ast.AST]:
    """True for False, and whole numbers one off either way."""
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int) and not is_placeholder:
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


def statements(node: ast.AST, function: ast.FunctionDef | None) -> Iterator[ast.AST]:
    """A step of a function left out, += for -=, and another value returned."""
    if function is None or function.name == "__init__":
        return
    yield ast.Pass()
    if isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
        yield ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value)
    if isinstance(node, ast.Return) and node.value is not None and isinstance(function.returns, ast.Name):
        if function.returns.id == "bool" and not isinstance(node.value, (ast.Constant, ast.Compare)):
            yield ast.Return(ast.UnaryOp(ast.Not(), node.value))
        if function.returns.id == "int":
            yield ast.Return(ast.BinOp(node.value, ast.Add(), ast.Constant(1)))


def name_families(tree: ast.Module) -> dict[str, list[str]]:
    """The capital names `tree` imports, by first word: STATE_A and STATE_B1 can be mistaken for each other."""
    families: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name.isupper():
                    families.setdefault(alias.name.split("_")[0], []).append(alias.name)
    return families


def table_replacements(place: Place, families: dict[str, list[str]]) -> Iterator[ast.AST]:
    """In a table of the module: the next name of the family, and a neighbour's cell where there is none."""
    node, parent = place.node, place.parent
    if not place.is_table:
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        family = families.get(node.id.split("_")[0], [])
        if len(family) > 1 and node.id in family:
            yield ast.Name(family[(family.index(node.id) + 1) % len(family)], ast.Load())
    if isinstance(node, ast.Constant) and node.value is None and isinstance(parent, ast.Tuple):
        yield parent.elts[parent.elts.index(node) - 1]


def described(place: Place, new: ast.AST) -> tuple[str, str]:
    """Old and new text: of the node, or of its parent where the node alone would say too little."""
    old: ast.AST = place.node
    if isinstance(old, (ast.Constant, ast.Name)) and not place.is_table:
        old, new = place.parent, put(place.parent, place.path[-1:], new)
    return first_line(old), first_line(new)


def first_line(node: ast.AST) -> str:
    """The code of a node, without the body of a compound statement."""
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split("\n", 1)[0]


def put(tree: Tree, path: tuple[Step, ...], new: ast.AST) -> Tree:
    """A copy of `tree` with `new` at `path`."""
    changed = copy.deepcopy(tree)
    node: ast.AST = changed
    for field, index in path[:-1]:
        node = getattr(node, field) if index is None else getattr(node, field)[index]
    field, index = path[-1]
    if index is None:
        setattr(node, field, new)
    else:
        getattr(node, field)[index] = new
    return ast.fix_missing_locations(changed)
