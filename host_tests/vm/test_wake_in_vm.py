"""A wake pulse through the pins on the real VM: what the car sees, for how long, and a contactor that stays open."""

import json
from pathlib import Path

from rouse.build.firmware import firmware_files, virtual_files
from rouse.data.car_file import checked
from rouse.vm import run as vm

HERE = Path(__file__).parent
STATE_A, STATE_WAKE = 0, 8  # of the session
UNKNOWN_OPEN_MS, UNKNOWN_MINUS12_MS = 46000, 12000


def watch(length_s: int, **car: int | str) -> list[tuple[int, str, int, int]]:
    """(ms, what the car sees, is the contactor closed, session state) at each change, the car asleep from the start."""
    facts = checked({"name": "c", "source": "made up", "sleep_after_s": 600, "start_delay_ms": 2000, **car})
    files = {
        **virtual_files(),
        **firmware_files("reference"),
        "/job.json": json.dumps({"car": facts, "length_s": length_s}).encode(),
        "/wake_inside.py": (HERE / "wake_inside.py").read_bytes(),
    }
    lines: list[str] = []
    status = vm.run(files, "from wake_inside import step", lines.append, step="step", heap_bytes=1024 * 1024)
    assert status == 0 and lines[-1] == "done 0 0", lines[-3:]
    words = [line.split() for line in lines if line.startswith("saw ")]
    return [(int(word[1]), word[2], int(word[3]), int(word[4])) for word in words]


def lasted_ms(seen: list[tuple[int, str, int, int]], letter: str) -> list[int]:
    """How long each stretch of `letter` lasted."""
    spans, since_ms = [], None
    for ms, shown, _, _ in seen:
        if shown == letter and since_ms is None:
            since_ms = ms
        elif shown != letter and since_ms is not None:
            spans.append(ms - since_ms)
            since_ms = None
    return spans


def letters(seen: list[tuple[int, str, int, int]]) -> str:
    """What the car saw, each once in a row."""
    text = ""
    for _, shown, _, _ in seen:
        text += shown if not text.endswith(shown) else ""
    return text


def test_the_car_sees_no_charger_then_a_charger_then_charges() -> None:
    seen = watch(100, wakes_on="open", wake_pulse_ms=45000)
    assert letters(seen) == "BABC"
    (pulse_ms,) = lasted_ms(seen, "A")
    assert abs(pulse_ms - UNKNOWN_OPEN_MS) <= 40
    woken_ms = next(ms for ms, shown, _, _ in seen if shown == "C")
    assert all(not is_closed for ms, _, is_closed, _ in seen if ms < woken_ms)
    assert seen[-1][2] == 1, "it charges"
    assert STATE_A not in {state for _, _, _, state in seen[1:]}, "never taken for an unplug"


def test_a_car_that_an_open_pilot_does_not_wake_gets_minus_12_v() -> None:
    seen = watch(185, wakes_on="minus12", wake_pulse_ms=10000)
    assert letters(seen) == "BABFBC"
    (open_ms,), (low_ms,) = lasted_ms(seen, "A"), lasted_ms(seen, "F")
    assert abs(open_ms - UNKNOWN_OPEN_MS) <= 40 and abs(low_ms - UNKNOWN_MINUS12_MS) <= 40
    assert not any(is_closed for _, shown, is_closed, state in seen if shown in "AF" or state == STATE_WAKE)
    assert STATE_A not in {state for _, _, _, state in seen[1:]}
