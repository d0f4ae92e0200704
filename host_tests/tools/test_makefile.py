"""The Makefile: help names every target, a wrong Python is one clear line, and the user's paths arrive whole."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def make(*arguments, **environment):
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MAKE") and key != "MFLAGS"}
    return subprocess.run(
        ["make", "--no-print-directory", "-C", ROOT, *arguments],
        env=clean | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def script(path, text):
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


def test_help_lists_every_target():
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE).group(1).split()
    listed = re.findall(r"^make (\S+) +\S", make("help").stdout, re.MULTILINE)
    assert sorted(listed) == sorted(targets)
    assert make().stdout == make("help").stdout


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [("old", "echo Python 3.10.4\ntest $1 = --version\n", "Python 3.10.4"), ("nonesuch", None, "not found")],
)
def test_a_python_too_old_or_missing_is_one_clear_line(tmp_path, name, code, told):
    python = script(tmp_path / name, code) if code else name
    done = make("setup", f"PYTHON={python}")
    first = done.stderr.splitlines()[0]
    assert done.returncode != 0
    assert first.startswith("setup: ")
    assert told in first
    assert "Rouse needs Python 3.11 or newer" in first


DAY, CAR = "my days/it's \"one\".csv", "$HOME;x.toml"
PLANT = {"DAY": DAY, "CAR": CAR, "BOARD": "my board"}


@pytest.mark.parametrize(
    ("target", "variables", "options"),
    [
        *((target, PLANT, ["--day", DAY, "--car", CAR, "--board", "my board"]) for target in ("sim", "day", "board")),
        *((target, {"CHIP": "40us,1.3"}, ["--chip", "40us,1.3"]) for target in ("sim", "board", "bench-meter")),
        ("bench-wake", {"CARS": "my cars/of $5"}, ["--cars", "my cars/of $5"]),
        ("flash", {"PORT": "/dev/tty 1", "BOARD": "reference"}, ["--port", "/dev/tty 1", "--board", "reference"]),
    ],
)
def test_what_the_user_names_reaches_the_tool_as_one_argument_each(tmp_path, target, variables, options):
    show = script(tmp_path / "show", 'for each in "$@"; do echo "[$each]"; done\n')
    for given, expected in ((variables, options), ({}, [])):
        done = make(target, "PYTHON=:", f"ROUSE={show}", **given)
        assert re.findall(r"\[(.*)\]", done.stdout) == [target, *expected]
