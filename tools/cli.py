"""The command `rouse`: picks what to run by its name; each tool reads the rest of the command line itself.

Says what went wrong in one line; knows nothing of what is run, which is imported only when asked for.
"""

import argparse
import importlib
import sys
from collections.abc import Callable

from rouse import ToolError

COMMANDS = {  # the module with its main(arguments) -> exit status, and what it is for
    "sim": ("rouse.sim", "the whole firmware on the MicroPython VM, through broken cloud"),
    "day": ("rouse.day", "a full recorded day through the core alone"),
    "board": ("rouse.board", "the virtual board in real time, for mpremote"),
    "cosim": ("rouse.cosim", "the core against any simulator, a line in and a line out a second"),
    "flash": ("rouse.flash", "the firmware onto a board"),
    "verdict": ("rouse.verdict", "who was at fault, as a page to send"),
    "bench-meter": ("rouse.bench.meter.bench", "how true the meter is"),
    "bench-wake": ("rouse.bench.wake.bench", "every car of the zoo, by every way to wake it"),
    "bench-solar": ("rouse.bench.solar.bench", "Rouse and its peers' rules, day by day"),
    "vm-test": ("rouse.check.vm_tests", "the core tests inside the MicroPython VM"),
    "layers": ("rouse.check.layers", "who imports whom, and how long files and functions are"),
    "budget": ("rouse.check.budget", "heap, opcodes and allocations against their limits"),
    "mutate": ("rouse.check.mutate", "small faults in the safety code, each to be noticed by a test"),
}


def guarded(name: str, run: Callable[[], int]) -> int:
    """Exit status of `run`; one line on stderr when it cannot be done, and its own status, or 1; 130 after Ctrl-C."""
    try:
        return run()
    except (ToolError, OSError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return getattr(error, "status", 1)
    except KeyboardInterrupt:
        print(f"\n{name}: stopped", file=sys.stderr)
        return 130


def main(arguments: list[str] | None = None) -> int:
    """Run the tool that the command line names; its exit status."""
    tools = "\n".join(f"  {name:12} {purpose}" for name, (_, purpose) in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="rouse", usage="rouse TOOL [options]", epilog=f"tools; `rouse TOOL --help` says more:\n{tools}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("tool", choices=COMMANDS, metavar="TOOL", help="one of the tools below")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    module, _ = COMMANDS[options.tool]
    return guarded(options.tool, lambda: importlib.import_module(module).main(options.arguments))


if __name__ == "__main__":
    sys.exit(main())
