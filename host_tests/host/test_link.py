"""tools/link.py: modules linked into one do what they did apart."""

import ast
import builtins
import subprocess
import sys
from pathlib import Path

import pytest

from tools import firmware
from tools.link import LinkError, linked
from tools.scopes import bound

# Sources by module name; the result of a case is what p.main.result() returns.
CASES: dict[str, dict[str, str]] = {
    "a name and a renamed name": {
        "p.a": "def f(x):\n    return x + 1\nK = (1, 2)\n",
        "p.main": "from p.a import K as PAIR, f\ndef result():\n    return f(PAIR[1])\n",
    },
    "a module by its name": {
        "p.a": "K = [7]\ndef f():\n    return K\n",
        "p.main": "from p import a\ndef result():\n    a.K.append(8)\n    return a.f(), a.K[0]\n",
    },
    "names that collide": {
        "p.a": "_n = [1]\ndef f():\n    return _n\n",
        "p.b": "from p import a\n_n = [2]\ndef f():\n    return _n + a.f()\n",
        "p.main": (
            "from p import a, b\n_n = [3]\ndef f():\n    return _n\ndef result():\n    return f(), a.f(), b.f()\n"
        ),
    },
    "a local in the way of a module's name": {
        "p.a": "def code(x):\n    return x * 2\n",
        "p.main": (
            "from p import a\ndef result():\n    code = a.code(4)\n"
            "    return [code for code in (a.code(code), 1)]\n"
        ),
    },
    "a parameter, a loop, a lambda and an except hide": {
        "p.a": "x = 1\ne = 2\nk = 3\n",
        "p.main": (
            "from p.a import e, k, x\ndef p(x, k=k):\n    for e in (x,):\n        pass\n"
            "    return e, k, (lambda x: x)(5)\n"
            "def q():\n    try:\n        [][1]\n    except IndexError as e:\n        return str(e)[:4]\n"
            "def result():\n    return p(9), p(x=8, k=k), e, x, q()\n"
        ),
    },
    "a class's names do not hide in its methods": {
        "p.a": "def go():\n    return 'free'\nSIZE = 5\n",
        "p.b": "def go():\n    return 'other'\n",
        "p.main": (
            "from p.a import SIZE, go\nfrom p.a import SIZE as SIZE_OF\nfrom p import b\n"
            "class C:\n    size = SIZE\n    def go(self):\n        return go(), b.go()\n"
            "class D(C):\n    SIZE = 6\n    def go(self, SIZE=SIZE_OF):\n        return C.go(self), SIZE, self.SIZE\n"
            "def result():\n    return C().go(), D().go(), C.size\n"
        ),
    },
    "names called otherwise, among a method's and a lambda's own": {
        "p.b": (
            "k = 1\ndef go():\n    return 'b'\n"
            "class C:\n    def go(self):\n        return go(), (lambda k: k)(2), k\n"
        ),
        "p.main": (
            "from p import b\nk = 5\ndef go():\n    return 'main'\n"
            "def result():\n    return go(), b.go(), b.C().go(), k\n"
        ),
    },
    "comprehensions and what is nested": {
        "p.a": "rows = [(1, 2), (3, 4)]\nn = 10\n",
        "p.main": (
            "from p.a import n, rows\ndef result():\n    def inner(n):\n        return n, len(rows)\n"
            "    return [n for row in rows for n in row if n > 1], {n: n for n in [n]}, inner(n + 1), n\n"
        ),
    },
    "imports from outside": {
        "p.a": "from math import floor\nimport math\ndef f(x):\n    return floor(x) + math.ceil(x)\n",
        "p.b": "from operator import floordiv as floor\ndef g(x):\n    return floor(x, 2)\n",
        "p.main": (
            "import sys\nfrom p.a import f\nfrom p.b import g\ndef result():\n    return f(2.5), g(9), sys.maxsize\n"
        ),
    },
    "a built-in name that one module takes": {
        "p.a": "def sum(x):\n    return 'mine'\ndef f():\n    return sum([1])\n",
        "p.main": "from p.a import f\ndef result():\n    return f(), sum([1, 2])\n",
    },
    "a name passed on": {
        "p.a": "K = [1]\n",
        "p.b": "from p.a import K\n",
        "p.main": "from p import b\nfrom p.b import K\ndef result():\n    return K is b.K\n",
    },
    "what is for the type checker alone": {
        "p.a": (
            "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    from nowhere import T\n"
            "def f(x: 'T') -> 'T':\n    y: T = x\n    return y\n"
        ),
        "p.main": (
            "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    from p.b import T\n"
            "from p.a import f\ndef result() -> 'T':\n    return f(3)\n"
        ),
        "p.b": "T = int\n",
    },
    "a swap and text beyond ASCII": {
        "p.a": "é = 'ü'\ndef f(a, b):\n    a, b = b, a; c = 'é', é\n    return a, b, c\n",
        "p.b": "é = 'ö'\n",
        "p.main": "from p.b import é\nfrom p.a import f\ndef result():\n    return f(1, 2), 'äöü', é\n",
    },
    "a module that is loaded when used": {
        "p": "VERSION = '1'\n",
        "p.a": "def f():\n    return 'a'\ndef say():\n    return 'said'\n",
        "p.b": "def f():\n    return 'b'\n",
        "p.late": (
            "from p import VERSION, a, later\nfrom p.a import f\nfrom p.b import f as g\nK = 1\n"
            "def text():\n    f1 = f\n    return f1(), g(), a.say(), later.K, VERSION\n"
        ),
        "p.later": "K = [2]\n",
        "p.main": (
            "from p import a, b\nimport sys\ndef result():\n    from p.late import text\n    from p import late\n"
            "    return text(), late.K, a.f(), b.f(), 'p.late' in sys.modules\n"
        ),
    },
}


