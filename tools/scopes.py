"""Which names of a module's text mean a name at its top, by Python's rules of scope.

A function's parameters and what it binds hide the module's names in it and in what is within it; a class's names hide
them in its own statements only.
"""

import ast
from collections.abc import Callable, Iterable

_FUNCTIONS = (ast.FunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# What the walk below does not understand, or a text's columns before Python 3.12.
_REFUSED = (ast.Global, ast.NamedExpr, ast.AsyncFunctionDef, ast.JoinedStr)

Use = ast.Name | ast.Attribute | ast.FunctionDef | ast.ClassDef


class ScopeError(Exception):
    """A construct that is not understood."""


class Scopes(ast.NodeVisitor):
    """Tells `on_use` each name, `name.attribute` and definition that means the module's, with the names hidden there.

    top: the module's names.
    on_use(node, name, hidden): True when `name.attribute` is dealt with; else it is told of the name by itself too.
    on_import: each import within a function or class.
    """

    def __init__(
        self,
        top: set[str],
        on_use: Callable[[Use, str, set[str]], bool],
        on_import: Callable[[ast.Import | ast.ImportFrom], None],
    ) -> None:
        self._top = top
        self._on_use = on_use
        self._on_import = on_import
        self._scopes: list[tuple[bool, set[str]]] = []  # is it a class's, the names bound in it

    def visit(self, node: ast.AST) -> None:
        """Walk on."""
        if isinstance(node, _REFUSED) or (isinstance(node, ast.ExceptHandler) and node.name and not self._scopes):
            raise ScopeError(f"{type(node).__name__} is not understood")
        if isinstance(node, ast.Import | ast.ImportFrom):
            self._on_import(node)
        super().visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        """A name read, bound or deleted."""
        is_class = bool(self._scopes) and self._scopes[-1][0]
        if is_class and node.id in self._scopes[-1][1] & self._top and isinstance(node.ctx, ast.Load):
            raise ScopeError(f"{node.id} may be the class's or the module's")
        if not self._is_hidden(node.id):
            self._on_use(node, node.id, self._hidden())

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """`name.attribute` counts as one use, anything else before the dot as its own."""
        name = node.value.id if isinstance(node.value, ast.Name) else ""
        if not name or self._is_hidden(name) or not self._on_use(node, name, self._hidden()):
            self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """An annotation is for the type checker."""
        self._visit_all(filter(None, [node.target, node.value]))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """What stands at the `def` belongs to what is around it."""
        self._define(node, [*node.args.defaults, *filter(None, node.args.kw_defaults)])
        self._inside(False, bound(node.body) | _parameters(node.args), node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """The same without a name."""
        self._visit_all([*node.args.defaults, *filter(None, node.args.kw_defaults)])
        self._inside(False, _parameters(node.args), [node.body])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Its methods do not see its names."""
        self._define(node, [*node.bases, *node.keywords])
        self._inside(True, bound(node.body), node.body)

    def generic_visit(self, node: ast.AST) -> None:
        """A comprehension's first source belongs to what is around it; all else sees its targets."""
        if isinstance(node, _COMPREHENSIONS):
            first = node.generators[0]
            self.visit(first.iter)
            rest = [part for part in ast.iter_child_nodes(node) if part is not first]
            self._inside(False, bound([each.target for each in node.generators]), [*rest, *first.ifs])
        else:
            super().generic_visit(node)

    def _define(self, node: ast.FunctionDef | ast.ClassDef, around: Iterable[ast.AST]) -> None:
        if not self._scopes:
            self._on_use(node, node.name, set())
        self._visit_all([*node.decorator_list, *around])

    def _visit_all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)

    def _inside(self, is_class: bool, names: set[str], nodes: Iterable[ast.AST]) -> None:
        self._scopes.append((is_class, names))
        self._visit_all(nodes)
        self._scopes.pop()

    def _hidden(self) -> set[str]:
        functions = [names for is_class, names in self._scopes[:-1] if not is_class]
        return set().union(*functions, *(names for _, names in self._scopes[-1:]))

    def _is_hidden(self, name: str) -> bool:
        return name in self._hidden()


def bound(nodes: Iterable[ast.AST]) -> set[str]:
    """Names that these statements bind in their own scope, not in a function's or class's within."""
    found: set[str] = set()
    todo = list(nodes)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ExceptHandler) and node.name:
            found.add(node.name)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
        if not isinstance(node, (*_FUNCTIONS, ast.ClassDef, *_COMPREHENSIONS)):
            todo += ast.iter_child_nodes(node)
    return found


def _parameters(arguments: ast.arguments) -> set[str]:
    return {node.arg for node in ast.walk(arguments) if isinstance(node, ast.arg)}


def identifiers(node: ast.AST) -> set[str]:
    """Every bare name in it, with what is nested: at least what a look-up there may see."""
    names = set[str]()
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            names.add(part.id)
        elif isinstance(part, ast.arg):
            names.add(part.arg)
        elif isinstance(part, ast.alias):
            names |= {part.name, part.asname or part.name}
        elif isinstance(part, ast.ExceptHandler | ast.FunctionDef | ast.ClassDef) and part.name and part is not node:
            names.add(part.name)
    return names


def parsed(text: str) -> ast.Module:
    """A module's tree without annotations and docstrings, which the chip does not see."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node, clean=False):
            node.body[0] = ast.Pass()
    return tree
