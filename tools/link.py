"""Links the modules that are always loaded into one, before it is compiled for the chip: one dict of names, no imports.

A module costs the chip's heap a dict, a table of its names and an entry for each name it imports. Only names and
imports of the text change: written anew from its tree, `a, b = b, a` would build a tuple. What it cannot do right it
refuses with a LinkError; knows nothing of the firmware.
"""

import ast
import builtins
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tools.inline import Edit, applied, edit
from tools.scopes import ScopeError, Scopes, Use, bound


class LinkError(Exception):
    """The modules cannot be linked; the text names the module and what stands in the way."""


class Origin(NamedTuple):
    """What a name at the top of a module stands for: `name` of `module`, or the module itself when `name` is empty."""

    module: str
    name: str


class _Module:
    """One module: its statements, and what each name at its top stands for."""

    def __init__(self, name: str, text: str, known: Iterable[str]) -> None:
        self.name = name
        self.text = text
        self.edits: list[Edit] = []
        self.imports: dict[str, Origin] = {}
        self.body: list[ast.stmt] = []
        for node in ast.parse(text).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self.imports |= {alias.asname or alias.name: _origin(node, alias, known) for alias in node.names}
            elif not _is_for_type_checker(node):
                self.body.append(node)
                continue
            self.edits.append(edit(node, "pass"))
        self.names = bound(self.body)
        self.needs = {origin.module for origin in self.imports.values()}
        self.uses: list[tuple[Use, Origin]] = []
        self.hidden: dict[Origin, set[str]] = {}  # by what is used: names of functions' own there

    def look(self, modules: Mapping[str, "_Module"], joined: list[str]) -> None:
        """Find out what each name it uses stands for, `joined` being the modules that become one. Raises LinkError."""

        def on_use(node: Use, name: str, hidden: set[str]) -> bool:
            if name not in self.names and name not in self.imports and hasattr(builtins, name):
                return False
            origin = _made(Origin(self.name, name), modules)
            if not origin.name and origin.module in joined:
                if not isinstance(node, ast.Attribute):
                    raise LinkError(f"{self.name}: module {name} is used other than by `{name}.NAME`")
                origin = _made(Origin(origin.module, node.attr), modules)
            elif isinstance(node, ast.Attribute):
                return False
            self.uses.append((node, origin))
            self.hidden.setdefault(origin, set()).update(hidden)
            return True

        def on_import(node: ast.Import | ast.ImportFrom) -> None:
            wanted = {_origin(node, alias, modules).module for alias in node.names}
            if wanted & set(joined):
                raise LinkError(f"{self.name}: `{ast.unparse(node)}` belongs to the top of the module")
            self.needs |= wanted

        try:
            Scopes(self.names | self.imports.keys(), on_use, on_import).visit(ast.Module(self.body, []))
        except ScopeError as error:
            raise LinkError(f"{self.name}: {error}") from None

    def renamed(self, called: Mapping[Origin, str]) -> str:
        """Its text without imports, each name as it is called now; every line keeps its number."""
        return applied(self.text, [*self.edits, *(_renaming(node, called[origin]) for node, origin in self.uses)])


def linked(sources: Mapping[str, str], entry: str) -> dict[str, str]:
    """Texts by module name: `entry` with all it imports at the top, and each module that a function imports from these.

    sources: texts by module name, packages too (by `a`, not `a.__init__`). What nobody imports is left out; a package
    stays a module of its own. What `entry`, and a module that is not joined, calls its own keeps its name.
    Raises LinkError.
    """
    modules = {name: _Module(name, text, sources) for name, text in sources.items()}
    order: list[str] = []
    _put_in_order(modules, entry, order, [])
    for module in modules.values():
        module.look(modules, order)
    group = [modules[name] for name in order]
    called = _names(group)
    texts = {entry: _joined(group, called, {})}
    places = {origin: Origin(entry, name) for origin, name in called.items()}
    todo = set(order)
    while todo:
        name = todo.pop()
        if name not in order:  # then it stays a module of its own
            texts[name] = _joined([modules[name]], _names([modules[name]]), places)
        needs = modules[name].needs | (_parents(name) if name in texts else set())
        todo |= needs & modules.keys() - texts.keys() - set(order)
    return texts


