"""Day files: what the sun gave and the house used, as a file and as one value a second.

Knows `seconds,solar_w,house_w` and nothing of chargers, cars or the virtual board.
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from rouse import ROOT, ToolError

DAYS = ROOT / "tools" / "data" / "days"  # those that are shipped
HEADER = "seconds,solar_w,house_w"
LONGEST_S = 2 * 86_400
MOST_W = 100_000  # a household connection ends far below; more is a unit mistake
MEANS_FROM_S = 600  # rows this far apart are means (15-minute meters) and are joined by lines


class DayError(ToolError):
    """A day file that cannot be used; the message is one line with file, row and remedy."""


@dataclass(frozen=True)
class Day:
    """One value a second; index 0 is `start_s` of the recording."""

    name: str
    start_s: int
    solar_w: list[int]
    house_w: list[int]
    generated: bool = False

    def __len__(self) -> int:
        return len(self.solar_w)

    @property
    def span(self) -> str:
        """Time of day from and to."""
        return f"{clock(self.start_s)} to {clock(self.start_s + len(self))}"

    def surplus_w(self) -> list[int]:
        """Solar minus house for every second, in W; negative when the house needs more than the sun gives."""
        return [sun - house for sun, house in zip(self.solar_w, self.house_w, strict=True)]

    def cut(self, first: int, length_s: int) -> "Day":
        """The `length_s` seconds from index `first`."""
        last = first + length_s
        return replace(
            self, start_s=self.start_s + first, solar_w=self.solar_w[first:last], house_w=self.house_w[first:last]
        )


@dataclass(frozen=True)
class _Row:
    at_s: int
    solar_w: int
    house_w: int


def read_day(path: Path) -> Day:
    """The day in `path`, one value a second; raises DayError for anything that is not a usable day file."""
    rows = _rows(path, _lines(path))
    step_s = round(median(b.at_s - a.at_s for a, b in zip(rows, rows[1:], strict=False)))
    spread = _joined if step_s >= MEANS_FROM_S else _held
    pairs = spread(rows, step_s)
    return Day(path.name, rows[0].at_s, [sun for sun, _ in pairs], [house for _, house in pairs])


def read_days(folder: Path) -> list[Day]:
    """Every day file of `folder`; raises DayError, for none as well."""
    days = [read_day(path) for path in sorted(folder.glob("*.csv"))]
    if not days:
        raise DayError(f"day folder {folder}: no day files (*.csv) in there")
    return days


def clock(seconds: int) -> str:
    """`seconds` as h:mm:ss."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as err:
        why = err.strerror if isinstance(err, OSError) else "not a text file"
        raise DayError(f"day file {path}: {why}; give a readable file of {HEADER}, as UTF-8 text") from err


def _rows(path: Path, lines: list[str]) -> list[_Row]:
    if not lines or lines[0].replace(" ", "") != HEADER:
        raise DayError(f"day file {path}, line 1: the header must be {HEADER}")
    rows: list[_Row] = []
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        try:
            row = _row(line)
            if rows and row.at_s <= rows[-1].at_s:
                raise ValueError(f"seconds is {row.at_s} after {rows[-1].at_s}; sort the rows by time, one a time")
        except ValueError as err:
            raise DayError(f"day file {path}, line {number}: {err}") from err
        rows.append(row)
    if len(rows) < 2:
        raise DayError(f"day file {path}: {len(rows)} rows; a day needs two or more")
    return rows


def _row(line: str) -> _Row:
    fields = [field.strip() for field in line.split(",")]
    if len(fields) != 3:
        raise ValueError(f"{len(fields)} fields; a row is {HEADER} (house_w may be empty)")
    at_s = _number("seconds", fields[0], LONGEST_S)
    solar_w = _number("solar_w", fields[1], MOST_W)
    house_w = _number("house_w", fields[2], MOST_W) if fields[2] else 0
    return _Row(at_s, solar_w, house_w)


def _number(name: str, text: str, highest: int) -> int:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{name} is {text[:20]!r}; write a number")
    if not 0 <= value <= highest:
        raise ValueError(f"{name} is {text[:20]}; it must be 0 to {highest}")
    return round(value)


def _held(rows: list[_Row], step_s: int) -> list[tuple[int, int]]:
    """Each row holds until the next; the last one for the usual step."""
    ends_s = [row.at_s for row in rows[1:]] + [rows[-1].at_s + step_s]
    pairs: list[tuple[int, int]] = []
    for row, end_s in zip(rows, ends_s, strict=True):
        pairs += [(row.solar_w, row.house_w)] * (end_s - row.at_s)
    return pairs


def _joined(rows: list[_Row], _step_s: int) -> list[tuple[int, int]]:
    """Rows joined by straight lines; ends with the last row."""
    pairs: list[tuple[int, int]] = []
    for a, b in zip(rows, rows[1:], strict=False):
        span_s = b.at_s - a.at_s
        for offset in range(span_s):
            solar_w = a.solar_w + (b.solar_w - a.solar_w) * offset // span_s
            house_w = a.house_w + (b.house_w - a.house_w) * offset // span_s
            pairs.append((solar_w, house_w))
    return [*pairs, (rows[-1].solar_w, rows[-1].house_w)]
