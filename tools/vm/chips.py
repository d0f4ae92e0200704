"""The chip that a person names for the virtual board, checked before anything starts.

Knows how to refuse; what a name means is in tools/virtual/pace.py.
"""

import argparse

from rouse import ToolError
from rouse.virtual.pace import parse


class PaceError(ToolError):
    """No such chip; the text lists what there is."""

    status = 2


def add_option(parser: argparse.ArgumentParser) -> None:
    """Let `parser` take --chip."""
    parser.add_argument(
        "--chip", default="default", help="how fast it is: fast, slow, default, 58us or 40us,1.3 (us a read, an opcode)"
    )


def checked(chip: str) -> str:
    """`chip`, if there is such a one; raises PaceError."""
    try:
        parse(chip)
    except ValueError as error:
        raise PaceError(str(error)) from None
    return chip
