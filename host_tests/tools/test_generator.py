"""The generator lays field-typical cloud and appliances over a day; the picker finds the most broken stretch."""

from itertools import groupby, pairwise

import pytest

from rouse.data.day_file import Day, DayError
from rouse.data.stretch import brokenness, most_broken
from rouse.data.weather import APPLIANCES, lay_over

HOURS = 8
STEADY = Day("steady", 0, [5000] * HOURS * 3600, [300] * HOURS * 3600)


def test_the_same_seed_gives_the_same_day_and_another_seed_another() -> None:
    assert lay_over(STEADY, 7) == lay_over(STEADY, 7)
    assert lay_over(STEADY, 7).solar_w != lay_over(STEADY, 8).solar_w
    assert lay_over(STEADY, 7).house_w != lay_over(STEADY, 8).house_w


def test_the_sequence_of_a_seed_is_the_same_on_every_python() -> None:
    day = lay_over(STEADY, 1)
    first = [(watts, len(list(run))) for watts, run in groupby(day.solar_w)][:4]
    assert first == [(5000, 238), (1550, 7), (5000, 73), (1100, 141)]


def test_the_given_day_is_left_alone_and_the_new_one_says_what_it_is() -> None:
    before = (list(STEADY.solar_w), list(STEADY.house_w))
    assert lay_over(STEADY, 1).generated
    assert not STEADY.generated
    assert (STEADY.solar_w, STEADY.house_w) == before


@pytest.mark.parametrize("seed", range(5))
def test_clouds_let_through_a_fifth_to_three_fifths_for_minutes_and_change_within_a_second(seed: int) -> None:
    spells = [(watts, len(list(run))) for watts, run in groupby(lay_over(STEADY, seed).solar_w)]
    assert len(spells) > HOURS * 5
    for watts, length_s in spells[:-1]:
        if watts == 5000:
            assert 60 <= length_s <= 360
        else:
            assert 1000 <= watts <= 3000
            assert 5 <= length_s <= 420
    assert all((a == 5000) != (b == 5000) for (a, _), (b, _) in pairwise(spells))


@pytest.mark.parametrize("seed", range(5))
def test_the_house_rises_by_sums_of_appliances_only(seed: int) -> None:
    sums = {300}
    for appliance in APPLIANCES:
        sums |= {watts + appliance.watts for watts in sums}
    house_w = lay_over(STEADY, seed).house_w
    assert set(house_w) <= sums
    assert len(set(house_w)) > 3


def test_the_air_fryer_heats_20_s_and_rests_40_s() -> None:
    runs = []
    for seed in range(10):
        house_w = lay_over(STEADY, seed).house_w
        is_on = [watts in (300 + 1500, 300 + 1500 + 110) for watts in house_w]
        runs += [(on, len(list(run))) for on, run in groupby(is_on)]
    assert runs.count((True, 20)) > 10 * 10 and runs.count((False, 40)) > 10 * 10


def test_brokenness_counts_comings_and_goings_of_two_minutes() -> None:
    sunny, dark = [2000], [0]
    assert brokenness(sunny * 120 + dark * 120 + sunny * 120)[0] == 3
    assert brokenness(sunny * 119 + dark * 120 + sunny * 119)[0] == 0
    assert brokenness(sunny * 120 + dark * 119 + sunny * 120)[0] == 1
    assert brokenness(sunny * 120 + dark * 120) == (2, 2000)


def test_a_surplus_that_hovers_at_six_amperes_is_not_broken() -> None:
    hovering = ([1390] * 180 + [1370] * 180) * 5
    assert brokenness(hovering)[0] == 0


def test_the_most_broken_stretch_is_the_one_with_most_changes() -> None:
    calm, broken = [3000] * 7200, ([3000] * 300 + [0] * 300) * 6
    day = Day("d", 1000, calm + broken + calm, [0] * (7200 * 2 + 3600))
    cut = most_broken(day, 1800)
    assert len(cut) == 1800
    counts = [brokenness(day.cut(first, 1800).surplus_w())[0] for first in range(0, len(day) - 1800, 60)]
    assert brokenness(cut.surplus_w())[0] == max(counts) > counts[0]
    assert cut.start_s == 1000 + 60 * counts.index(max(counts))


def test_a_day_shorter_than_the_stretch_is_refused() -> None:
    with pytest.raises(DayError, match="at least 1800 s"):
        most_broken(Day("short.csv", 0, [0] * 1799, [0] * 1799), 1800)
    assert len(most_broken(Day("d", 0, [0] * 1800, [0] * 1800), 1800)) == 1800
