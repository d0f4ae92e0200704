"""On the VM too imports, collections, files and prints take their time, and what is under load is recorded."""

import json
from pathlib import Path

from rouse.build.firmware import compiled, virtual_files
from rouse.virtual import host
from rouse.vm import run as vm

HERE = Path(__file__).parent
IMPORT_MS, IMPORT_MS_PER_KB = 24, 2
COMMIT_MS = 100
COLLECT_MS = 19  # 122 KB at 0.16 ms


def test_imports_collections_files_and_prints_take_time_and_are_recorded_with_the_coil_on_only() -> None:
    module = compiled(b"NUMBERS = (" + b"1000000000000," * 100 + b")", "compiled.py")
    stubs = {
        "/outer.py": b"import inner, json, machine\n".ljust(3 * 1024),
        "/inner.py": b"import gc\n".ljust(1024),
        "/box/__init__.py": b"",
        "/box/compiled.mpy": module,
        "/broken.py": b"import late\n1 / 0\n",
        "/late.py": b"",
    }
    files = {
        **virtual_files(),
        **stubs,
        "/job.json": json.dumps({"board": host.board(), "car": host.car()}).encode(),
        "/load_inside.py": (HERE / "load_inside.py").read_bytes(),
    }
    lines: list[str] = []
    assert vm.run(files, "import load_inside", lines.append) == 0, lines[-3:]
    compiled_ms = IMPORT_MS + IMPORT_MS_PER_KB * len(module) // 1024
    box, late = ["box", "box.compiled"], ["late"]
    assert len(module) > 1024
    assert [json.loads(line) for line in lines if line.startswith("[")] == [
        ["outer", 2 * IMPORT_MS + 4 * IMPORT_MS_PER_KB, [], 0, 0],
        ["outer", 0, [], 0, 0],
        ["nonesuch-failed", 0, [], 0, 0],
        ["collect", COLLECT_MS, [], 0, 0],
        ["write", 2 * COMMIT_MS, [], 0, 0],
        ["print", (312 - 128) * 87 // 1000, [], 0, 0],
        ["outer", 0, [], 0, 0],
        ["box.compiled", IMPORT_MS + compiled_ms, box, 0, 0],
        ["broken-failed", IMPORT_MS, box + late, 0, 0],
        ["collect", COLLECT_MS, box + late, 1, COLLECT_MS],
        ["collect", 8, box + late, 2, COLLECT_MS],
        ["collect", 28, box + late, 2, COLLECT_MS],
        ["outer", IMPORT_MS + 3 * IMPORT_MS_PER_KB, box + late, 2, COLLECT_MS],
    ]
