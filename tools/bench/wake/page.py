"""The page of the waking bench: a table of cars by ladders for each scene and mode, one cell a run.

Knows rows and words; nothing of how rows come about.
"""

from rouse.bench.wake.verdict import OURS, Row, ladders, own_waits_s
from rouse.data.car_file import Car
from rouse.report.page import Cell, Cells, Section, render

SCENES = {
    "cloud": "a cloud of 20 minutes",
    "dawn": "plugged in 3 hours before the sun",
    "clouds": "ten clouds in an afternoon",
}
WORDS = (
    "A cell: seconds from the sun's return until current flows (the longest of the scene), and the interruptions that "
    "the car counted. Others follow the sun in their one way, which both modes compare with."
)
KEY = (
    Cell("in time", "good"),
    Cell("after 5 minutes", "late"),
    Cell("never again in some stretch of sun", "off"),
    Cell("locked out until replugged", "bad"),
)


def page(cars: dict[str, Car], rows: list[Row], lines: list[str]) -> str:
    """One HTML document about `rows`; `lines` of the verdict stand first."""
    columns = [(OURS, False), (OURS, True)] + [(name, False) for name in ladders(rows) if name != OURS]
    heads = ["car", "its name and own waits", *(f"{name}{' (known)' if known else ''}" for name, known in columns)]
    by_key = {(row["car"], row["ladder"], row["scene"], row["mode"], row["known"]): row for row in rows}
    sections = [Section(paragraphs=[WORDS], rows=[KEY], plain="\n".join(lines))]
    for scene, words in SCENES.items():
        for mode in ("eco", "solar"):
            cells: list[Cells] = [
                (
                    stem,
                    Cell(f"{car['name']}, {own_waits_s(car)} s its own", "small"),
                    *(_cell(by_key[stem, name, scene, mode, known]) for name, known in columns),
                )
                for stem, car in cars.items()
            ]
            sections.append(Section(f"{mode}: {words}", columns=heads, rows=cells))
    return render("Waking cars that sulk", [], sections)


def _cell(row: Row) -> Cell:
    seconds, count = row["seconds_to_charge"], row["interruptions"]
    if row["locked_out"]:
        return Cell(f"locked ({count})", "bad")
    if not isinstance(seconds, int):
        return Cell(f"- ({count})", "off")
    return Cell(f"{seconds} s ({count})", "good" if seconds <= 300 else "late")
