"""firmware/manifest.py freezes every module there is, once, for a board whose pin stands in boot.py."""

import re
from pathlib import Path
from typing import Any

from rouse.build.firmware import BOARDS, FIRMWARE, board_data, firmware_files


def frozen() -> tuple[dict[str, Path], list[str]]:
    """What the manifest asks for, by running it as MicroPython's build does: source by name on the chip, includes."""
    files: dict[str, Path] = {}
    included: list[str] = []

    def add(name: str, source: Path) -> None:
        assert source.is_file() and name not in files, name
        files[name] = source

    def module(name: str, base_path: str = ".") -> None:
        add(name, (FIRMWARE / base_path / name).resolve())

    def package(name: str, base_path: str = ".") -> None:
        folder = (FIRMWARE / base_path).resolve()
        for source in sorted((folder / name).rglob("*.py")):
            add(source.relative_to(folder).as_posix(), source)

    scope: dict[str, Any] = {"module": module, "package": package, "include": included.append}
    exec((FIRMWARE / "manifest.py").read_text(encoding="utf-8"), scope)
    return files, included


def test_it_freezes_what_is_flashed_and_all_of_the_folder() -> None:
    files, included = frozen()
    assert set(files) == {path[1:].replace(".mpy", ".py") for path in firmware_files("reference")}
    folder = {path.relative_to(FIRMWARE).as_posix() for path in FIRMWARE.rglob("*.py")}
    assert set(files) == (folder - {"manifest.py"}) | {"board.py"}
    assert included == ["$(PORT_DIR)/boards/manifest.py"], "else the chip has no file system"


def test_its_board_is_the_one_whose_contactor_boot_py_opens() -> None:
    files, _ = frozen()
    board = files["board.py"].parent
    assert board.parent == BOARDS
    pin = re.search(r"Pin\((\d+)", files["boot.py"].read_text(encoding="utf-8"))
    assert pin is not None and int(pin[1]) == board_data(board.name)["pins"]["contactor"]
