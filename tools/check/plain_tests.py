"""Finds and runs tests that need nothing but `assert`: functions test_... and methods test_... of classes Test...

Runs on CPython (tools/check/mutate.py) and in the MicroPython VM (tools/check/vm_tests.py). Knows no test, and
not pytest, which finds the same ones.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def find_tests(module_name: str) -> "list[tuple[str, Callable[[], object]]]":
    """Name and call of every test in a module, each method on an instance of its own; raises what the import raises."""
    module = __import__(module_name)
    tests = []
    for key in sorted(dir(module)):
        found = getattr(module, key)
        if key.startswith("test_"):
            tests.append((module_name + "." + key, found))
        elif key.startswith("Test") and isinstance(found, type):
            methods = sorted(each for each in dir(found) if each.startswith("test_"))
            tests.extend((module_name + "." + key + "." + each, _call(found, each)) for each in methods)
    return tests


def _call(owner: type, method: str) -> "Callable[[], object]":
    def call() -> object:
        return getattr(owner(), method)()

    return call
