"""The one way in which a tool writes its results: all of them whole, or none.

Knows names and contents; nothing of what they mean.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path


def write(files: Mapping[Path, str | bytes]) -> None:
    """Write `files` under other names and rename them when all are whole; raises OSError, and the old ones stay."""
    drafts = {path: path.with_name(f".{os.getpid()}.{path.name}") for path in files}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            drafts[path].write_bytes(content.encode() if isinstance(content, str) else content)
        for path, draft in drafts.items():
            draft.replace(path)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def as_json(value: object) -> str:
    """`value` as the text of a JSON file."""
    return json.dumps(value, indent=2) + "\n"
