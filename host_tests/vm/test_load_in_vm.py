"""On the VM too an import from flash and a collection take their time, and those under load are recorded."""

import json
from pathlib import Path

from rouse.build.firmware import compiled, virtual_files
from rouse.virtual import host
from rouse.vm import run as vm

HERE = Path(__file__).parent
IMPORT_MS, IMPORT_MS_PER_KB = 24, 2
COLLECT_MS = 18  # 115 KB at 0.16 ms


def test_an_import_and_a_collection_take_time_and_are_recorded_with_the_coil_on_only() -> None:
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
    assert [json.loads(line) for line in lines] == [
        ["outer", 2 * IMPORT_MS + 4 * IMPORT_MS_PER_KB, [], 0, 0],
        ["again", 0, [], 0, 0],
        ["nonesuch-failed", 0, [], 0, 0],
        ["collect", COLLECT_MS, [], 0, 0],
        ["again", 0, [], 0, 0],
        ["package", IMPORT_MS + compiled_ms, box, 0, 0],
        ["broken-failed", IMPORT_MS, box + late, 0, 0],
        ["collect", COLLECT_MS, box + late, 1, COLLECT_MS],
        ["collect", 8, box + late, 2, COLLECT_MS],
        ["collect", 28, box + late, 2, COLLECT_MS],
        ["outer", IMPORT_MS + 3 * IMPORT_MS_PER_KB, box + late, 2, COLLECT_MS],
    ]
