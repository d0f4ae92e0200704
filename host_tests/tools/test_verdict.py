"""`make verdict` from a charging virtual board through the real mpremote; the page says what the figures say."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from host_tests.tools.board_process import BoardProcess, run_tool
from rouse.report.evidence import Found, as_html, as_text, length


def test_a_report_is_fetched_beside_a_charge_that_goes_on(board: BoardProcess, tmp_path: Path) -> None:
    board.charge()
    board.run("evse.stop(); import time; time.sleep(4); evse.start()")
    before = board.wait_until(lambda seen: bool(seen["contactor_closed"]) and seen["car_ma"] >= 6000)
    page = tmp_path / "my report.html"
    done = run_tool("verdict", "--port", board.port, "--out", str(page))
    assert done.returncode == 0, done.stderr
    after = board.status()
    assert after["contactor_closed"] and after["starts"] == before["starts"] and after["violations"] == []
    text = page.with_suffix(".txt").read_text()
    assert "stopped by a person" in text and "setting" in page.read_text()
    assert "contactor closed, offer mA 32000" in text, "the journal, from flash and from RAM"
    plugged = re.search(r"Plugged in (\d+-\d+-\d+ \d+:\d+:\d+)", done.stdout)
    assert plugged and abs((datetime.now() - datetime.fromisoformat(plugged[1])).total_seconds()) < 180
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my report.html", "my report.txt"]


def test_the_verdict_at_the_repl_is_the_same_sentences(board: BoardProcess) -> None:
    board.charge()
    said = board.run("evse.verdict()").splitlines()
    assert any(line.startswith("Today: ") for line in said) and any(line.startswith("Plugged in ") for line in said)
    assert board.status()["contactor_closed"]


def test_a_board_without_a_charger_says_so_and_writes_nothing(board: BoardProcess, tmp_path: Path) -> None:
    board.mpremote("soft-reset")  # runs boot.py only
    done = run_tool("verdict", "--port", board.port, "--out", str(tmp_path / "page.html"))
    assert done.returncode == 1 and "runs no charger" in done.stderr and not list(tmp_path.iterdir())
    board.mpremote("resume", "reset")
    board.wait_for_firmware()


# What evse.report() prints of a day with one case: 60 s charged, 90 s asleep, 30 s of the charger's delay, 20 s no sun.
CASE_NAMES = (
    *("at_s", "cause", "lost_s", "offer_ma", "high_mv", "low_mv", "pulses", "pulse_ms", "answer_ms", "detail"),
    *("ended_by", "base_s"),
)
DAY, EMPTY = [0, 0, 200, 180, 55, 60, 0, 20, 30, 90], [0] * 10
FIGURES: dict[str, Any] = {
    "version": "9.8.7", "board": "<b>", "uptime_s": 500, "base_s": 0, "gap": "", "settings": {"mode": "solar"},
    "sessions": 1, "rows": [DAY, EMPTY, DAY, EMPTY, EMPTY, EMPTY],
    "row_names": ["began_s", "base_s", "length_s", "sunny_s", "wh"],
    "cases": [[120, 4, 90, 8300, 9010, -12030, 2, -4000, 2400, 2000, 0, 0]], "case_names": CASE_NAMES,
    "cases_dropped": 0, "events": [], "events_dropped": 0,
    "causes": [
        ["nobody", "charged"], ["nobody", "no car plugged in"], ["sun", "no sun"], ["charger", "its own delay"],
        ["car", "asleep"],
    ],
    "allowed": ["", "", "", "No clause: the charger's own.", "Clause <4>."],
}  # fmt: skip


def found(**changes: Any) -> Found:
    """The report, a key a line, with some keys changed; None leaves one out."""
    figures = {key: value for key, value in (FIGURES | changes).items() if value is not None}
    report = [json.dumps({key: value}) for key, value in figures.items()]
    return Found.of([*report, "7 s plugged", "{ not JSON, but the journal's"], ["said & done"], 1_790_000_000)


TOLD = (
    "8.3 A, duty 13.83 %", "9.01 V / -12.03 V", "2 wake pulse(s), the last 4 s of -12 V", "120 s after boot",
    "S2 closed 2.4 s after the offer", "the pulse woke it", "car 90 s", "charger 30 s", "7 s plugged",
)  # fmt: skip


def test_page_and_text_tell_parties_case_and_what_the_standard_allows() -> None:
    page, text = as_html(found()), as_text(found())
    for words in TOLD:
        assert words in page and words in text, words
    assert "said &amp; done" in page and "Clause &lt;4&gt;." in page and "<b>" not in page and "<svg" in page
    assert "nobody" not in page and "no car plugged in" not in page, "nothing is lost there"
    assert [span.reasons() for span in found().spans()] == [["car: asleep, 90 s", "charger: its own delay, 30 s"]] * 2


def test_columns_are_found_by_name_and_clauses_are_the_chargers() -> None:
    rows = [[55, 200, 0, 0, 7, *DAY[5:]], EMPTY]
    other = found(row_names=["wh", "length_s", "base_s", "began_s", "new"], rows=rows, sessions=0)
    assert [(span.title, span.wh) for span in other.spans()] == [("today", 55)]
    case = dict(zip(CASE_NAMES, FIGURES["cases"][0], strict=True)) | {"new": 1}
    other = found(case_names=list(reversed(case)), cases=[list(reversed(case.values()))])
    assert list(other.cases()) == list(found().cases())
    assert [case["what the standard allows"] for case in other.cases()] == ["Clause <4>."]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        *(({key: None}, key) for key in sorted(FIGURES.keys() - {"events"})),
        ({"row_names": ["began_s", "base_s", "length_s", "sunny_s", "x"]}, "wh"),
        ({"allowed": []}, "shorter"),
        ({"causes": [["nobody", "fed"]] * 5}, "charged"),
        ({"rows": [DAY[:-1]]}, "shorter"),
    ],
)
def test_a_report_that_lacks_something_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises((LookupError, TypeError, ValueError), match=told):
        found(**changes)


def test_what_nobody_recorded_is_said() -> None:
    assert "NO RECORD\nnone" in as_text(found())
    report = as_text(found(gap="no record from 7 s", events_dropped=3, cases_dropped=2))
    assert "no record from 7 s" in report and "3 events were lost" in report and "2 earlier cases" in report


def test_times_say_what_is_known_of_them() -> None:
    day_s = 2519 * 86400  # 2026-11-24
    assert found(base_s=5).when(3661, day_s) == found(base_s=day_s).when(3661, 0) == "2026-11-24 01:01:01"
    assert found().when(90, 0) == "90 s after boot" and found().when(90, -1) == "before a power cut"
    assert (length(119), length(120), length(3661)) == ("119 s", "2 min 0 s", "61 min 1 s")