def _put_in_order(modules: Mapping[str, _Module], name: str, order: list[str], path: list[str]) -> None:
    """Append to `order` what `name` imports at its top, then itself; packages stay out."""
    if name in path:
        raise LinkError(f"{' imports '.join([*path[path.index(name) :], name])}")
    if name in order:
        return
    for origin in modules[name].imports.values():
        if origin.module in modules and not any(origin.module in _parents(each) for each in modules):
            _put_in_order(modules, origin.module, order, [*path, name])
    order.append(name)


def _names(group: list[_Module]) -> dict[Origin, str]:
    """What each thing is called when the modules of `group` are one; the last one's own names stay."""
    hidden: dict[Origin, set[str]] = {}
    for module in group:
        for origin, names in module.hidden.items():
            hidden.setdefault(origin, set()).update(names)
    taken = set(dir(builtins))
    called: dict[Origin, str] = {}
    own = [Origin(module.name, name) for module in reversed(group) for name in sorted(module.names)]
    for origin in dict.fromkeys([*own, *hidden]):
        last = origin.module.rpartition(".")[2]
        name = origin.name or last
        while name in taken or name in hidden.get(origin, ()):
            name += "_" + last
        if origin.module == group[-1].name and name != origin.name:
            raise LinkError(f"{origin.module}: {origin.name} is built in, or hidden where it is used")
        called[origin] = name
        taken.add(name)
    return called


def _joined(group: list[_Module], called: Mapping[Origin, str], places: Mapping[Origin, Origin]) -> str:
    """One text of the modules of `group`; places: where else a thing is to be imported from than where it was made."""
    made = {module.name for module in group}
    lines = []
    for origin in dict.fromkeys(origin for module in group for _, origin in module.uses):
        place = places.get(origin, origin)
        head, _, tail = (place.module, "", place.name) if place.name else place.module.rpartition(".")
        if origin.module not in made:
            lines.append(f"{f'from {head} ' if head else ''}import {tail} as {called[origin]}")
    return "\n".join([*lines, *(module.renamed(called) for module in group)])


def _made(origin: Origin, modules: Mapping[str, _Module]) -> Origin:
    """Where the value is made, however often it is imported on the way."""
    module = modules.get(origin.module)
    if module is None or not origin.name or origin.name in module.names:
        return origin
    if origin.name not in module.imports:
        raise LinkError(f"{origin.module}: nothing is called {origin.name}")
    return _made(module.imports[origin.name], modules)


def _origin(node: ast.Import | ast.ImportFrom, alias: ast.alias, known: Iterable[str]) -> Origin:
    """What an import's name stands for."""
    if isinstance(node, ast.ImportFrom) and node.module and not node.level and alias.name != "*":
        whole = f"{node.module}.{alias.name}"
        return Origin(whole, "") if whole in known else Origin(node.module, alias.name)
    if isinstance(node, ast.Import) and "." not in alias.name:
        return Origin(alias.name, "")
    raise LinkError(f"`{ast.unparse(node)}`: import each name by `from module import name`")


def _renaming(node: Use, name: str) -> Edit:
    if isinstance(node, ast.Name | ast.Attribute):
        return edit(node, name)
    start = node.col_offset + len("def " if isinstance(node, ast.FunctionDef) else "class ")
    return Edit((node.lineno, start), (node.lineno, start + len(node.name.encode())), name)


def _parents(name: str) -> set[str]:
    """The packages that a module is in."""
    words = name.split(".")
    return {".".join(words[:count]) for count in range(1, len(words))}


def _is_for_type_checker(node: ast.stmt) -> bool:
    about = node.test if isinstance(node, ast.If) else node.targets[0] if isinstance(node, ast.Assign) else node
    return isinstance(about, ast.Name) and about.id == "TYPE_CHECKING"
