"""What a board file may say, the check that it says it, and the meter's scales that follow from it.

Needed by the boot alone, and let go after it. Knows keys, ranges and pins of the ESP32; does not know any one board.
"""

from micropython import const

from evse.meter.metering import REFERENCES, Metering
from evse.safety.limits import MAX_BOARD_MA, MAX_FUSE_MA, MIN_OFFER_MA

# Numbers: lowest, highest. cable_ma may be None (a socket), one_shot_ms too (no one-shot: only software opens).
FIGURES = {
    "max_ma": (MIN_OFFER_MA, MAX_BOARD_MA),
    "fuse_ma": (MIN_OFFER_MA, MAX_FUSE_MA),
    "nominal_v": (100, 260),
    "grid_gain_ppm": (-2000000, 2000000),  # negative: the clamp is on backwards; half to twice
    "car_gain_ppm": (-2000000, 2000000),
    "phases": (1, 3),  # 3: all alike; with one grid clamp the modes that follow the sun are refused
    "one_shot_ms": (65, 70),  # its shortest time must be past limits.GAP_MS
    "pilot_offset_uv": (500000, 2000000),
    "pilot_gain_ppm": (20000, 200000),
    "cable_ma": (0, MAX_BOARD_MA),
    "proximity_pullup_ohm": (100, 10000),
    "proximity_supply_mv": (2500, 5200),
    "temperature_offset_mv": (0, 2000),
    "temperature_uv_per_cdeg": (10, 1000),
    "meter_bias_mv": (1000, 1600),
    "ct_turns": (100, 10000),
    "ct_burden_mohm": (1000, 200000),
    "phase_uv_per_v": (100, 10000),
}
TEXTS = ("name", "mcu", "pins", "reference")
# Pins: (ADC1 or any, may be None). Outputs must not be strapping pins.
ADC_PINS = ("pilot_adc", "grid_adc", "phase_adc", "car_adc", "proximity_adc", "temperature_adc")
INPUT_PINS = ("contactor_readback", "residual_trip", "button")
OUTPUT_PINS = ("pilot_pwm", "pilot_open", "contactor", "alive", "residual_test", "status_led", "fan")
OPTIONAL_PINS = ("pilot_open", "grid_adc", "phase_adc", "car_adc", "proximity_adc", "contactor_readback", "fan")
ADC1 = range(32, 40)
STRAPPING = (0, 2, 5, 12, 15)
FLASH = range(6, 12)
ABSENT = (20, 24, 28, 29, 30, 31)
UART0 = (1, 3)
TAKEN = tuple(FLASH) + ABSENT + UART0
INPUT_ONLY = range(34, 40)
# The pilot at -12.6 V and +12.6 V must stay inside what the ADC reads straight at 11 dB.
LOWEST_MV = 250
LEAST_GAIN_PPM = 500000
HIGHEST_MV = 2450

_ADC_FLOOR_UV = const(142000)  # 11 dB line fit of the ESP32's ADC (ESP-IDF): 0.806 mV a count above 142 mV
_ADC_UV_PER_COUNT = const(806)
_STRAIGHT_COUNTS = const(2876)  # above 2880 the curve bends (ESP-IDF)
_LOWEST_COUNTS = const(4)


class BoardError(Exception):
    """A board file that must not be used; the message names the key and what is wrong."""


def check(board: dict) -> dict:  # type: ignore[type-arg]  # Any is typing's, not the chip's
    """Return `board` if it can be built; raises BoardError with one line otherwise."""
    for key in board:
        if key not in FIGURES and key not in TEXTS:
            raise BoardError("board: unknown key %r" % key)
    for key in TEXTS:
        if key not in board:
            raise BoardError("board: key %r is missing" % key)
    if board["mcu"] != "esp32":
        raise BoardError("board: mcu %r is not supported, only 'esp32'" % board["mcu"])
    _check_pins(board["pins"])
    _check_reference(board)
    for key in FIGURES:
        _check_figure(board, key)
    _check_front_end(board)
    return board


def _check_figure(board: dict, key: str) -> None:  # type: ignore[type-arg]  # Any is typing's, not the chip's
    if key not in board:
        raise BoardError("board: key %r is missing" % key)
    value = board[key]
    if key == "cable_ma" and value is None:
        if board["pins"].get("proximity_adc") is None:
            raise BoardError("board: cable_ma is None (a socket), so pins.proximity_adc must be given")
        return
    lowest, highest = FIGURES[key]
    if key == "one_shot_ms" and value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
        raise BoardError("board: %s must be a whole number %d..%d, not %r" % (key, lowest, highest, value))
    if key == "phases" and value == 2:
        raise BoardError("board: phases must be 1 or 3, not 2")
    if key in ("grid_gain_ppm", "car_gain_ppm") and abs(value) < LEAST_GAIN_PPM:
        raise BoardError("board: %s must be %d..2000000, or negative, not %d" % (key, LEAST_GAIN_PPM, value))


