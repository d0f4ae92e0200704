"""The chip's boot and its REPL inside the MicroPython VM: both run in one scope.

Knows the two files that a chip runs, and nothing of what they do.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

scope: "dict[str, Any]" = {"__name__": "__main__"}


def boot() -> None:
    """Run boot.py and main.py, one after the other."""
    for name in ("/boot.py", "/main.py"):
        with open(name) as file:
            exec(compile(file.read(), name, "exec"), scope)


def type_line(line: str) -> None:
    """A person types `line`: the value of an expression is printed."""
    try:
        value = eval(line, scope)
    except SyntaxError:
        exec(line, scope)
        return
    if value is not None:
        print(repr(value))
