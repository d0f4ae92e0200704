"""Runs Python on the real MicroPython VM, which is a WebAssembly program under Node.

Knows where Node and the VM are and how a job gets to them; does not know what a charger is.
"""

import base64
import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from rouse import ROOT, ToolError

HEAP_BYTES = 8 * 1024 * 1024
_VM = ROOT / "build" / "vm"
_PACKAGE = _VM / "node_modules" / "@micropython" / "micropython-webassembly-pyscript"


class VmError(ToolError):
    """Node or the VM is missing; the text says what to do."""


def program(name: str) -> list[str | Path]:
    """The command that runs the program `name` of tools/vm on Node, given the VM's folder. Raises VmError."""
    node = _VM / "node"
    for needed in (node, _PACKAGE / "micropython.mjs"):
        if not needed.exists():
            raise VmError(f"the MicroPython VM is not set up, {needed.relative_to(ROOT)} is missing: run make setup")
    return [node, ROOT / "tools" / "vm" / name, _PACKAGE]


def encode_files(files: Mapping[str, bytes]) -> dict[str, str]:
    """Files as the programs of tools/vm take them: base64 text by path."""
    return {path: base64.b64encode(data).decode("ascii") for path, data in files.items()}


def run(
    files: Mapping[str, bytes],
    source: str,
    on_line: Callable[[str], None],
    *,
    step: str | None = None,
    heap_bytes: int = HEAP_BYTES,
) -> int:
    """Exit status of `source` run on a fresh VM that holds `files`: 0, or 1 when it raised.

    `on_line` gets each line it prints, then those of the traceback, without the newline. With `step`, the name of
    a function that `source` leaves behind, that function is called until it returns False; garbage is collected
    only between these calls, so a long run needs it. Raises VmError.
    """
    job = {"files": encode_files(files), "source": source, "step": step, "heap_bytes": heap_bytes}
    with subprocess.Popen(
        program("job.mjs"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            with process.stdin as pipe:
                json.dump(job, pipe)
            for line in process.stdout:
                on_line(line.rstrip("\n"))
        except BaseException:
            process.kill()
            raise
    return process.returncode
