"""Calls the firmware's own names by few words, most of them in MicroPython's ROM: a name costs the heap 20 bytes.

Names that never meet (in a class, at the top of a module, in a function) share a word; two functions do not, so that a
traceback can be read back. Only names of the text change. Takes for granted what mypy --strict and ruff check: an
object has the attributes that its class names, its methods call it self. Knows nothing of the firmware.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO, TextIOWrapper
from itertools import product
from keyword import iskeyword
from pathlib import Path
from string import ascii_lowercase

from tools.inline import Edit, applied
from tools.scopes import bound, identifiers, parsed

# Attributes of modules and types that every MicroPython for the ESP32 has; none is a built-in name.
ROM_WORDS = Path(__file__).with_name("rom_words.txt").read_text(encoding="ascii").split()
_OF_PYTHON = set(dir(builtins)).union(*map(dir, [*vars(builtins).values(), TextIOWrapper, BytesIO]))
_DEFINITIONS = (ast.FunctionDef, ast.ClassDef)


class SymbolError(Exception):
    """The names cannot be changed safely; the text says where and why."""


def shortened(texts: Mapping[str, str], kept: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Texts by module name with other names in them, and what each name is called now.

    texts: the whole program by module name; what they import of each other is imported by its new name.
    kept: names that others use: of imported things, and what a person types. A name that a text also has as a string is
    kept too, as getattr() may ask for it. Raises SymbolError.
    """
    trees = {module: parsed(text) for module, text in texts.items()}
    functions = callables(trees.values())
    constants = set[str]().union(*map(_constants, trees.values()))
    fixed = {"self", *kept, *constants, *_OF_PYTHON}
    own = set[str]()
    for module, tree in trees.items():
        own |= _defined(tree)
        fixed |= _spoken(tree, texts) | set(module.split("."))
    own = {name for name in own - fixed if not name.startswith("__")}
    spaces = [functions, *(space for tree in trees.values() for space in _spaces(tree))]
    words = _assigned(own, [space | constants for space in spaces])
    return {module: _renamed(texts[module], tree, words) for module, tree in trees.items()}, words


def callables(trees: Iterable[ast.Module]) -> set[str]:
    """What a traceback may call a function, or the kind of an object."""
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, _DEFINITIONS)}


def _constants(tree: ast.Module) -> set[str]:
    """Names that the compiler replaces by a number wherever they stand in the module."""
    return {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("const(")
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _defined(tree: ast.Module) -> set[str]:
    """What a module makes: its own names, its functions' parameters, its classes' and their objects' attributes."""
    names = bound(tree.body)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            names |= bound(node.body)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
    return names


def _spoken(tree: ast.Module, modules: Mapping[str, str]) -> set[str]:
    """Names in a module that mean something to others: strings, keywords, imports from outside, errors and theirs."""
    names = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(node.value)
        elif isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and (node.module or "") not in modules):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.keyword) and node.arg:
            names.add(node.arg)
        elif isinstance(node, ast.ClassDef) and node.bases:
            if not all(isinstance(base, ast.Name) and hasattr(builtins, base.id) for base in node.bases):
                raise SymbolError(f"class {node.name}: inherits from a class that is not built in")
            names |= {node.name} | bound(node.body) | _attributes_of_self(node)
    return names


def _spaces(tree: ast.Module) -> Iterator[set[str]]:
    """The sets of names that one look-up may see: of the module's top, of each class, of each function and method."""
    said = {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}
    rest = [node for node in tree.body if not isinstance(node, _DEFINITIONS)]
    yield bound(tree.body).union(said, *map(identifiers, rest))
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            statements = [each for each in node.body if not isinstance(each, ast.FunctionDef)]
            functions = [each for each in node.body if isinstance(each, ast.FunctionDef)]
            heads = [part for each in functions for part in _heads(each)]  # evaluated among the class's names
            yield bound(node.body).union(_attributes_of_self(node), *map(identifiers, [*statements, *heads]))
        elif isinstance(node, ast.FunctionDef):
            yield identifiers(node)


def _heads(node: ast.FunctionDef) -> list[ast.expr]:
    """What stands at a `def` and belongs to what is around it."""
    return [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]


def _attributes_of_self(node: ast.ClassDef) -> set[str]:
    """Attributes that its methods look up in their object."""
    return {
        part.attr
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "self"
    }


def _assigned(own: set[str], spaces: list[set[str]]) -> dict[str, str]:
    """A word for each of `own`, no two in one space the same; the most crowded choose first."""
    homes = {name: [index for index, space in enumerate(spaces) if name in space] for name in own}
    taken = [space - own for space in spaces]
    words: dict[str, str] = {}
    for name in sorted(own, key=lambda name: (-len(homes[name]), name)):
        word = next(word for word in _words() if not any(word in taken[index] for index in homes[name]))
        words[name] = word
        for index in homes[name]:
            taken[index].add(word)
    return words


def _words() -> Iterator[str]:
    yield from ROM_WORDS
    pairs = map("".join, product(ascii_lowercase, repeat=2))
    yield from (word for word in pairs if not iskeyword(word) and not hasattr(builtins, word))


def _end(node: ast.Attribute | ast.alias, name: str) -> tuple[int, int]:
    """Line and byte column of the name that a node ends with."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    return node.end_lineno, node.end_col_offset - len(name.encode())


def _renamed(text: str, tree: ast.Module, words: Mapping[str, str]) -> str:
    """`text` with each of its names as `words` has it; every line keeps its number."""
    lines = text.encode().split(b"\n")
    edits = set[Edit]()
    for node in ast.walk(tree):
        for line, column, name in _places(node, lines):
            if name in words:
                edits.add(Edit((line, column), (line, column + len(name.encode())), words[name]))
    return applied(text, list(edits))


def _places(node: ast.AST, lines: list[bytes]) -> Iterator[tuple[int, int, str]]:
    """Line, byte column and text of each name that stands in a node itself."""
    if isinstance(node, ast.Name):
        yield node.lineno, node.col_offset, node.id
    elif isinstance(node, ast.arg):
        yield node.lineno, node.col_offset, node.arg
    elif isinstance(node, ast.Attribute):
        yield *_end(node, node.attr), node.attr
    elif isinstance(node, ast.alias):
        yield node.lineno, node.col_offset, node.name
        if node.asname:
            yield *_end(node, node.asname), node.asname
    elif isinstance(node, ast.FunctionDef | ast.ClassDef):
        start = node.col_offset + (len("def ") if isinstance(node, ast.FunctionDef) else len("class "))
        yield node.lineno, start, node.name
    elif isinstance(node, ast.ExceptHandler) and node.name:
        assert node.type is not None and node.type.end_lineno is not None
        line = node.type.end_lineno
        yield line, lines[line - 1].index(b" as ", node.type.end_col_offset) + len(" as "), node.name
    elif isinstance(node, ast.Global | ast.Nonlocal):
        column = node.col_offset + len("global" if isinstance(node, ast.Global) else "nonlocal")
        for name in node.names:
            column = lines[node.lineno - 1].index(name.encode(), column)
            yield node.lineno, column, name
            column += len(name.encode())
