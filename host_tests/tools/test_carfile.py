"""Car files: defaults, refusals, and the cars that ship."""

from pathlib import Path

import pytest

from rouse.data.car_file import CARS, KEYS, Car, CarError, Number, read_car

LEAST = 'name = "a"\nsource = "b"\n'


def car_of(tmp_path: Path, text: str) -> Car:
    path = tmp_path / "my car.toml"
    path.write_text(text, encoding="utf-8")
    return read_car(path)


def test_every_key_is_there_with_its_default(tmp_path: Path) -> None:
    assert car_of(tmp_path, LEAST) == {key: rule.default for key, rule in KEYS.items()} | {"name": "a", "source": "b"}


def test_given_keys_replace_defaults(tmp_path: Path) -> None:
    car = car_of(tmp_path, LEAST + 'room_wh = 500\nsleep_after_s = 60\nwakes_on = "either"\n')
    assert (car["room_wh"], car["sleep_after_s"], car["wakes_on"]) == (500, 60, "either")


@pytest.mark.parametrize("key", [key for key, rule in KEYS.items() if isinstance(rule, Number)])
def test_a_number_may_be_its_bounds_and_nothing_beyond(tmp_path: Path, key: str) -> None:
    rule = KEYS[key]
    assert isinstance(rule, Number)
    for value in (rule.lowest, rule.highest):
        assert car_of(tmp_path, LEAST + f"{key} = {value}\n")[key] == value
    for value in (rule.lowest - 1, rule.highest + 1):
        with pytest.raises(CarError, match=f"{key} = {value} must be {rule.lowest} to {rule.highest}"):
            car_of(tmp_path, LEAST + f"{key} = {value}\n")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "'name' is missing"),
        ('name = "a"\n', "'source' is missing"),
        (LEAST + "colour = 1\n", "unknown key 'colour'"),
        (LEAST + 'lag_ms = "2000"\n', "whole number"),
        (LEAST + "lag_ms = 2.5\n", "whole number"),
        (LEAST + "diode = true\n", "whole number"),
        (LEAST + 'wakes_on = "shout"\n', "must be one of"),
        (LEAST + 'wakes_on = "open"\n', "without sleep_after_s"),
        ('name = ""\nsource = "b"\n', "name must be a text"),
        ('name = 5\nsource = "b"\n', "name must be a text"),
        ("name = \n", "not TOML"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(CarError) as caught:
        car_of(tmp_path, text)
    message = str(caught.value)
    assert "my car.toml" in message and complaint in message and "\n" not in message


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "noise.toml").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "absent.toml", tmp_path, tmp_path / "noise.toml"):
        with pytest.raises(CarError, match=path.name):
            read_car(path)


@pytest.mark.parametrize(
    ("stem", "differs"),
    [
        ("plain", {}),
        ("stubborn", {"ignores_stop": 1}),
        ("full", {"room_wh": 400}),
        ("sleepy", {"sleep_after_s": 120, "wakes_on": "open"}),
    ],
)
def test_the_cars_that_ship_do_what_their_names_say(stem: str, differs: dict[str, int | str]) -> None:
    car = read_car(CARS / f"{stem}.toml")
    assert {key: car[key] for key in KEYS if car[key] != KEYS[key].default and key not in ("name", "source")} == differs


def test_the_readme_lists_every_key_with_its_range_and_meaning() -> None:
    readme = (CARS / "README.md").read_text(encoding="utf-8").splitlines()
    for key, rule in KEYS.items():
        if isinstance(rule, Number):
            default, values = str(rule.default), f"{rule.lowest} to {rule.highest}"
        else:
            default = "required" if rule.default is None else f'"{rule.default}"'
            values = " ".join(f'"{choice}"' for choice in rule.choices) or "text"
        assert f"| `{key}` | {default} | {values} | {rule.meaning} |" in readme, key
