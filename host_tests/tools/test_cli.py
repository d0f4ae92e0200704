"""The command `rouse`: every tool it names is there and explains itself, and what none can do is told in one line."""

import re
from pathlib import Path

import pytest

from rouse import ROOT, ToolError, cli
from rouse.report import files


@pytest.mark.parametrize("tool", cli.COMMANDS)
def test_every_tool_explains_itself(tool: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main([tool, "--help"])
    assert capsys.readouterr().out.startswith(f"usage: rouse {tool} ")


def test_every_tool_that_make_calls_is_there() -> None:
    called = re.findall(r"\$\(ROUSE\) ([a-z-]+)", (ROOT / "Makefile").read_text())
    assert len(called) > 10 and set(called) <= set(cli.COMMANDS)


def test_an_unknown_tool_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["nonesuch"])
    assert "invalid choice: 'nonesuch'" in capsys.readouterr().err


@pytest.mark.parametrize(("error", "status"), [(ToolError("why"), 1), (OSError("why"), 1), (KeyboardInterrupt(), 130)])
def test_what_goes_wrong_is_one_line_and_a_status(
    error: BaseException, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def run() -> int:
        raise error

    assert cli.guarded("sim", run) == status
    assert capsys.readouterr().err == ("\nsim: stopped\n" if status == 130 else "sim: why\n")


# In a folder with an empty folder none, and a folder bad with a car file that is none.
BAD_INPUT = (
    ("sim --day absent.csv", "day file absent.csv: No such file"),
    ("sim --car absent.toml", "car file absent.toml: No such file"),
    ("sim --board nonesuch", "no board 'nonesuch'"),
    ("day --day absent.csv", "day file absent.csv: No such file"),
    ("day --board nonesuch", "no board 'nonesuch': BOARD is one of "),
    ("board --day absent.csv", "day file absent.csv: No such file"),
    ("board --car absent.toml", "car file absent.toml: No such file"),
    ("board --board nonesuch", "no board 'nonesuch'"),
    ("bench-solar --days none", "no day files"),
    ("bench-wake --cars none", "no car files"),
    ("bench-wake --cars bad", "name must be a text"),
    ("flash", "PORT"),
    ("flash --port /dev/ttyUSB9", "BOARD"),
    ("flash --port /dev/null --board nonesuch", "nonesuch"),
    ("flash --port /dev/rouse-none --board reference", "/dev/rouse-none"),
    ("flash --port /dev/null --board reference", "/dev/null"),
    ("verdict --port /dev/nonesuch", "no port /dev/nonesuch"),
)


@pytest.mark.parametrize(("line", "complaint"), BAD_INPUT)
def test_bad_input_is_one_line_status_1_and_nothing_written(
    line: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "a.toml").write_text("name = 5\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(files, "write", pytest.fail)
    assert cli.main(line.split()) == 1
    told = capsys.readouterr()
    assert told.err.startswith(line.split()[0] + ": ") and complaint in told.err and told.err.count("\n") == 1
    assert "stops now" not in told.out


@pytest.mark.parametrize(
    ("line", "told"), [("verdict", "--port"), ("verdict --port /dev/null --out report.pdf", "ends in .html")]
)
def test_wrong_use_is_told_and_status_2(line: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(line.split())
    assert told in capsys.readouterr().err.splitlines()[-1]


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    first, second = tmp_path / "new" / "a.txt", tmp_path / "b.bin"
    files.write({first: "ä\n", second: b"\0"})
    assert (first.read_text(encoding="utf-8"), second.read_bytes()) == ("ä\n", b"\0")
    with pytest.raises(OSError):
        files.write({second: b"\1", second / "c": b""})
    assert second.read_bytes() == b"\0"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.txt", "b.bin", "new"]
