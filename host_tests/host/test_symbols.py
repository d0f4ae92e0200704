"""tools/symbols.py: a program with other names does what it did; names that meet stay apart."""

import ast
import builtins
import dis
import re
from pathlib import Path
from types import CodeType

import pytest

from host_tests.host.test_link import run
from tools import firmware, readback, vm
from tools.scopes import parsed
from tools.symbols import ROM_WORDS, SymbolError, shortened

# What depends on the names themselves: their order, and whether an import has the name of a local.
OF_CPYTHON = ("EXTENDED_ARG", "PUSH_NULL", "LOAD_CLOSURE", "MAKE_CELL")
# Sources by module name; the result of a case is what p.main.result() returns.
CASES: dict[str, dict[str, str]] = {
    "classes share, an object's names do not": {
        "p.main": (
            "class Lamp:\n    def __init__(self, volt):\n        self.volt = volt\n        self.is_lit = False\n"
            "    def light(self):\n        self.is_lit = True\n        return self.volt\n"
            "class Fan:\n    speed = 3\n    def __init__(self):\n        self.turns = 0\n"
            "    def turn(self):\n        self.turns += self.speed\n        return self.turns\n"
            "def result():\n    lamp, fan = Lamp(230), Fan()\n    fan.turn()\n"
            "    return lamp.light(), lamp.is_lit, fan.turn(), vars(fan)[next(iter(vars(fan)))]\n"
        ),
    },
    "what getattr may ask for": {
        "p.main": (
            "class Car:\n    def __init__(self):\n        self.max_ma = 7\n        self.min_ma = 6\n"
            "def result():\n    car = Car()\n    setattr(car, 'max_ma', 8)\n"
            "    return getattr(car, 'max_ma') + car.max_ma, car.min_ma\n"
        ),
    },
    "keywords, one's own and others'": {
        "p.a": "def offer(amps, reverse=0, *, volts=1):\n    return amps * volts + reverse\n",
        "p.main": (
            "from p.a import offer\ndef result(base=2):\n    def inner(key):\n        return -key\n"
            "    return offer(amps=3, volts=base), sorted([1, 3, 2], key=inner, reverse=True), int('11', base=base)\n"
        ),
    },
    "a parameter, a local, a global and a built-in": {
        "p.a": "count = 5\ndef total(first, second):\n    count = first + second\n    return count\n",
        "p.main": (
            "from p.a import count, total\nlimit = 4\n"
            "def shift(count):\n    return [limit + each + count for each in range(2)], len(str(count))\n"
            "def result():\n    lamb = lambda first: first + limit + count\n"
            "    return total(1, 2), shift(7), lamb(1), count\n"
        ),
    },
    "a default, looked up where its method stands": {
        "p.main": (
            "limit = 5\nclass A:\n    def one(self):\n        return 1\n    def two(self):\n        return 2\n"
            "    def more(self, most=limit, *, least=limit):\n        return most + least\n"
            "def result():\n    return A().more(), A().one(), A().two()\n"
        ),
    },
    "global names, one in the other, and one that only a function makes": {
        "p.main": (
            "room_counts = 1\nroom = 2\ndef add(total, own):\n    return total + own\n"
            "def fill():\n    global room_counts, room, total\n    room_counts, room, total = 3, 4, 5\n"
            "def result():\n    fill()\n    return room_counts, room, total, add(1, 2)\n"
        ),
    },
    "nonlocal": {
        "p.main": (
            "def result():\n    ticks = 1\n    def tick(step):\n        nonlocal ticks\n        ticks += step\n"
            "    tick(2)\n    return ticks\nticks = 9\n"
        ),
    },
    "except over two lines, and a comment that looks like it": {
        "p.main": (
            "def told(error):\n    return str(error)\n"
            "def result():\n    try:\n        [][1]\n"
            "    except (KeyError,\n            IndexError) as error:  # as error says\n"
            "        return told(error)\n"
        ),
    },
    "errors by name, with what they carry": {
        "p.main": (
            "class TooHot(ValueError):\n    degrees = 90\n"
            "def fail(cause):\n    raise TooHot(cause)\n"
            "def result():\n    try:\n        fail('sun')\n    except TooHot as error:\n"
            "        return error.args, error.degrees, type(error).__name__\n"
        ),
    },
    "a module that is imported when used, by name and as a whole": {
        "p.a": "def say(text):\n    return text + WORDS[0]\nWORDS = ('a', 'b')\n",
        "p.late": "from p.a import WORDS as TABLE\nfrom p import a\ndef tell():\n    return TABLE[1] + a.say('x')\n",
        "p.main": (
            "def result():\n    from p.late import tell\n    from p import late\n    return tell(), late.tell()\n"
        ),
    },
    "global, and text beyond ASCII": {
        "p.main": (
            "größe = 1\nweite = 'é'\ndef set_both(größe_neu, weite_neu):\n    global größe, weite\n"
            "    größe = größe_neu; weite = 'ü' + weite_neu\n"
            "def result():\n    set_both(3, 'x'); return größe, weite\n"
        ),
    },
}


