"""The virtual board through the real mpremote, in real time: what works while it charges, and what ends the charge."""

import hashlib
import os
import sys
import time
from pathlib import Path

from host_tests.tools.board_process import BoardProcess, Screen


def test_connect_gives_the_native_repl(board: BoardProcess) -> None:
    with Screen([sys.executable, "-m", "mpremote", "connect", board.port]) as screen:
        screen.wait_for(b"Ctrl-x to exit")
        screen.type(b"print(6 * 7)\r")
        screen.wait_for(b"\n42\r\n>>> ")
        screen.type(b"\x18")  # Ctrl-X ends the tool
        assert screen.wait_for_end() == 0


def test_exec_beside_the_charger_leaves_the_charge_running(board: BoardProcess) -> None:
    before = board.charge()
    card = board.run("print(evse)")
    after = board.status()
    assert card.startswith("Rouse") and "charging" in card
    assert after["contactor_closed"] and after["starts"] == before["starts"]
    assert after["violations"] == []


def test_listing_the_flash_shows_what_is_on_a_chip_and_leaves_the_charge_running(board: BoardProcess) -> None:
    board.charge()
    listed = [line.split() for line in board.mpremote("resume", "fs", "ls").stdout.splitlines()[1:]]
    assert {"boot.py", "main.py", "board.py", "evse/"} <= {name for _, name in listed}
    assert {name for _, name in listed} <= {
        "boot.py", "main.py", "board.py", "evse/", "journal.txt", "record.bin", "settings.json", "small.bin"
    }
    assert all(int(size) > 0 for size, name in listed if name.endswith(".py"))
    assert board.status()["contactor_closed"]


def test_sleeping_at_the_repl_lets_the_ticks_run(board: BoardProcess) -> None:
    board.charge()
    counts = board.run(
        "import time\na = evse.status()['ticks']\ntime.sleep(2)\nprint(evse.status()['ticks'] - a)"
    )
    assert 95 <= int(counts) <= 105  # 2000 ms / 20 ms
    assert board.status()["contactor_closed"]


def test_a_busy_statement_typed_by_hand_leaves_the_charge_running_and_ctrl_c_ends_it(board: BoardProcess) -> None:
    before = board.charge()
    with board.serial() as line:
        line.write(b"while True: pass\r\r")
        time.sleep(2)
        after = board.status()
        line.write(b"\x03")
        assert line.read_until(b"KeyboardInterrupt: \r\n>>> ").endswith(b">>> ")
        line.write(b"print(6 * 7)\r")
        assert b"\n42\r\n>>> " in line.read_until(b"42\r\n>>> ")
    assert after["contactor_closed"] and after["starts"] == before["starts"]
    assert after["simulated_ms"] - before["simulated_ms"] > 1000


def test_a_bad_value_is_refused_in_words_and_changes_nothing(board: BoardProcess) -> None:
    before = board.run("print(tune)")
    done = board.mpremote("resume", "exec", "tune.max_ma = '6 A'")
    assert done.returncode != 0 and "max_ma: a whole number of mA" in done.stdout + done.stderr
    assert board.run("print(tune)") == before


def test_copying_a_file_ends_the_charge_cleanly_and_is_journalled(board: BoardProcess, tmp_path: Path) -> None:
    before = board.charge()
    small = tmp_path / "small.bin"
    small.write_bytes(os.urandom(1500))
    assert board.mpremote("resume", "fs", "cp", str(small), ":small.bin").returncode == 0
    after = board.wait("contactor_closed", False)
    assert after["owner_writes"] > before["owner_writes"]
    assert after["violations"] == []
    digest = "import hashlib, binascii; print(binascii.hexlify(hashlib.sha256(open('small.bin','rb').read()).digest()))"
    assert hashlib.sha256(small.read_bytes()).hexdigest() in board.run(digest)
    board.order("unplug")
    board.run("import time; time.sleep(3)")  # the journal goes to flash once the contactor has been open a second
    journal = board.mpremote("resume", "fs", "cat", "journal.txt").stdout
    assert "the REPL held the chip, ms" in journal


def test_a_long_print_stalls_the_tick_as_a_uart_does(board: BoardProcess) -> None:
    board.charge()
    late = int(board.run("print(evse.status()['late'])"))
    board.run("print('x' * 2000)")  # 2000 characters less the FIFO's 128, 87 us each: 163 ms
    assert int(board.run("print(evse.status()['late'])")) == late + 1
    assert board.status()["violations"] == []


def test_plain_exec_soft_resets_and_leaves_the_contactor_open(board: BoardProcess) -> None:
    board.charge()
    assert board.mpremote("exec", "print('evse' in globals())").stdout.strip() == "False"
    after = board.status()
    assert not after["contactor_closed"] and after["reset_cause"] == 5  # machine.SOFT_RESET
    assert after["violations"] == []
    time.sleep(1)
    assert not board.status()["contactor_closed"]


def test_ctrl_d_at_the_prompt_runs_main_py(board: BoardProcess) -> None:
    with board.serial() as line:
        line.write(b"\x02\x04")
        said = line.read_until(b'information.\r\n>>> ')
        said += line.read_until(b'information.\r\n>>> ') if b"soft reboot" not in said else b""
    assert b"MPY: soft reboot\r\nRouse " in said
    assert "Rouse" in board.run("print(evse)")
    assert board.status()["reset_cause"] == 5


def test_machine_reset_boots_with_flash_rtc_memory_and_clock_kept(board: BoardProcess) -> None:
    board.charge()
    assert board.mpremote("resume", "rtc", "--set").returncode == 0
    board.run("open('small.bin', 'w').write('kept too'); import time; time.sleep(2)")
    board.mpremote("resume", "reset")
    board.wait("reset_cause", 2)  # machine.HARD_RESET
    board.wait_for_firmware()
    kept = board.run("import machine; print(len(machine.RTC().memory()), open('small.bin').read())")
    assert 1500 < int(kept.split()[0]) <= 2048 and kept.strip().endswith("kept too")
    said = board.run("evse.verdict()")
    assert "no record from 20" in said and "s later" in said and "not known" not in said


def test_a_charger_whose_tick_stops_opens_and_comes_back_by_its_watchdog(board: BoardProcess) -> None:
    board.charge()
    board.run("from virtual import current; [timer.deinit() for timer in current.world.scheduler.timers[:]]")
    opened = board.wait("contactor_closed", False)  # the one-shot
    assert opened["reset_cause"] != 3
    after = board.wait("reset_cause", 3)  # machine.WDT_RESET
    assert not after["contactor_closed"] and after["violations"] == []
    board.wait_for_firmware()
    assert "Rouse" in board.run("print(evse)")
