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
def test_a_figure_is_refused_outside_its_range_and_accepted_at_its_ends_where_the_pilot_allows(key: str) -> None:
    lowest, highest = SAFETY_RANGES.get(key, boards.FIGURES[key])
    for value in (lowest - 1, highest + 1):
        refused(changed(**{key: value}), f"{key} must be a whole number {lowest}..{highest}", repr(value))
    if key not in ("pilot_offset_uv", "pilot_gain_ppm"):
        for value in (lowest, highest):
            assert boards.check(changed(**{key: value}))[key] == value


@pytest.mark.parametrize("key", sorted(boards.FIGURES))
@pytest.mark.parametrize("value", [True, 1.5, "16000"])
def test_a_figure_that_is_no_whole_number_is_refused(key: str, value: object) -> None:
    refused(changed(**{key: value}), f"{key} must be a whole number", repr(value))


@pytest.mark.parametrize("key", sorted(boards.FIGURES))
def test_only_a_cable_and_a_one_shot_may_be_none(key: str) -> None:
    if key in NONE_ALLOWED:
        assert boards.check(changed(**{key: None}))[key] is None
    else:
        refused(changed(**{key: None}), f"{key} must be a whole number", "None")


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


@pytest.mark.parametrize("pin", NEEDED_PINS)
def test_a_pin_that_no_board_can_do_without_cannot_be_none(pin: str) -> None:
    refused(changed(**{pin: None}), f"pin {pin!r} cannot be None")


@pytest.mark.parametrize("pin", ["pilot_open", "car_adc", "grid_adc", "contactor_readback", "fan"])
def test_a_pin_that_a_board_may_lack_can_be_none(pin: str) -> None:
    assert boards.check(changed(**{pin: None}))["pins"][pin] is None


@pytest.mark.parametrize("gpio", NOT_FREE)
@pytest.mark.parametrize("pin", ["contactor", "button", "pilot_adc"])
def test_flash_uart0_and_absent_gpios_are_never_free(pin: str, gpio: int) -> None:
    refused(changed(**{pin: gpio}), f"{pin}: {gpio} is not a free GPIO")


@pytest.mark.parametrize("gpio", [True, "26", 26.0])
def test_a_pin_that_is_no_whole_number_is_refused(gpio: object) -> None:
    refused(changed(contactor=gpio), f"contactor: {gpio!r} is not a free GPIO")


@pytest.mark.parametrize("pin", OUTPUTS)
@pytest.mark.parametrize("gpio", [0, 2, 5, 12, 15, *range(34, 40)])
def test_no_output_on_a_strapping_or_input_only_pin(pin: str, gpio: int) -> None:
    refused(changed(**{pin: gpio}), f"{pin}: GPIO{gpio} is input-only or a strapping pin")


@pytest.mark.parametrize("pin", ADC_PINS)
@pytest.mark.parametrize("gpio", [4, 14, 27])
def test_an_analog_input_off_adc1_is_refused(pin: str, gpio: int) -> None:
    refused(changed(**{pin: gpio}), f"{pin}: GPIO{gpio} is not on ADC1")


@pytest.mark.parametrize(
    ("pin", "other"), [("alive", "contactor"), ("residual_trip", "button"), ("car_adc", "grid_adc")]
)
def test_a_gpio_used_twice_is_refused(pin: str, other: str) -> None:
    gpio = REFERENCE["pins"][other]
    refused(changed(**{pin: gpio}), f"GPIO{gpio} is both", pin, other)


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