@pytest.mark.parametrize("case", CASES)
def test_a_program_with_other_names_does_what_it_did(case: str, tmp_path: Path) -> None:
    sources = {"p": "", **CASES[case]}
    texts, words = shortened(sources, {"result"})
    assert words and run(texts, tmp_path / "short") == run(sources, tmp_path / "long")


def test_names_that_others_use_are_kept() -> None:
    source = (
        "from elsewhere import gate as door\nclass Typed:\n    def wake(self, seconds):\n"
        "        self._charger = seconds\ndef part(duty):\n    return door(width=duty).height, 'volts'\nvolts = 1\n"
    )
    texts, words = shortened({"p": source}, {"wake", "seconds", "height", "width"})
    assert words.keys() == {"Typed", "_charger", "part", "duty", "door"}
    assert "import gate as " in texts["p"] and "def wake(self, seconds):" in texts["p"]


def test_what_a_person_reads_of_an_error_or_of_what_he_types_has_its_name(
    short: tuple[dict[str, str], dict[str, str]]
) -> None:
    texts, _ = short
    for module, name in (("boards", "BoardError"), ("start", "StartError"), ("calibrate", "CalibrationError")):
        assert f"class {name}(" in texts[f"evse.app.{module}"], name
    assert "class Evse:" in texts["evse.app.start"] and "class Clamps:" in texts["evse.app.clamps"]


def test_a_constant_of_the_compiler_hides_nothing() -> None:
    """MicroPython puts the number of `_X = const(1)` in the place of every name `_X` of the module."""
    number = ROM_WORDS[0]
    texts, words = shortened({"p": f"{number} = const(1)\ndef f(x):\n    x = 2\n    return x\n"}, set())
    assert number not in words.values() and f"{number} = const(1)" in texts["p"]


def test_a_class_of_a_class_is_refused() -> None:
    with pytest.raises(SymbolError, match="class B: inherits"):
        shortened({"p": "class A:\n    x = 1\nclass B(A):\n    y = 2\n"}, set())


def codes(text: str) -> list[CodeType]:
    """Every code object of a module, as the chip's compiler would see its text."""
    found = [compile(ast.fix_missing_locations(parsed(text)), "text", "exec")]
    for code in found:  # which grows
        found += [each for each in code.co_consts if isinstance(each, CodeType)]
    return found


def steps(code: CodeType, words: dict[str, str]) -> list[tuple[str, object]]:
    """Its instructions, with `words` in the place of names; how they are numbered, and where they jump, is left out."""

    def told(value: object) -> object:
        if isinstance(value, tuple):
            return tuple(map(told, value))
        if isinstance(value, CodeType):
            return "code"
        return words.get(value, value) if isinstance(value, str) else value

    known = [each for each in dis.get_instructions(code) if each.opname not in OF_CPYTHON]
    return [
        (
            each.opname.replace("_METHOD", "_ATTR"),
            told(code.co_consts[each.arg or 0] if each.opname == "KW_NAMES" else each.argval),
        )
        for each in known
        if each.opcode not in dis.hasjrel
    ]


