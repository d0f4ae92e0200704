"""What every test file finds, beside the paths in pyproject.toml: `micropython` and the package `virtual` on CPython.

Knows no test.
"""

import rouse.virtual.host  # noqa: F401  imported for what it does
