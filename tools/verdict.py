"""`make verdict`: the charger's evidence as a report that a person can send to the maker of the car or of the charger.

Sets the charger's clock, fetches its figures through mpremote and writes them; the page is tools/report/evidence.py's.
"""

import argparse
import time
from pathlib import Path

from rouse import ROOT, ToolError
from rouse.flash import Board
from rouse.report import files
from rouse.report.evidence import Found, as_html, as_text

OUT = ROOT / "build" / "verdict.html"
FETCH_S = 60.0
ASK = "print(int('evse' in globals() and hasattr(evse, 'report')))"


def fetch(port: str) -> Found:
    """Everything the charger at `port` has to say, its clock set first. Raises ToolError."""
    board = Board(port)
    if board.ask(ASK) != 1:
        raise ToolError(f"{port} runs no charger with a verdict: flash this firmware, or let it start (make flash)")
    board.mpremote("resume", "rtc", "--set")
    time.sleep(2)  # the charger looks at its clock once a second
    said = board.mpremote("resume", "exec", "evse.verdict()").strip().splitlines()
    report = board.mpremote("resume", "exec", "evse.report()", limit_s=FETCH_S).strip().splitlines()
    try:
        return Found.of(report, said, int(time.time()))
    except (LookupError, TypeError, ValueError) as error:
        raise ToolError(f"{port}: no sense in its report, {error!r}: {' '.join(report)[:80]}") from None


def main(arguments: list[str]) -> int:
    """Make one report; exit status. Raises ToolError and OSError."""
    parser = argparse.ArgumentParser(prog="rouse verdict", description="Who was at fault, as a report to send.")
    parser.add_argument("--port", required=True, help="serial port, for example /dev/ttyUSB0 (make: PORT=)")
    parser.add_argument("--out", type=Path, default=OUT, help="the page's file, ending in .html (make: OUT=)")
    args = parser.parse_args(arguments)
    if args.out.suffix != ".html":
        parser.error(f"--out {args.out}: give a name that ends in .html; the plain text goes beside it as .txt")
    found = fetch(args.port)
    texts = {args.out: as_html(found), args.out.with_suffix(".txt"): as_text(found)}
    files.write(texts)
    print("\n".join(found.said))
    print("saved in " + " and ".join(map(str, texts)))
    return 0