@pytest.fixture(scope="module")
def linked() -> dict[str, str]:
    return firmware.linked_texts(firmware.source_texts())


@pytest.fixture(scope="module")
def short(linked: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    return firmware.shortened_texts(linked)


def test_the_firmware_is_the_same_code_under_other_names(
    linked: dict[str, str], short: tuple[dict[str, str], dict[str, str]]
) -> None:
    texts, words = short
    assert len(words) > 600 and len(set(words.values())) < 0.5 * len(words)
    compared = 0
    for module, text in linked.items():
        for old, new in zip(codes(text), codes(texts[module]), strict=True):
            assert steps(old, words) == steps(new, {}), (module, old.co_qualname)
            bare = {
                each.argval
                for each in dis.get_instructions(old)
                if each.opname.endswith(("_FAST", "_GLOBAL", "_NAME", "_DEREF"))
            }
            assert len({words.get(name, name) for name in bare}) == len(bare), (module, old.co_qualname)
            compared += 1
    assert compared > 400


def test_no_object_and_no_module_of_the_firmware_has_two_names_in_one(
    linked: dict[str, str], short: tuple[dict[str, str], dict[str, str]]
) -> None:
    _, words = short
    for module, text in linked.items():
        for found in [{}, *re.finditer(r"^class \w+.*?(?=^\S)", text + "\n.", re.MULTILINE | re.DOTALL)]:
            body = found[0] if found else ""
            names = set(re.findall(r"\bself\.(\w+)", body)) | set(re.findall(r"^    def (\w+)", body, re.MULTILINE))
            names = names or set(re.findall(r"^(?:def |class )?([A-Za-z_]\w*)(?: = |[(:])", text, re.MULTILINE))
            called = [words.get(name, name) for name in names]
            assert len(set(called)) == len(called), (module, body[:30])


def test_what_a_person_types_has_its_name(short: tuple[dict[str, str], dict[str, str]]) -> None:
    texts, _ = short
    for typed in ("def boost(self, kwh", "minutes", "def wake(self)", "def car(self, name", "def forget(self, name"):
        assert typed in texts["evse.app.start"], typed
    assert "def gain(self, clamp" in texts["evse.app.clamps"] and "watts" in texts["evse.app.clamps"]


def test_the_words_cost_no_heap_in_micropython() -> None:
    """Its table of names does not grow by them: they are in the VM's ROM, as in every build with these modules."""
    assert not set(ROM_WORDS) & set(dir(builtins)) and len(set(ROM_WORDS)) == len(ROM_WORDS) > 250
    said: list[str] = []
    use = "\n".join(f"    x.{word}" for word in ROM_WORDS)
    source = f"import micropython\nmicropython.qstr_info()\nexec('''def f(x):\n{use}\n''')\nmicropython.qstr_info()\n"
    assert vm.run({}, source, said.append) == 0, said
    counts = [int(found[1]) for line in said if (found := re.search(r"n_qstr=(\d+)", line))]
    assert len(counts) == 2 and counts[1] - counts[0] <= 1, said  # the text itself


def test_a_traceback_is_read_back(short: tuple[dict[str, str], dict[str, str]]) -> None:
    names = readback.names_on_chip()
    assert len(set(names.values())) == len(names) > 200
    word = {name: word for word, name in names.items()}
    told = (
        'Traceback (most recent call last):\n  File "evse/app/start.py", line 1, in {}\n'
        '  File "evse/app/start.py", line 1, in step\nAttributeError: \'{}\' object has no attribute \'x\'\n{}: no\n'
    )
    made = ("decide", "Offer", "StartError")
    chip = told.format(*(word.get(name, name) for name in made))
    for end in ("\n", "\r\n"):
        lines = [text.replace("\n", end) for text in (chip, told.format(*made))]
        assert chip != told.format(*made) and readback.read_back(lines[0], names) == lines[1]
