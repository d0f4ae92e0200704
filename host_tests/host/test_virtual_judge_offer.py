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


@pytest.mark.parametrize("percent", [0, 10, 33.3, 85, 96, 100])
def test_a_lawful_duty_counts_nothing(percent):
    world, bench = make({"max_ma": 80000, "proximity_adc": None, "cable_ma": 80000})
    bench.pilot.duty_u16(min(int(percent * 65536 / 100), 65535))
    world.run_ms(10)
    assert_counted(world)


@pytest.mark.parametrize("percent", [1, 5, 8, 9.9, 96.1, 97, 99.9])
def test_a_duty_outside_the_lawful_range_counts(percent):
    world, bench = make({"max_ma": 80000, "proximity_adc": None, "cable_ma": 80000})
    bench.pilot.duty_u16(int(percent * 65536 / 100))
    world.run_ms(10)
    assert_counted(world, "duty outside")


def test_it_keeps_the_first_twenty_lines_and_counts_all():
    world, bench = make()
    for duty_u16 in range(1000, 1050):
        bench.pilot.duty_u16(duty_u16)
        world.run_ms(2)
    assert world.judge.violations == 50
    assert len(world.judge.last) == 20
