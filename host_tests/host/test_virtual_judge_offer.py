"""The judge counts offers above what board and cable carry, and duties that no standard knows.

The PWM is driven by hand: no firmware is involved.
"""

import pytest
from test_virtual_judge import assert_counted, make


@pytest.mark.parametrize(
    "ma, cable_ohm, over", [(32000, 220, False), (32010, 220, True), (20000, 680, False), (21000, 680, True)]
)
def test_an_offer_above_board_or_cable_counts(ma, cable_ohm, over):
    world, bench = make()
    world.cable_ohm = cable_ohm
    world.plug()
    bench.offer(ma)
    world.run_ms(150)
    assert_counted(world, *["limit is"] * over)


def test_an_offer_that_outlasts_a_change_of_cable_counts():
    world, bench = make()
    world.plug()
    bench.offer(32000)
    world.run_ms(100)
    world.cable_ohm = 680
    world.refresh()
    world.run_ms(190)
    assert_counted(world)
    world.run_ms(50)
    assert_counted(world, "above what board and cable carry")


def test_offers_that_are_lowered_in_time_do_not_add_up():
    world, bench = make()
    world.plug()
    for ma in (32000, 20000, 32000):
        bench.offer(ma)
        world.run_ms(150)
        world.cable_ohm = 680 if ma == 32000 else 220
        world.refresh()
        world.run_ms(150)
    assert_counted(world)


@pytest.mark.parametrize("duty_u16", [0, 6553, 21823, 55705, 62914, 65535])  # 10 to 96 % of 65536
def test_a_lawful_duty_counts_nothing(duty_u16):
    world, bench = make({"max_ma": 80000, "proximity_adc": None, "cable_ma": 80000})
    bench.pilot.duty_u16(duty_u16)
    world.run_ms(10)
    assert_counted(world)


@pytest.mark.parametrize("duty_u16", [1, 3276, 5242, 6552, 62982, 65470])
def test_a_duty_outside_the_lawful_range_counts(duty_u16):
    world, bench = make({"max_ma": 80000, "proximity_adc": None, "cable_ma": 80000})
    bench.pilot.duty_u16(duty_u16)
    world.run_ms(10)
    assert_counted(world, "duty outside")


def test_it_keeps_the_first_twenty_lines_and_counts_all():
    world, bench = make()
    for duty_u16 in range(1000, 1050):
        bench.pilot.duty_u16(duty_u16)
        world.run_ms(2)
    assert world.judge.violations == 50
    assert len(world.judge.last) == 20
