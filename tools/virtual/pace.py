"""How long a chip takes for what it does: one `Pace` a world, from the fastest chip that may be to the slowest.

Whole numbers only, because it runs in the VM too. Knows costs; does not know who has to wait.
Measured on an ESP32_GENERIC v1.28.0 image in an emulator, where an instruction is taken for 16 ns; a chip's takes 9 to
20. The conversion of an ADC read nobody has measured: its code alone takes 13 to 29 us.
"""

# Every tick is charged as many as the longest of a quiet charge (`make budget`: 2,772; they have 2,120 and more), all
# before its first output: it comes later than on a chip. Where something happens they are up to 3,900, most of them
# after the contactor has opened.
TICK_OPCODES = 2800
SHORT_OPCODES = 400  # of a callback that reads no input: one that comes for a tick already made, and housekeeping
LOOK_OPCODES = 40  # between two looks at the clock, by a program that does nothing else that takes time here
LOOP_OPCODES = 125  # of the meter's loop, for three reads

READ_US = (20, 80)
OPCODE_NS = (800, 2200)
LOOP_NS = (300, 2200)
_DEFAULT_NS = 1800  # an opcode where the times below were measured
_IMPORT_MS = 24  # a module of 0.9 KB took 25-30 ms, five of 8.5 KB together 93-110
_IMPORT_US_PER_KB = 2000
_COLLECT_US_PER_KB = 160
_COMPILE_US = 1000
_COMMIT_MS = 100  # a littlefs commit: 80 ms and more (esp_littlefs #179)
_WRITE_MS_PER_KB = 30  # a 4 KB sector erase and write: 100..500 ms in all
_CHAR_US = 87  # 115,200 baud


class Pace:
    """The costs of one chip, from three: an ADC read, an opcode, and an opcode of the meter's loop.

    The loop's may be cheaper: it is arithmetic on locals, 31 instructions an opcode where a tick has about 100.
    """

    def __init__(self, read_us: int, opcode_ns: int, loop_ns: int) -> None:
        self.read_us = read_us
        self.opcode_ns = opcode_ns
        self.loop_read_us = LOOP_OPCODES * loop_ns // 3000  # what the meter's loop adds to each read

    def opcodes_us(self, count: int) -> int:
        """So many opcodes."""
        return count * self.opcode_ns // 1000

    def import_ms(self, byte_count: int) -> int:
        """A module of `byte_count` bytes, from flash."""
        return self._scaled(_IMPORT_MS) + self._scaled(_IMPORT_US_PER_KB) * byte_count // 1024000

    def collect_ms(self, heap_kb: int) -> int:
        """A collection with `heap_kb` in use."""
        return self._scaled(_COLLECT_US_PER_KB) * heap_kb // 1000

    def compile_us(self, lines: int) -> int:
        """Lines typed at the REPL, before they run."""
        return self._scaled(_COMPILE_US) * lines

    def write_ms(self, byte_count: int) -> int:
        """Bytes to flash; the flash does not care how fast the chip is."""
        return _WRITE_MS_PER_KB * byte_count // 1024

    def commit_ms(self, byte_count: int) -> int:
        """A file's last bytes to flash, and its commit."""
        return _COMMIT_MS + self.write_ms(byte_count)

    def chars_us(self, count: int) -> int:
        """Characters through the UART, nor does it."""
        return count * _CHAR_US

    def chars_sent(self, span_us: int) -> int:
        """Characters that go out meanwhile."""
        return span_us // _CHAR_US

    def _scaled(self, cost: int) -> int:
        return cost * self.opcode_ns // _DEFAULT_NS


# `fast` has the meter's loop as it was measured, 3,900 instructions a step beside its reads, at 9 ns; the others have
# it dearer than it can be, for a slow burst is a noisy one.
CORNERS = {"fast": (20, 800, 300), "default": (58, 1800, 1800), "slow": (80, 2200, 2200)}


def parse(text: str) -> Pace:
    """The pace of a corner's name, or of `58us`, `40us,1.3` or `40us,1.3,0.6`; raises ValueError in one line."""
    if text in CORNERS:
        return Pace(*CORNERS[text])
    read, *opcodes = text.split(",")
    if not read.endswith("us") or len(opcodes) > 2:
        raise _no_chip(text)
    try:
        read_us = int(read[:-2])
        costs_ns = [int(float(each) * 1000 + 0.5) for each in opcodes]
    except (ValueError, OverflowError):
        raise _no_chip(text) from None
    opcode_ns = costs_ns[0] if costs_ns else _DEFAULT_NS
    loop_ns = costs_ns[1] if len(costs_ns) > 1 else opcode_ns
    if not (_fits(read_us, READ_US) and _fits(opcode_ns, OPCODE_NS) and _fits(loop_ns, LOOP_NS)):
        raise _no_chip(text)
    return Pace(read_us, opcode_ns, loop_ns)


def _fits(cost: int, limits: "tuple[int, int]") -> bool:
    return limits[0] <= cost <= limits[1]


def _no_chip(text: str) -> ValueError:
    return ValueError(
        "no chip %r: fast, slow, default, or us an ADC read (20us to 80us), an opcode (0.8 to 2.2) "
        "and one of the meter's loop (0.3 to 2.2), such as 58us or 40us,1.3" % text
    )
