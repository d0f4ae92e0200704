"""Runs in the MicroPython VM: the core tests, one a call, because this VM collects garbage only between two calls.

Started by tools/check/vm_tests.py, which gives it tools/check/plain_tests.py and reads what it prints.
"""

import sys

sys.path[:0] = ["/", "/host_tests"]

from plain_tests import find_tests  # noqa: E402  it is found by the path set above

queue = []


def collect(names):
    """Queue every test of the modules `names`."""
    for name in names:
        try:
            queue.extend(find_tests(name))
        except Exception as error:
            report(name, error)


def run_next():
    """Run one queued test; False when none is left."""
    if not queue:
        return False
    name, test = queue.pop(0)
    try:
        test()
    except Exception as error:
        report(name, error)
    else:
        print("passed", name)
    return True


def report(name, error):
    """Say which test failed, and where."""
    print("FAILED", name)
    sys.print_exception(error)
