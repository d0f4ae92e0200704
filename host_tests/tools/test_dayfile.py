"""Day files: what is read, what is refused, and the days that ship."""

import math
from pathlib import Path

import pytest

from rouse.data.day_file import DAYS, Day, DayError, clock, read_day

HEADER = "seconds,solar_w,house_w\n"


def day_of(tmp_path: Path, text: str) -> Day:
    path = tmp_path / "my day.csv"
    path.write_text(text, encoding="utf-8")
    return read_day(path)


def test_values_hold_until_the_next_row_and_the_last_for_the_usual_step(tmp_path: Path) -> None:
    day = day_of(tmp_path, HEADER + "60,100,10\n120,200,20\n180,300,30\n")
    assert day.start_s == 60
    assert day.solar_w == [100] * 60 + [200] * 60 + [300] * 60
    assert day.house_w == [10] * 60 + [20] * 60 + [30] * 60


def test_a_gap_in_a_minute_file_is_held_not_joined(tmp_path: Path) -> None:
    day = day_of(tmp_path, HEADER + "0,100,\n60,100,\n120,500,\n3600,900,\n")
    assert day.solar_w[119:122] == [100, 500, 500]
    assert day.solar_w[3599:3601] == [500, 900]


def test_fifteen_minute_means_are_joined_by_straight_lines(tmp_path: Path) -> None:
    day = day_of(tmp_path, HEADER + "0,0,900\n900,1800,0\n1800,0,\n")
    assert len(day) == 1801
    for at_s in (0, 1, 450, 899, 900, 901, 1350, 1800):
        assert day.solar_w[at_s] == 1800 - 2 * abs(at_s - 900), at_s
        assert day.house_w[at_s] == max(0, 900 - at_s), at_s


def test_an_empty_house_counts_as_nothing_so_all_sun_is_surplus(tmp_path: Path) -> None:
    day = day_of(tmp_path, HEADER + "0,100,\n1,200,50\n")
    assert day.surplus_w() == [100, 150]


def test_decimals_blank_lines_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    assert day_of(tmp_path, "\ufeff" + HEADER + "0,99.6,\n\n1, 2 ,3\n\n").solar_w == [100, 2]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "line 1: the header"),
        ("time,sun,house\n0,1,2\n1,1,2\n", "line 1: the header"),
        (HEADER + "0,1,2\n1,abc,2\n", "line 3: solar_w is 'abc'"),
        (HEADER + "0,1,2\n1,nan,2\n", "line 3: solar_w is 'nan'"),
        (HEADER + "0,1,2\n1,,2\n", "line 3: solar_w is ''"),
        (HEADER + "0,1,2\n1,-1,2\n", "line 3: solar_w is -1; it must be 0 to 100000"),
        (HEADER + "0,1,2\n1,1,100001\n", "line 3: house_w is 100001; it must be 0 to 100000"),
        (HEADER + "0,1,2\n172801,1,1\n", "line 3: seconds is 172801; it must be 0 to 172800"),
        (HEADER + "0,1,2\n0,1,1\n", "line 3: seconds is 0 after 0; sort the rows"),
        (HEADER + "5,1,2\n4,1,1\n", "line 3: seconds is 4 after 5; sort the rows"),
        (HEADER + "0,1\n", "line 2: 2 fields"),
        (HEADER + "0,1,2,3\n", "line 2: 4 fields"),
        (HEADER, "0 rows; a day needs two or more"),
        (HEADER + "0,1,2\n", "1 rows; a day needs two or more"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(DayError) as caught:
        day_of(tmp_path, text)
    message = str(caught.value)
    assert "my day.csv" in message and complaint in message and "\n" not in message


def test_the_bounds_themselves_are_accepted(tmp_path: Path) -> None:
    day = day_of(tmp_path, HEADER + "0,0,100000\n1,100000,0\n")
    assert day.surplus_w() == [-100_000, 100_000]


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\xff\xfe\x00")
    for path in (tmp_path / "absent.csv", tmp_path, tmp_path / "picture.csv"):
        with pytest.raises(DayError, match=path.name):
            read_day(path)


def test_cut_keeps_the_time_of_day() -> None:
    cut = Day("d", 100, [0, 1, 2, 3], [4, 5, 6, 7]).cut(1, 2)
    assert (cut.start_s, cut.solar_w, cut.house_w) == (101, [1, 2], [5, 6])
    assert clock(cut.start_s) == "0:01:41"


def test_the_recorded_day_that_ships_is_a_household_roof() -> None:
    day = read_day(DAYS / "recorded_2022-03-18.csv")
    assert 7400 <= max(day.solar_w) <= 7600
    assert 50 <= sum(day.solar_w) / 3.6e6 <= 60
    assert len(day) > 11 * 3600


def test_the_clear_day_that_ships_is_the_formula_in_its_readme() -> None:
    declination = math.radians(23.45) * math.sin(math.tau * (284 + 77) / 365)
    latitude = math.radians(39.74)

    def sun(at_s: int) -> float:
        hour = math.cos((at_s / 3600 - 12) * math.pi / 12)
        c = math.sin(latitude) * math.sin(declination) + math.cos(latitude) * math.cos(declination) * hour
        return 1098 * c * math.exp(-0.057 / c) if c > 0 else 0.0

    day = read_day(DAYS / "clear.csv")
    for index in range(0, len(day), 60):
        expected_w = 7500 * sun(day.start_s + index) / sun(12 * 3600)
        assert abs(day.solar_w[index] - expected_w) <= 1, clock(day.start_s + index)


def test_every_day_that_ships_is_in_the_readme_with_the_licence() -> None:
    readme = (DAYS / "README.md").read_text(encoding="utf-8")
    assert "MIT License" in readme
    assert "Alliance for Sustainable Energy" in readme
    for path in DAYS.glob("*.csv"):
        assert f"`{path.name}`" in readme, path.name