def run(sources: dict[str, str], folder: Path) -> str:
    """What p.main.result() says in a Python of its own."""
    packages = {name.rpartition(".")[0] for name in sources}
    for name, text in sources.items():
        path = folder / (name.replace(".", "/") + ("/__init__.py" if name in packages else ".py"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    program = "from p.main import result; print(repr(result()))"
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("case", CASES)
def test_linked_modules_do_what_they_did_apart(case: str, tmp_path: Path) -> None:
    texts = linked({"p": "", **CASES[case]}, "p.main")
    assert run(texts, tmp_path / "linked") == run({"p": "", **CASES[case]}, tmp_path / "apart")
    assert set(texts) == {"p", "p.main"} | {name for name in CASES[case] if name.startswith("p.late")}


REFUSED = [
    ({"p.a": "", "p.main": "from p import a\nx = a\n"}, "module a is used"),
    ({"p.a": "", "p.main": "from p import a\nx = a.K\n"}, "nothing is called K"),
    ({"p.a": "", "p.main": "from p.a import K\nx = K\n"}, "nothing is called K"),
    ({"p.main": "def f():\n    return nothing\n"}, "nothing is called nothing"),
    ({"p.a": "from p.main import x\n", "p.main": "from p.a import y\nx = 1\n"}, "p.main imports p.a imports p.main"),
    ({"p.a": "x = 1\n", "p.main": "import p.a\n"}, "from module import"),
    ({"p.a": "x = 1\n", "p.main": "from p.a import *\n"}, "from module import"),
    ({"p.a": "x = 1\n", "p.main": "from .a import x\n"}, "from module import"),
    ({"p.a": "x = 1\n", "p.main": "from p.a import x\ndef f():\n    from p.a import x\n"}, "top of the module"),
    ({"p.main": "x = 1\ndef f():\n    global x\n    x = 2\n"}, "Global"),
    ({"p.main": "x = 1\nclass C:\n    x = x\n"}, "class's or the module's"),
    ({"p.main": "def f(x):\n    return f'{x}'\n"}, "JoinedStr"),
    ({"p.main": "def open():\n    pass\n"}, "built in"),
]


@pytest.mark.parametrize(("sources", "words"), REFUSED)
def test_what_cannot_be_linked_right_is_refused(sources: dict[str, str], words: str) -> None:
    with pytest.raises(LinkError, match=words):
        linked({"p": "", **sources}, "p.main")


def test_the_firmware_is_one_module_and_those_that_are_let_go_again() -> None:
    lazy = ast.parse(firmware.source_texts()["evse.app.lazy"])
    (packages,) = [ast.literal_eval(node.value) for node in lazy.body if isinstance(node, ast.Assign)]
    texts = firmware.linked_texts(firmware.source_texts())
    let_go = {f"{package}.{name}" for package, names in packages for name in names}
    assert set(texts) == {"evse", "evse.app", "evse.core", "evse.app.start"} | let_go


def test_every_name_of_the_linked_firmware_is_somewhere() -> None:
    texts = firmware.linked_texts(firmware.source_texts())
    tops = {name: bound(ast.parse(text).body) for name, text in texts.items()}
    for name, text in texts.items():
        nodes = list(ast.walk(ast.parse(text)))
        notes = [getattr(node, field) for node in nodes for field in ("annotation", "returns") if hasattr(node, field)]
        skipped = {part for note in notes if note is not None for part in ast.walk(note)}
        used = {node.id for node in nodes if isinstance(node, ast.Name) and node not in skipped}
        inner = bound(nodes) | {node.arg for node in nodes if isinstance(node, ast.arg)}
        assert not used - inner - set(dir(builtins)), name
        for node in [node for node in nodes if isinstance(node, ast.ImportFrom)]:
            module = node.module or ""
            assert module in texts or not module.startswith("evse"), ast.unparse(node)
            for alias in node.names:
                assert alias.name in tops.get(module, {alias.name}) or f"{module}.{alias.name}" in texts, alias.name
    assert not tops["evse.app.start"] & {"TYPE_CHECKING", "limits", "faults"}


def test_a_name_that_is_gone_is_told_in_the_firmwares_words() -> None:
    sources = firmware.source_texts()
    sources["evse.core.offer"] = sources["evse.core.offer"].replace("class Offer", "class Offers")
    with pytest.raises(firmware.FirmwareError, match="evse.core.offer: nothing is called Offer"):
        firmware.linked_texts(sources)
