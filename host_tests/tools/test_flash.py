"""`make flash` onto the virtual board through the real mpremote, and what it refuses."""

from typing import Any

import pytest

from host_tests.tools.board_process import BoardProcess, run_tool
from rouse import flash
from rouse.build.firmware import board_data, firmware_files


def test_flashing_replaces_the_firmware_keeps_the_settings_and_starts_it(board: BoardProcess) -> None:
    board.order("unplug")
    board.run("tune.start_wh = 77; tune.save()")
    board.run("import time; time.sleep(2)")
    board.run("open('/evse/stale.py', 'w').write('1')")
    done = run_tool("flash", "--port", board.port, "--board", "reference")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Rouse" in done.stdout.splitlines()[-1]
    found = set(board.files()) - {"/journal.txt", "/record.bin"}
    assert found == set(firmware_files("reference")) | {"/settings.json"}
    assert board.run("print(tune.start_wh)").strip() == "77"
    assert board.status()["safety_violations"] == 0


def test_a_charger_that_charges_is_refused_and_goes_on(board: BoardProcess) -> None:
    before = board.charge()
    done = run_tool("flash", "--port", board.port, "--board", "reference")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and "evse.stop()" in done.stderr
    after = board.status()
    assert after["contactor_closed"] and after["starts"] == before["starts"]


def test_a_copy_that_does_not_arrive_whole_leaves_the_old_firmware_running(
    board: BoardProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = board.files()
    board.order("unplug")

    def broken(_board: flash.Board, _files: dict[str, bytes]) -> None:
        raise flash.FlashError("did not arrive whole")

    monkeypatch.setattr(flash, "verify", broken)
    monkeypatch.setattr(flash, "firmware_files", lambda _name: {"/boot.py": b"raise SystemExit", "/new.py": b""})
    monkeypatch.setattr(flash, "check_board", lambda _files: None)
    with pytest.raises(flash.FlashError, match="whole"):
        flash.flash(board.port, "reference")
    board.wait("reset_cause", 2)
    board.wait_for_firmware()
    assert set(board.files()) <= {*before, "/journal.txt"}
    assert "Rouse" in board.run("print(evse)")


def test_verification_names_the_file_that_differs(board: BoardProcess) -> None:
    board.run("import os\nif 'new' not in os.listdir('/'): os.mkdir('/new')\nopen('/new/a', 'w').write('right')")
    tool = flash.Board(board.port)
    flash.verify(tool, {"/a": b"right"})
    with pytest.raises(flash.FlashError, match="/a did not arrive"):
        flash.verify(tool, {"/a": b"wrong"})
    board.run("import os; os.remove('/new/a'); os.rmdir('/new')")


ANSWER: dict[str, Any] = {"platform": "esp32", "version": [1, 26], "is_charging": False}


def test_the_oldest_micropython_is_accepted() -> None:
    flash.check_answer(ANSWER, "port")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"version": [1, 25]}, "1.25"),
        ({"version": [0, 99]}, "0.99"),
        ({"platform": "rp2"}, "rp2"),
        ({"is_charging": True}, "stop"),
    ],
)
def test_a_board_that_must_not_be_flashed_is_refused(change: dict[str, Any], word: str) -> None:
    with pytest.raises(flash.FlashError, match=word):
        flash.check_answer({**ANSWER, **change}, "port")


def test_a_board_file_the_firmware_refuses_is_not_flashed() -> None:
    files = firmware_files("reference")
    data = board_data("reference")
    data["pins"]["alive"] = data["pins"]["contactor"]
    files["/board.py"] = f"BOARD = {data!r}".encode()
    with pytest.raises(flash.FlashError, match=f"GPIO{data['pins']['contactor']} is both"):
        flash.check_board(files)
