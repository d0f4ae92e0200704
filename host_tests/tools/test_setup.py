"""Set-up makes each part once, makes it anew when it is half made or out of date, and says in one line what failed."""

import json
import re
import sys
from pathlib import Path

import pytest

from rouse import setup

ROOT = Path(setup.__file__).parents[1]


@pytest.fixture
def root(tmp_path):
    (tmp_path / "build").mkdir()
    (tmp_path / "wish.txt").write_text("a wish\n")
    return tmp_path


class Recorder:
    """A part that notes how often it was made; with `fails` it breaks off half-way."""

    def __init__(self):
        self.made = 0
        self.fails = False

    def part(self):
        return setup.Part("thing", ["wish.txt", "python"], self.make)

    def make(self, root, build):
        (build / "thing").mkdir()
        (build / "thing" / f"piece{self.made}").touch()
        self.made += 1
        if self.fails:
            raise setup.SetupError("the line was cut")


def set_up(root, recorder):
    return setup.set_up(root, root / "build", [recorder.part()])


def pieces(root):
    return [path.name for path in (root / "build/thing").glob("piece*")]


def test_a_part_is_made_once_and_anew_from_another_source_or_with_another_python(root, monkeypatch):
    recorder = Recorder()
    assert [set_up(root, recorder), set_up(root, recorder)] == [["thing"], []]
    (root / "wish.txt").write_text("another wish\n")
    assert set_up(root, recorder) == ["thing"] and pieces(root) == ["piece1"]
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert set_up(root, recorder) == ["thing"] and recorder.made == 3


def test_a_half_made_part_is_made_anew_without_its_remains(root):
    recorder = Recorder()
    recorder.fails = True
    with pytest.raises(setup.SetupError):
        set_up(root, recorder)
    recorder.fails = False
    assert set_up(root, recorder) == ["thing"] and pieces(root) == ["piece1"]


@pytest.mark.parametrize(("folder", "program"), [("venv", "bin/python"), ("vm", "node")])
def test_a_part_whose_program_is_gone_is_not_ready(root, folder, program):
    part = setup.Part(folder, ["wish.txt"], lambda root, build: None)
    (root / "build" / folder / program).parent.mkdir(parents=True)
    (root / "build" / folder / program).symlink_to(sys.executable)
    (root / "build" / folder / setup.STAMP).write_text(setup.fingerprint(root, part))
    assert setup.is_ready(root, root / "build", part)
    (root / "build" / folder / program).unlink()
    (root / "build" / folder / program).symlink_to(root / "removed")
    assert not setup.is_ready(root, root / "build", part)


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("WARNING: retrying\nERROR: no such version\nERROR: none found\n", "ERROR: no such version"),
        ("npm warn old\nnpm error code EINTEGRITY\nnpm error wanted\n", "npm error code EINTEGRITY"),
        ("one\nlast words\n\n", "last words"),
        ("", "it said nothing"),
    ],
)
def test_the_reason_is_the_first_error_line_or_the_last_words(output, line):
    assert setup.reason(output) == line


def script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)


def test_a_failed_download_is_one_line_with_what_was_tried(root):
    script(setup.venv_python(root / "build"), "echo 'ERROR: cannot reach the index' >&2; exit 1\n")
    with pytest.raises(setup.SetupError, match=r"^installing all failed: ERROR: cannot reach the index$"):
        setup.pip_install(root / "build", ["all"], "installing all")


def test_main_reports_a_failure_in_one_line(root, monkeypatch, capsys):
    recorder = Recorder()
    recorder.fails = True
    monkeypatch.setattr(setup, "ROOT", root)
    monkeypatch.setattr(setup, "PARTS", [recorder.part()])
    assert setup.main() == 1
    assert capsys.readouterr().err == (
        "setup: the line was cut; check the network, then run the same command again\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("node", "npm", "is_taken"),
    [
        ("echo 18 /opt/node", "exit 0", True),
        ("echo 17 /opt/node", "exit 0", False),
        ("exit 1", "exit 0", False),
        ("echo nonsense", "exit 0", False),
        ("echo 20 /opt/node", "exit 1", False),
        ("echo 20 /opt/node", None, False),
    ],
)
def test_the_machines_node_is_taken_when_it_is_new_enough_and_has_npm(tmp_path, monkeypatch, node, npm, is_taken):
    script(tmp_path / "node", node + "\n")
    if npm:
        script(tmp_path / "npm", npm + "\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    expected = setup.Node(Path("/opt/node"), [str(tmp_path / "npm")])
    assert setup.machine_node() == (expected if is_taken else None)


def test_the_vm_is_pinned_by_its_sha512_and_no_file_names_a_host():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    package = lock["packages"][setup.VM_PACKAGE]
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert wanted == {setup.VM_PACKAGE.removeprefix("node_modules/"): package["version"]}
    assert package["integrity"].startswith("sha512-")
    for name in ("package.json", "package-lock.json", "requirements.txt", "requirements-stubs.txt"):
        assert "://" not in (ROOT / name).read_text(), name


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-stubs.txt"])
def test_every_package_is_pinned_to_one_version(name):
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9a-z.]*", line)] == []
