"""tools/vm/run.py: jobs on the real VM, and what it says when the VM is not there."""

from pathlib import Path

import pytest

from rouse.vm import run as vm


def test_a_job_finds_its_files_and_its_lines_arrive_as_printed() -> None:
    lines: list[str] = []
    files = {"/fake/deep/thing.py": "NAME = 'm\u00fcsli'\n".encode()}
    source = "import sys\nsys.path.append('/fake')\nfrom deep.thing import NAME\nprint(NAME)\nprint()\nprint(2)\n"
    assert vm.run(files, source, lines.append) == 0
    assert lines == ["m\u00fcsli", "", "2"]


def test_what_a_job_raises_is_status_1_and_a_traceback() -> None:
    lines: list[str] = []
    assert vm.run({}, "print('before')\n1 / 0\n", lines.append) == 1
    assert lines[0] == "before" and lines[-1] == "ZeroDivisionError: divide by zero"


def test_a_step_is_called_until_it_returns_false() -> None:
    lines: list[str] = []
    source = "n = 0\ndef step():\n    global n\n    n += 1\n    print(n)\n    return n < 3\n"
    assert vm.run({}, source, lines.append, step="step") == 0
    assert lines == ["1", "2", "3"]


def test_garbage_is_collected_between_steps() -> None:
    lines: list[str] = []
    source = (
        "import gc\nn = 0\nbig = None\ndef step():\n    global n, big\n    n += 1\n    big = bytearray(100000)\n"
        "    if n == 500:\n        print(gc.mem_alloc() < 1000000)\n    return n < 500\n"
    )
    assert vm.run({}, source, lines.append, step="step", heap_bytes=1_000_000) == 0
    assert lines == ["True"]  # 50 MB were made in all


def test_an_error_in_a_listener_ends_the_job() -> None:
    def refuse(_line: str) -> None:
        raise KeyError("enough")

    with pytest.raises(KeyError):
        vm.run({}, "while True:\n    print(1)\n", refuse)


def test_a_vm_that_is_not_set_up_is_one_line_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vm, "ROOT", tmp_path)
    monkeypatch.setattr(vm, "_VM", tmp_path / "build" / "vm")
    with pytest.raises(vm.VmError, match="make setup"):
        vm.run({}, "", print)
