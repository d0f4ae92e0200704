"""Files, prints, imports and collections of the firmware cost simulated time and are seen from outside.

Figures: littlefs commit about 80 ms and more (esp_littlefs #179), 4 KB 0.1..0.5 s; 87 us a character; an import from
flash 24 ms and 2 a KB, a collection 0.16 ms a KB in use (micropython_esp32.md, section 13).
What is recorded of them under load is told by host_tests/vm/test_load_in_vm.py.
"""

import builtins
import gc
import os
import sys

import pytest

from rouse.virtual import host
from virtual import stalls


@pytest.fixture
def world(tmp_path):  # made before, so that pytest making the folder is not charged
    made = host.make_world()
    undo = stalls.install({})
    yield made
    undo()


def test_a_small_file_stalls_for_a_commit_and_reading_costs_nothing(world, tmp_path):
    path = tmp_path / "a"
    with open(path, "w") as file:
        file.write("hello")
    assert world.ms == 100
    with open(path) as file:
        assert file.read() == "hello"
    assert world.ms == 100


@pytest.mark.parametrize("size", [1024, 4096, 20000])
def test_a_large_file_costs_30_ms_a_kb_more_however_it_is_cut(world, tmp_path, size):
    for piece in (1, 100, size):
        before_ms = world.ms
        with open(tmp_path / "a", "wb") as file:
            for start in range(0, size, piece):
                file.write(bytes(min(piece, size - start)))
        assert world.ms - before_ms == pytest.approx(100 + 30 * size / 1024, abs=1)


def test_rename_and_remove_are_commits(world, tmp_path):
    open(tmp_path / "a", "w").close()
    os.rename(tmp_path / "a", tmp_path / "b")
    os.remove(tmp_path / "b")
    assert world.ms == 300


def test_a_file_that_fails_to_open_costs_nothing(world, tmp_path):
    with pytest.raises(OSError), open(tmp_path / "missing" / "a", "w"):
        pass
    assert world.ms == 0


def test_the_judge_sees_one_write_a_file(world, tmp_path):
    host.Bench(world).charge()
    with open(tmp_path / "a", "wb") as file:
        for _ in range(10):
            file.write(bytes(500))
    assert sum("flash written" in line for line in world.judge.last) == 1


def test_a_long_print_stalls_and_one_to_a_file_does_not(world, tmp_path, capsys):
    print("x" * 227)
    assert world.ms * 1000 + world.us == 100 * 87
    assert capsys.readouterr().out == "x" * 227 + "\n"
    before_ms = world.ms
    with open(tmp_path / "a", "w") as file:
        print("a", "b", sep="-", file=file)
        assert world.ms == before_ms
    assert (tmp_path / "a").read_text() == "a-b\n"


@pytest.fixture
def loading(tmp_path, monkeypatch):
    """A world to import in: `flash_outer` imports `flash_inner` and two modules that are not on the chip's flash."""
    (tmp_path / "flash_outer.py").write_text("import host_only, json\nfrom flash_inner import THING\n")
    (tmp_path / "flash_inner.py").write_text("THING = 1\n")
    (tmp_path / "host_only.py").write_text("")
    (tmp_path / "flash_broken.py").write_text("import flash_inner\n1 / 0\n")
    monkeypatch.syspath_prepend(tmp_path)
    sizes = {"flash_outer": 2048, "flash_inner": 1024 * 10, "flash_broken": 500}
    made = host.make_world()
    undo = stalls.install(sizes)
    yield made
    undo()
    for name in [*sizes, "host_only"]:
        sys.modules.pop(name, None)


OUTER_MS, INNER_MS = 24 + 2 * 2, 24 + 2 * 10


def load(*names):
    for name in names:
        exec(f"import {name}")


def test_an_import_takes_the_time_of_each_module_it_loads_once(loading):
    load("flash_inner")
    assert loading.ms == INNER_MS
    load("flash_outer", "flash_outer", "flash_inner")
    assert loading.ms == INNER_MS + OUTER_MS
    for name in ("flash_outer", "flash_inner"):
        del sys.modules[name]
    load("flash_outer")
    assert loading.ms == 2 * (INNER_MS + OUTER_MS)


def test_an_import_that_fails_takes_the_time_of_what_it_loaded(loading):
    with pytest.raises(ImportError):
        load("flash_nonesuch")
    assert loading.ms == 0
    with pytest.raises(ZeroDivisionError):
        load("flash_broken")
    assert loading.ms == INNER_MS


def test_a_collection_takes_160_us_a_kb_of_heap(world):
    gc.collect()
    assert world.ms == 19  # 122 KB


def test_undoing_it_gives_the_real_ones_back(tmp_path):
    before = (open, print, os.rename, gc.collect, builtins.__import__)
    stalls.install({})()
    assert (open, print, os.rename, gc.collect, builtins.__import__) == before
