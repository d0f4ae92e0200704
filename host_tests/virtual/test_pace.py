"""The range of chips: what the names mean, what each cost comes to at the corners, and that the world charges it.

What the costs rest on: reference notes, section 13 (an instruction at 16 ns).
"""

import pytest

from rouse.virtual import host
from rouse.virtual.pace import CORNERS, SHORT_OPCODES, TICK_OPCODES, parse


@pytest.mark.parametrize(
    ("text", "read_us", "opcode_ns", "loop_read_us"),
    [
        ("default", 58, 1800, 75),
        ("fast", 20, 800, 12),
        ("slow", 80, 2200, 91),
        ("58us", 58, 1800, 75),
        ("20us", 20, 1800, 75),
        ("40us,1.3", 40, 1300, 54),
        ("80us,2.2", 80, 2200, 91),
        ("80us,0.8", 80, 800, 33),
        ("40us,1.3,0.6", 40, 1300, 25),
    ],
)
def test_a_name_or_two_or_three_figures_make_a_pace(text, read_us, opcode_ns, loop_read_us):
    pace = parse(text)
    assert (pace.read_us, pace.opcode_ns, pace.loop_read_us) == (read_us, opcode_ns, loop_read_us)


@pytest.mark.parametrize(
    "text",
    ["", "quick", "FAST", "58", "us", "19us", "81us", "58us,", "58us,0.7", "58us,2.3", "58us,nan", "58us,inf", "58us,x"]
    + ["5.8us", "58us,1.8,0.2", "58us,1.8,0.3,1", "1.8", "1.8,58us"],
)
def test_what_is_none_is_refused_in_one_line_that_lists_what_fits(text):
    with pytest.raises(ValueError, match="fast, slow, default.*20us to 80us.*0.8 to 2.2.*40us,1.3") as caught:
        parse(text)
    assert "\n" not in str(caught.value)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize("corner", CORNERS)
def test_what_the_chip_computes_scales_with_its_opcodes_and_what_it_waits_for_does_not(corner):
    pace = parse(corner)
    factor = {"fast": 0.8, "default": 1.8, "slow": 2.2}[corner] / 1.8
    assert pace.opcodes_us(1000) == round(1800 * factor)
    assert pace.import_ms(8 * 1024) == pytest.approx((24 + 8 * 2) * factor, abs=1)
    assert pace.collect_ms(100) == pytest.approx(16 * factor, abs=1)
    assert pace.compile_us(3) == pytest.approx(3000 * factor, abs=3)
    assert (pace.write_ms(4096), pace.commit_ms(1024), pace.chars_us(100), pace.chars_sent(870)) == (120, 130, 8700, 10)


@pytest.mark.parametrize(("corner", "us"), [("fast", 20), ("default", 58), ("slow", 80)])
def test_a_read_costs_what_the_pace_says_and_one_of_the_meters_its_loop_as_well(corner, us):
    world = host.make_world(chip=corner)
    bench = host.Bench(world)
    pilot, grid = bench.adc("pilot_adc"), bench.adc("grid_adc")
    pilot.read_uv()
    assert world.us == us
    grid.read_u16()
    assert world.us == 2 * us + parse(corner).loop_read_us


TICKS = [("fast", 2240, 320), ("default", 5040, 720), ("slow", 6160, 880)]


@pytest.mark.parametrize(("corner", "us", "short_us"), TICKS)
def test_a_callback_costs_the_opcodes_of_a_tick_or_few_when_it_reads_nothing(corner, us, short_us):
    read_us = parse(corner).read_us
    for has_input, spent_us in ((True, read_us + us), (False, short_us)):
        world = host.make_world(chip=corner)
        pin = host.machine.Pin(world.board["pins"]["pilot_adc"])
        adc = host.machine.ADC(pin, atten=host.machine.ADC.ATTN_11DB)
        assert (TICK_OPCODES, SHORT_OPCODES) == (world.scheduler.tick_opcodes, 400) == (2800, 400)
        host.machine.Timer(0, period=20, callback=lambda _, adc=adc, has_input=has_input: has_input and adc.read_uv())
        world.run_ms(20)
        world.scheduler.run_one()
        assert world.ms * 1000 + world.us == 20000 + spent_us


def test_a_step_of_the_meters_loop_takes_as_long_as_was_measured_on_the_fast_chip():
    # 8,300 instructions of 9 ns beside three conversions, of which 1,467 instructions a read are in its 20 us.
    pace = parse("fast")
    step_us = 3 * (pace.read_us + pace.loop_read_us)
    assert step_us == pytest.approx((8300 - 3 * 1467) * 0.009 + 3 * 20, abs=2)


@pytest.mark.parametrize(("corner", "us"), [("fast", 444), ("default", 1000), ("slow", 1222)])
def test_a_typed_line_and_a_collection_hold_the_chip(corner, us):
    world = host.make_world(chip=corner)
    world.compile_lines(1)
    assert world.ms * 1000 + world.us == us
    before_ms = world.ms
    assert world.collect_heap() == world.ms - before_ms == parse(corner).collect_ms(world.heap_kb)