def _check_pins(pins: dict) -> None:  # type: ignore[type-arg]  # Any is typing's, not the chip's
    if not isinstance(pins, dict):
        raise BoardError("board: pins must be a dict of GPIO numbers, not %r" % pins)
    used = {}  # type: dict[int, str]
    for key in pins:
        if key not in ADC_PINS and key not in INPUT_PINS and key not in OUTPUT_PINS:
            raise BoardError("board: unknown pin %r" % key)
    for key in ADC_PINS + INPUT_PINS + OUTPUT_PINS:
        if key not in pins:
            raise BoardError("board: pin %r is missing (None where the board has none)" % key)
        pin = pins[key]
        if pin is None:
            if key not in OPTIONAL_PINS:
                raise BoardError("board: pin %r cannot be None" % key)
            continue
        _check_pin(key, pin)
        if pin in used:
            raise BoardError("board: GPIO%d is both %s and %s" % (pin, used[pin], key))
        used[pin] = key


def _check_reference(board: dict) -> None:  # type: ignore[type-arg]  # Any is typing's, not the chip's
    reference = board["reference"]
    if reference not in REFERENCES:
        raise BoardError("board: reference must be 'transformer', 'opto', 'inverter' or None, not %r" % reference)
    if (reference is None) != (board["pins"]["phase_adc"] is None):
        raise BoardError("board: reference %r and pins.phase_adc must be given together, or be None both" % reference)


def _check_pin(key: str, pin: object) -> None:
    if not isinstance(pin, int) or isinstance(pin, bool) or not 0 <= pin <= 39 or pin in TAKEN:
        raise BoardError("board: %s: %r is not a free GPIO of the ESP32" % (key, pin))
    if key in ADC_PINS and pin not in ADC1:
        raise BoardError("board: %s: GPIO%d is not on ADC1 (32..39)" % (key, pin))
    if key in OUTPUT_PINS and (pin in INPUT_ONLY or pin in STRAPPING):
        raise BoardError("board: %s: GPIO%d is input-only or a strapping pin, no output" % (key, pin))


def _check_front_end(board: dict) -> None:  # type: ignore[type-arg]  # Any is typing's, not the chip's
    swing_mv = 12600 * (board["pilot_gain_ppm"] // 10) // 100000
    offset_mv = board["pilot_offset_uv"] // 1000
    if offset_mv - swing_mv < LOWEST_MV or offset_mv + swing_mv > HIGHEST_MV:
        raise BoardError(
            "board: the pilot's +-12.6 V lands at %d..%d mV on the ADC; it must be %d..%d"
            % (offset_mv - swing_mv, offset_mv + swing_mv, LOWEST_MV, HIGHEST_MV)
        )


def burst_figures(board: dict) -> "tuple[list[int], int, int]":  # type: ignore[type-arg]  # as above
    """Of a checked board with a grid clamp: its channels, the raw count at their bias, and the room around it."""
    pins = board["pins"]
    grid = pins["grid_adc"]
    channels = [grid if pins[name] is None else pins[name] for name in ("grid_adc", "car_adc", "phase_adc")]
    bias_mv = board["meter_bias_mv"]
    return channels, middle_counts(bias_mv), room_counts(bias_mv)


def metering(board: dict) -> Metering:  # type: ignore[type-arg]  # as above
    """The meter's mind of a checked board with a grid clamp."""
    turns, burden_mohm, uv_per_v = board["ct_turns"], board["ct_burden_mohm"], board["phase_uv_per_v"]
    return Metering(
        REFERENCES.index(board["reference"]),
        board["pins"]["car_adc"] is not None,
        least_reference(uv_per_v),
        (ua_per_count(turns, burden_mohm), scale_uw(uv_per_v, turns, burden_mohm), board["nominal_v"]),
        board["grid_gain_ppm"],
        board["car_gain_ppm"],
    )


def ua_per_count(ct_turns: int, ct_burden_mohm: int) -> int:
    """Current in the wire for one count of a clamp."""
    return _ADC_UV_PER_COUNT * ct_turns // ct_burden_mohm * 1000 + (
        _ADC_UV_PER_COUNT * ct_turns % ct_burden_mohm * 1000 // ct_burden_mohm
    )


def scale_uw(phase_uv_per_v: int, ct_turns: int, ct_burden_mohm: int) -> int:
    """Microwatts for one count of voltage times one count of current.

    phase_uv_per_v: phase reference at the pin, uV per V of mains; burden in milliohm.
    """
    mains_10uv = _ADC_UV_PER_COUNT * 100000 // phase_uv_per_v
    primary_10ua = _ADC_UV_PER_COUNT * ct_turns * 100 // ct_burden_mohm
    return mains_10uv * primary_10ua // 10000


def middle_counts(bias_mv: int) -> int:
    """The raw count at a channel's bias."""
    return (bias_mv * 1000 - _ADC_FLOOR_UV) // _ADC_UV_PER_COUNT


def room_counts(bias_mv: int) -> int:
    """How many counts from the bias the ADC still reads straight, on the nearer side."""
    middle = middle_counts(bias_mv)
    return min(middle - _LOWEST_COUNTS, _STRAIGHT_COUNTS - middle)


def least_reference(phase_uv_per_v: int) -> int:
    """The least peak, in counts, of a living transformer: that of 100 V rms."""
    return phase_uv_per_v * 100 // _ADC_UV_PER_COUNT * 181 // 128
