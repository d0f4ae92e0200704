"""The world that the fake modules talk to: the one made last.

Imports nothing of the package, so that everything in it may import this.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

world: "Any" = None
