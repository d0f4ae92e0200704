"""The charger measures itself: what a read and an opcode take on this chip, and how quiet each analog input is.

Loaded at boot, and when asked for with the contactor open. Measures; what follows is for app/start.py to say.
"""

from time import ticks_us

from machine import ADC, Pin
from micropython import const

from evse.safety.limits import Hold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST_TICK_US = const(12500)  # past it the meter has too few steps a burst; up to it an opening is in time
READ_US = (20, 80)  # the range in which everything was tested
THOUSAND_US = (800, 2200)

MOST_NOISE = const(12)  # counts; the virtual chip's ADC has 4 to 8
_WHEEL = const(0x3FFFFFFF)
_TRIALS = const(8)
_READS = const(16)
_TURNS = const(24)
_OPCODES_A_TURN = const(40)
_SAMPLES = const(64)


def measure(pin: int) -> "tuple[int, int]":
    """What an ADC read of `pin` and a thousand opcodes take, in us; 50 ms."""
    reads_us = _least_us(_read, ADC(Pin(pin), atten=ADC.ATTN_11DB), _READS)
    turns_us = _least_us(_turn, Hold(0), _TURNS)
    return reads_us // _READS, turns_us * 1000 // (_TURNS * _OPCODES_A_TURN)


def _least_us(spend: "Callable[..., int]", thing: object, count: int) -> int:
    """What `count` of it take, looking at the clock not counted; a tick may come in between, so the shortest counts."""
    most_us = min([spend(thing, count) for _ in range(_TRIALS)])
    return most_us - min([spend(thing, 0) for _ in range(_TRIALS)])


def _read(adc: ADC, count: int) -> int:
    read = adc.read_uv
    began_us = ticks_us()
    for _ in range(count):
        read()
    return (ticks_us() - began_us) & _WHEEL  # type: ignore[operator,no-any-return]  # a tick is a plain int


def _turn(hold: Hold, count: int) -> int:
    """So many turns of calls, attributes and comparisons, as a tick has them."""
    began_us = ticks_us()
    for _ in range(count):
        hold.lasts(False, 0)
        hold.lasts(False, 0)
        ticks_us()
    return (ticks_us() - began_us) & _WHEEL  # type: ignore[operator,no-any-return]  # as above


def tick_us(chip_us: "tuple[int, int]") -> int:
    """What a tick without a burst takes on such a chip: 60 reads of the pilot and 2,800 opcodes."""
    read_us, thousand_us = chip_us
    return 60 * read_us + thousand_us * 28 // 10


def chip(chip_us: "tuple[int, int]") -> str:
    """The chip in words."""
    return "an ADC read takes %d us, a thousand opcodes %d us" % chip_us


def remarks(chip_us: "tuple[int, int]", pins: "dict[str, int | None]") -> "list[str]":
    """What is to be said of a chip or an input outside the range."""
    read_us, thousand_us = chip_us
    found = []
    if not (READ_US[0] <= read_us <= READ_US[1] and THOUSAND_US[0] <= thousand_us <= THOUSAND_US[1]):
        found.append("%s; tested with %d..%d and %d..%d us: look at the busy share on the card" % (
            (chip(chip_us),) + READ_US + THOUSAND_US  # noqa: RUF005  no starred items in this Python
        ))  # fmt: skip
    for name, pin in _inputs(pins):
        noise = _noise(_sampled(pin))
        if noise > MOST_NOISE:
            found.append("%s: noise of %d counts, tested up to %d; its readings scatter" % (name, noise, MOST_NOISE))
    return found


def told(pins: "dict[str, int | None]") -> "Iterator[str]":
    """The chip, then each analog input: mean, noise and both ends of 64 reads, in counts of 4095."""
    yield chip(measure(pins["pilot_adc"] or 0))
    yield "input              mean  noise  lowest  highest"
    for name, pin in _inputs(pins):
        counts = _sampled(pin)
        mean = sum(counts) // _SAMPLES
        yield "%-16s %6d %6d %7d %8d" % (name, mean, _noise(counts), min(counts), max(counts))


def _inputs(pins: "dict[str, int | None]") -> "list[tuple[str, int]]":
    return sorted([(name, pin) for name, pin in pins.items() if name.endswith("_adc") and pin is not None])


def _sampled(pin: int) -> "list[int]":
    read = ADC(Pin(pin), atten=ADC.ATTN_11DB).read_u16
    return [read() >> 4 for _ in range(_SAMPLES)]


def _noise(counts: "list[int]") -> int:
    """Standard deviation, by how far a read lies from the line through its neighbours: neither a mains wave nor the
    edges of an opto are noise."""
    bends = sorted([abs(counts[at - 1] - 2 * counts[at] + counts[at + 1]) for at in range(1, _SAMPLES - 1)])
    return bends[len(bends) // 2] * 100 // 165  # the median bend of normal noise is 1.65 of its deviations
