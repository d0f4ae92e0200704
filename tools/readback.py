"""Reads a traceback from the chip back: functions and classes are called there by other words (tools/symbols.py).

    python -m tools.readback < traceback.txt      by this checkout and Python: use those that flashed it
"""

import ast
import re
import sys

from tools.firmware import FirmwareError, linked_texts, shortened_texts, source_texts
from tools.symbols import callables

# A function, a kind of object, a kind of error; lines from a terminal end with a carriage return.
_WORDS = re.compile(r"(?<=, in )\w+(?=\r?$)|(?<=')\w+(?=' object)|^\w+(?=: )", re.MULTILINE)


def read_back(text: str, names: dict[str, str]) -> str:
    """`text` with the words where a traceback names a function or class replaced by `names`, where they have one."""
    return _WORDS.sub(lambda found: names.get(found[0], found[0]), text)


def names_on_chip() -> dict[str, str]:
    """What a word stands for: each function and class of the firmware by its word. Raises FirmwareError."""
    texts = linked_texts(source_texts())
    _, words = shortened_texts(texts)
    made = callables(ast.parse(text) for text in texts.values())
    return {word: name for name, word in words.items() if name in made}


if __name__ == "__main__":
    try:
        print(read_back(sys.stdin.read(), names_on_chip()), end="")
    except FirmwareError as error:
        sys.exit(f"readback: {error}")
