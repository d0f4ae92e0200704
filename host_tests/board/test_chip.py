"""CHIP reaches the virtual board and the simulation; what is no chip is refused before anything starts."""

from collections.abc import Iterator

import pytest
from board_process import BoardProcess, run_tool

from rouse import sim
from rouse.build.firmware import board_data
from rouse.data.car_file import read_car
from rouse.data.day_file import Day
from rouse.report.progress import Progress

READ = """import machine, time
adc = machine.ADC(machine.Pin(%d))
def took_us():
    t = time.ticks_us(); adc.read_uv(); return time.ticks_us() - t
print(min([took_us() for _ in range(9)]))"""  # a tick may come in between


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardProcess]:
    process = BoardProcess(tmp_path_factory.mktemp("board"), "--chip", "slow")
    yield process
    process.close()


def test_the_board_reads_at_the_pace_of_its_chip(board: BoardProcess) -> None:
    pin = board_data("reference")["pins"]["temperature_adc"]
    assert board.run(READ % pin).split() == [str(80 + 88)]  # and 40 opcodes, from one look at the clock to the next


def test_what_is_typed_is_compiled_first_while_the_contactor_waits(board: BoardProcess) -> None:
    starts = board.charge()["starts"]
    board.run("pass\n" * 10)  # 12 ms
    assert board.status()["starts"] == starts and board.status()["contactor_closed"]
    board.run("pass\n" * 90)  # 110 ms at one go: longer than the one-shot holds
    board.wait("contactor_closed", False)
    assert int(board.run("print(evse.status()['late'])")) >= 1
    assert board.status()["safety_violations"] == 0


@pytest.mark.parametrize("chip", ["fast", "slow"])
def test_the_firmware_runs_on_it_without_a_failed_tick(chip: str) -> None:
    day = Day("sunny", 0, [6000] * 10, [500] * 10)
    heard = sim.simulate(day, read_car(sim.CAR), "reference", Progress(len(day), every=60), chip)
    ticks, bytes_per_tick, tick_errors = heard.totals
    assert abs(ticks - 500) <= 10
    assert (bytes_per_tick, tick_errors) == (0, 0)


@pytest.mark.parametrize("name", ["sim", "board"])
def test_what_is_no_chip_is_one_line(name: str) -> None:
    done = run_tool(name, "--chip", "10us")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{name}: no chip '10us': fast, slow, default")
    assert done.stderr.count("\n") == 1
