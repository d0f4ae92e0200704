"""What `make sim` and `make day` share at the command line: how they fail.

Knows every error that is the user's to mend; nothing of what is run.
"""

import sys
from collections.abc import Callable

from tools.carfile import CarError
from tools.dayfile import DayError
from tools.firmware import FirmwareError
from tools.vm import VmError


class SimError(Exception):
    """A run ended before its time; the text is one line for the person."""


def guarded(name: str, run: Callable[[], None]) -> int:
    """Exit status of `run`: 0 done, 1 with one line on stderr when it cannot be done, 130 after Ctrl-C."""
    try:
        run()
    except (DayError, CarError, FirmwareError, VmError, SimError, OSError) as err:
        print(f"{name}: {err}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\n{name}: stopped, nothing written", file=sys.stderr)
        return 130
    return 0
