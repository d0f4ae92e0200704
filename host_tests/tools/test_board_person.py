"""`make board`, the command: its person at the board, its clock, and what it says to bad input."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from host_tests.tools.board_process import ROOT, BoardProcess
from rouse.board import CommandError, from_sunrise, parse
from rouse.data.car_file import CarError
from rouse.data.day_file import Day


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardProcess]:
    process = BoardProcess(tmp_path_factory.mktemp("board"), "--unplugged")
    yield process
    process.close()


def test_unplugging_while_it_charges_opens_the_contactor(board: BoardProcess) -> None:
    board.charge()
    board.order("unplug")
    after = board.wait("contactor_closed", False)
    assert after["car_state"] == "A" and after["safety_violations"] == 0


def test_the_button_stops_a_charge(board: BoardProcess) -> None:
    board.charge()
    board.order("press 200")
    assert board.wait("contactor_closed", False)["car_state"] == "B"


def test_another_car_drives_up_unplugged(board: BoardProcess) -> None:
    assert board.order(f"car {ROOT / 'tools/data/cars/plain.toml'}")["plugged"] is False
    assert board.order("plug")["car_state"] != "A"


def test_simulated_time_is_never_faster_than_the_hosts(board: BoardProcess) -> None:
    first_ms, began_s = board.status()["simulated_ms"], time.monotonic()
    time.sleep(2)
    last_ms, ended_s = board.status()["simulated_ms"], time.monotonic()
    assert 0 < last_ms - first_ms <= (ended_s - began_s) * 1000 + 40  # at most one tick ahead at the first look


def test_a_host_that_stands_still_costs_simulated_time_and_no_charge(board: BoardProcess) -> None:
    before = board.charge()
    os.kill(board.vm_pid(), signal.SIGSTOP)
    time.sleep(2)
    os.kill(board.vm_pid(), signal.SIGCONT)
    time.sleep(1)
    after = board.status()
    assert after["contactor_closed"] and after["starts"] == before["starts"]
    assert board.run("print(evse.status()['late'])").strip() == "0"
    assert after["simulated_ms"] - before["simulated_ms"] < 2000


def test_nobody_at_the_command_is_no_reason_to_end() -> None:
    command = [sys.executable, "-m", "rouse.cli", "board"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, cwd=ROOT) as board:
        assert board.stdout is not None
        for _ in range(3):
            board.stdout.readline()
        time.sleep(0.5)
        assert board.poll() is None
        board.send_signal(signal.SIGTERM)
        assert board.wait(20) == 0


def test_every_order_is_answered_also_those_that_a_reset_overtakes(board: BoardProcess) -> None:
    orders = 100  # obeyed one a turn: most of them are still waiting when the chip resets
    with board.serial() as line:
        line.write(b"import machine; machine.reset()\r")
        answers = board.orders(["status"] * orders)
    assert {answer["reset_cause"] for answer in answers[-1:]} == {2} and len(answers) == orders
    board.wait_for_firmware()


@pytest.mark.parametrize("line", ["jump", "press", "press 0", "press -5", "press 60001", "plug it", "car"])
def test_a_line_that_is_no_command_is_refused(line: str) -> None:
    with pytest.raises(CommandError):
        parse(line)


def test_a_bad_car_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CarError, match="nocar"):
        parse(f"car {tmp_path / 'nocar.toml'}")


def test_a_refused_line_is_answered_with_its_reason(board: BoardProcess) -> None:
    assert "no command 'jump'" in board.order("jump")["error"]


def test_the_day_begins_when_the_sun_suffices() -> None:
    day = Day("d", 100, [0, 1000, 1610, 2000], [0, 0, 0, 0])
    assert from_sunrise(day).start_s == 102
    dark = Day("d", 100, [0, 1000], [0, 0])
    assert from_sunrise(dark) == dark
