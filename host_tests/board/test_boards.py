"""What a board file may not say: one change to the reference board, and the line that refuses it.

Ranges that only keep figures sane are read from boards.FIGURES; those that safety rests on stand here as numbers.
"""

import copy
import runpy
from pathlib import Path
from typing import Any

import pytest

from evse.app import boards

ROOT = Path(__file__).resolve().parents[2]
REFERENCE: dict[str, Any] = runpy.run_path(str(ROOT / "boards" / "reference" / "board.py"))["BOARD"]
# From IEC 61851-1 (6 A), the one-shot behind limits.GAP_MS, the ESP32's pin table and its ADC at 11 dB.
SAFETY_RANGES = {
    "max_ma": (6000, 63000),
    "fuse_ma": (6000, 100000),
    "phases": (1, 3),
    "one_shot_ms": (65, 70),
    "meter_bias_mv": (1000, 1600),
}
NONE_ALLOWED = {"cable_ma", "one_shot_ms"}
ADC_PINS = ("pilot_adc", "grid_adc", "phase_adc", "car_adc", "proximity_adc", "temperature_adc")
OUTPUTS = ("pilot_pwm", "pilot_open", "contactor", "alive", "residual_test", "status_led", "fan")
NEEDED_PINS = ("pilot_pwm", "pilot_adc", "contactor", "alive", "residual_trip", "residual_test", "button")
NOT_FREE = (*range(6, 12), 1, 3, 20, 24, 28, 29, 30, 31, -1, 40)


def changed(**changes: Any) -> dict[str, Any]:
    """The reference board with some values changed; a change named like a pin changes the pin."""
    board = copy.deepcopy(REFERENCE)
    for key, value in changes.items():
        place = board["pins"] if key in board["pins"] else board
        place[key] = value
    return board


def refused(board: dict[str, Any], *words: str) -> None:
    with pytest.raises(boards.BoardError) as caught:
        boards.check(board)
    text = str(caught.value)
    assert text.startswith("board: ") and "\n" not in text
    for word in words:
        assert word in text, text


def test_every_shipped_board_is_accepted_as_it_is() -> None:
    for path in sorted((ROOT / "boards").glob("*/board.py")):
        board = runpy.run_path(str(path))["BOARD"]
        assert boards.check(board) is board
        assert board["name"] == path.parent.name


@pytest.mark.parametrize("key", sorted({"name", "mcu", "pins", *boards.FIGURES}))
def test_a_missing_key_is_refused_by_its_name(key: str) -> None:
    board = changed()
    del board[key]
    refused(board, repr(key), "missing")


@pytest.mark.parametrize("key", sorted(boards.FIGURES))
def test_a_figure_is_a_whole_number_in_its_range_or_none_for_a_cable_and_a_one_shot(key: str) -> None:
    lowest, highest = SAFETY_RANGES.get(key, boards.FIGURES[key])
    for value in (lowest - 1, highest + 1, True, 1.5, "16000", *([] if key in NONE_ALLOWED else [None])):
        refused(changed(**{key: value}), f"{key} must be a whole number {lowest}..{highest}", repr(value))
    # The ends that the pilot allows, which has a test of its own.
    ends = [] if key in ("pilot_offset_uv", "pilot_gain_ppm") else [lowest, highest]
    for value in (*ends, *([None] if key in NONE_ALLOWED else [])):
        assert boards.check(changed(**{key: value}))[key] == value


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"max_amps": 32}, ("unknown key 'max_amps'",)),
        ({"mcu": "esp32s3"}, ("'esp32s3'", "only 'esp32'")),
        ({"cable_ma": None, "proximity_adc": None}, ("cable_ma is None", "proximity_adc")),
        ({"phase_adc": None}, ("reference 'transformer'", "phase_adc")),
        ({"reference": None}, ("reference None", "phase_adc")),
        ({"reference": "sun"}, ("'sun'", "'transformer', 'opto', 'inverter' or None")),
        ({"pins": None}, ("pins", "dict")),
        ({"pins": [26, 32]}, ("pins", "dict")),
    ],
)
def test_what_does_not_fit_together_is_refused(change: dict[str, Any], words: tuple[str, ...]) -> None:
    refused(changed(**change), *words)


def test_a_tethered_board_without_a_meter_is_accepted() -> None:
    board = changed(cable_ma=16000, proximity_adc=None, grid_adc=None, phase_adc=None, car_adc=None, reference=None)
    assert boards.check(board) is board


def test_a_pin_nobody_knows_is_refused() -> None:
    board = changed()
    board["pins"]["relay"] = 22
    refused(board, "unknown pin 'relay'")


@pytest.mark.parametrize("pin", sorted(REFERENCE["pins"]))
def test_a_missing_pin_is_refused(pin: str) -> None:
    board = changed()
    del board["pins"][pin]
    refused(board, f"pin {pin!r} is missing")


@pytest.mark.parametrize("pin", ["pilot_open", "car_adc", "grid_adc", "contactor_readback", "fan"])
def test_a_pin_that_a_board_may_lack_can_be_none(pin: str) -> None:
    assert boards.check(changed(**{pin: None}))["pins"][pin] is None


REFUSED_PINS: list[tuple[str, object, tuple[str, ...]]] = [
    *((pin, None, (f"pin {pin!r} cannot be None",)) for pin in NEEDED_PINS),
    *(
        (pin, gpio, (f"{pin}: {gpio!r} is not a free GPIO",))
        for pin in ("contactor", "button", "pilot_adc")
        for gpio in (*NOT_FREE, True, "26", 26.0)
    ),
    *(
        (pin, gpio, (f"{pin}: GPIO{gpio} is input-only or a strapping pin",))
        for pin in OUTPUTS
        for gpio in (0, 2, 5, 12, 15, *range(34, 40))
    ),
    *((pin, gpio, (f"{pin}: GPIO{gpio} is not on ADC1",)) for pin in ADC_PINS for gpio in (4, 14, 27)),
    *(
        (pin, REFERENCE["pins"][other], (f"GPIO{REFERENCE['pins'][other]} is both", pin, other))
        for pin, other in (("alive", "contactor"), ("residual_trip", "button"), ("car_adc", "grid_adc"))
    ),
]


@pytest.mark.parametrize(("pin", "gpio", "words"), REFUSED_PINS)
def test_a_gpio_that_cannot_serve_a_pin_or_is_taken_is_refused(pin: str, gpio: object, words: tuple[str, ...]) -> None:
    refused(changed(**{pin: gpio}), *words)


# 1350 mV is the middle of 250..2450 mV, and at 87310 ppm 12.6 V are 1100 mV: both ends just fit.
@pytest.mark.parametrize(
    ("offset_uv", "gain_ppm", "lands"),
    [
        (1_350_000, 87_310, None),
        (1_349_000, 87_310, "249..2449"),
        (1_351_000, 87_310, "251..2451"),
        (1_350_000, 87_390, "249..2451"),
        (1_349_000, 87_230, None),
        (1_351_000, 87_230, None),
    ],
)
def test_the_pilot_must_land_where_the_adc_reads_straight(offset_uv: int, gain_ppm: int, lands: str | None) -> None:
    board = changed(pilot_offset_uv=offset_uv, pilot_gain_ppm=gain_ppm)
    if lands is None:
        assert boards.check(board) is board
    else:
        refused(board, f"+-12.6 V lands at {lands} mV", "250..2450")
