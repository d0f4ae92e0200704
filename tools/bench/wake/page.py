"""The HTML page of the waking bench: a table of cars by ladders, one cell a run, in one self-contained file.

Knows rows and words; nothing of how rows come about.
"""

from html import escape

from rouse.bench.wake.verdict import OURS, Row, ladders, own_waits_s
from rouse.data.car_file import Car

STYLE = """
body { font: 14px/1.45 system-ui, sans-serif; color: #1f2937; margin: 2rem; }
table { border-collapse: collapse; margin-bottom: 2rem; }
th { text-align: left; font-weight: 600; vertical-align: bottom; }
th, td { padding: 0.15rem 0.6rem; border-bottom: 1px solid #e5e7eb; white-space: nowrap;
         font-variant-numeric: tabular-nums; }
td.good { background: #dcfce7; } td.late { background: #fef9c3; } td.bad { background: #fecaca; font-weight: 600; }
td.off { background: #f3f4f6; color: #4b5563; } small { color: #6b7280; } pre { font-size: 12px; }
"""
SCENES = {
    "cloud": "a cloud of 20 minutes",
    "dawn": "plugged in 3 hours before the sun",
    "clouds": "ten clouds in an afternoon",
}
WORDS = (
    "<p>A cell: seconds from the sun's return until current flows (the longest of the scene), and the interruptions "
    'that the car counted. <span style="background:#dcfce7">in time</span>, <span style="background:#fef9c3">after 5 '
    'minutes</span>, <span style="background:#f3f4f6">never again in some stretch of sun</span>, '
    '<span style="background:#fecaca">locked out until replugged</span>. Others follow the sun in their one way, which '
    "both modes compare with.</p>"
)


def page(cars: dict[str, Car], rows: list[Row], lines: list[str]) -> str:
    """One HTML document about `rows`; `lines` of the verdict stand first."""
    columns = [(OURS, False), (OURS, True)] + [(name, False) for name in ladders(rows) if name != OURS]
    by_key = {(row["car"], row["ladder"], row["scene"], row["mode"], row["known"]): row for row in rows}
    parts = []
    for scene, words in SCENES.items():
        for mode in ("eco", "solar"):
            head = "".join(f"<th>{name}{' (known)' if known else ''}</th>" for name, known in columns)
            body = "".join(
                f"<tr><td>{escape(stem)} <small>{escape(str(car['name']))}, {own_waits_s(car)} s its own</small></td>"
                + "".join(_cell(by_key[stem, name, scene, mode, known]) for name, known in columns)
                + "</tr>\n"
                for stem, car in cars.items()
            )
            parts.append(f"<h2>{mode}: {words}</h2>\n<table><tr><th>car</th>{head}</tr>\n{body}</table>\n")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Rouse: waking cars</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>Waking cars that sulk</h1>\n{WORDS}\n"
        f"<pre>{escape(chr(10).join(lines))}</pre>\n{''.join(parts)}</body>\n</html>\n"
    )


def _cell(row: Row) -> str:
    seconds, count = row["seconds_to_charge"], row["interruptions"]
    if row["locked_out"]:
        return f'<td class="bad">locked ({count})</td>'
    if not isinstance(seconds, int):
        return f'<td class="off">- ({count})</td>'
    return f'<td class="{"good" if seconds <= 300 else "late"}">{seconds} s ({count})</td>'
