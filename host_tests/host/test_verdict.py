"""`make verdict` from a charging virtual board through the real mpremote; the page says what the figures say."""

import re
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from host_tests.host.board_process import BoardProcess, run_tool
from rouse.report import evidence
from rouse.report.evidence import ALLOWED, COLOURS, Found, as_html, as_text, span, when

BLAME: Any = import_module("evse.core.blame")
PARTIES: tuple[str, ...] = import_module("evse.app.words").PARTIES


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


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        ((), 2, "--port"),
        (("--port", "/dev/nonesuch"), 1, "no port /dev/nonesuch"),
        (("--port", "/dev/null", "--out", "report.pdf"), 2, "ends in .html"),
    ],
)
def test_wrong_use_is_one_clear_line(options: tuple[str, ...], status: int, told: str) -> None:
    done = run_tool("verdict", *options)
    assert done.returncode == status and told in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr


def test_a_board_without_a_charger_says_so_and_writes_nothing(board: BoardProcess, tmp_path: Path) -> None:
    board.mpremote("soft-reset")  # runs boot.py only
    done = run_tool("verdict", "--port", board.port, "--out", str(tmp_path / "page.html"))
    assert done.returncode == 1 and "runs no charger" in done.stderr and not list(tmp_path.iterdir())
    board.mpremote("resume", "reset")
    board.wait_for_firmware()


def found(**changes: Any) -> Found:
    """A day with one case: 60 s charged, 90 s asleep, 30 s of the charger's own delay."""
    firmware: Any = import_module("evse.core.ledger")
    row = [0] * firmware.FIELDS
    row[firmware.LENGTH_S], row[firmware.WH] = 200, 55
    for cause, seconds in ((BLAME.CHARGED, 60), (BLAME.ASLEEP, 90), (BLAME.DELAY, 30), (BLAME.NO_SUN, 20)):
        row[firmware.SPENT_S + cause] = seconds
    empty = [0] * firmware.FIELDS
    parties = [PARTIES[BLAME.PARTY_OF[cause]] for cause in range(BLAME.COUNT)]
    figures: dict[str, Any] = {
        "version": "0.1.0", "board": "<b>", "uptime_s": 500, "base_s": 0, "gap": "", "settings": {"mode": "solar"},
        "sessions": 1, "rows": [row, empty, row, empty, empty, empty, empty],
        "cases": [[120, BLAME.ASLEEP, 90, 8300, 9010, -12030, 2, -4000, 2400, 2000, BLAME.CHARGED, 0]],
        "cases_dropped": 0, "causes": [[party, f"cause {cause}"] for cause, party in enumerate(parties)],
        "events": [], "events_dropped": 0,
    }  # fmt: skip
    return Found(figures | changes, ["said & done"], ["7 s plugged"], 1_790_000_000)


TOLD = (
    "8.3 A, duty 13.83 %", "9.01 V / -12.03 V", "2 wake pulse(s), the last 4 s of -12 V", "120 s after boot",
    "S2 closed 2.4 s after the offer", "the pulse woke it", "car 90 s", "charger 30 s", "7 s plugged",
)  # fmt: skip


def test_page_and_text_tell_parties_case_and_what_the_standard_allows() -> None:
    for report in (as_html(found()), as_text(found())):
        for words in TOLD:
            assert words in report, words
    assert "said &amp; done" in as_html(found()) and "<b>" not in as_html(found())


def test_every_cause_says_what_the_standard_allows_and_every_party_has_a_colour() -> None:
    assert len(ALLOWED) == BLAME.COUNT and all(ALLOWED[BLAME.FUSE:])
    assert "asleep" in ALLOWED[BLAME.ASLEEP] and "10.1" in ALLOWED[BLAME.HOLDS] and "Annex B" in ALLOWED[BLAME.PLUG]
    assert "A.5.3" in ALLOWED[BLAME.PULSE] and "sequence 12" in ALLOWED[BLAME.SHORT] and "62955" in ALLOWED[BLAME.FAULT]
    assert set(COLOURS) == set(PARTIES) - {"nobody"} | {"charged"}


def test_the_figures_places_are_the_firmware_s() -> None:
    case = "AT_S CAUSE LOST_S OFFER_MA HIGH_MV LOW_MV PULSES PULSE_MS ANSWER_MS DETAIL ENDED_BY"
    for module, names in (("ledger", "BEGAN_S BASE_S LENGTH_S SUNNY_S WH SPENT_S"), ("evidence", case)):
        for name in names.split():
            assert getattr(evidence, name) == getattr(import_module(f"evse.core.{module}"), name), name


def test_what_nobody_recorded_is_said() -> None:
    assert "NO RECORD\nnone" in as_text(found())
    report = as_text(found(gap="no record from 7 s", events_dropped=3, cases_dropped=2))
    assert "no record from 7 s" in report and "3 events were lost" in report and "2 earlier cases" in report


def test_times_say_what_is_known_of_them() -> None:
    day_s = 2519 * 86400  # 2026-11-24
    assert when(3661, day_s, 5) == when(3661, 0, day_s) == "2026-11-24 01:01:01"
    assert when(90, 0, 0) == "90 s after boot" and when(90, -1, day_s) == "before a power cut"
    assert (span(119), span(120), span(3661)) == ("119 s", "2 min 0 s", "61 min 1 s")
