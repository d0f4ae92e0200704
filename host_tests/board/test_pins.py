"""The drivers of the pins: what they put out and read, both sides of each limit."""

from chip import load

from rouse.virtual.host import make_world, time

pins, limits = load("evse.drivers.pins", "evse.safety.limits")

OUTPUTS = ("pilot_pwm", "pilot_open", "contactor", "alive", "residual_test", "status_led", "fan")
BURST_US = 3480  # 60 reads of 58 us
WHEEL_US = 1 << 30
MIDDLE_UV = 1363500  # the pilot's 0 V


def pin(world, name):
    """The chip's side of a pin, by its name in the board file."""
    return world.pins.all[world.board["pins"][name]]


def watch_outputs(world):
    """A list that gets the drive of an output, 0..65535, each time it changes."""
    drives_u16 = []
    world.pins._changed = lambda number: drives_u16.append(world.pins.all[number].drive_u16())
    return drives_u16


def pilot(**changes):
    """A pilot driver, and its world."""
    world = make_world(changes)
    return pins.PilotDriver(world.board, world.board["pins"]), world


def sampled(driver, reads_uv):
    """The halves that the driver makes of these reads."""
    reads = iter(reads_uv)
    driver._read = reads.__next__
    driver.sample()
    assert list(reads) == []
    return driver.high_mv, driver.low_mv


def took_us(driver):
    """How long a burst takes now."""
    start_us = time.ticks_us()
    driver.sample()
    return time.ticks_diff(time.ticks_us(), start_us)


def test_making_the_drivers_puts_no_output_high_whatever_the_pins_were():
    for register in (0, 1):  # a soft reset leaves plain pins as they are
        world = make_world({"fan": 22})
        outputs = [pin(world, name) for name in OUTPUTS]
        for output in outputs:
            output.value = register
        drives_u16 = watch_outputs(world)
        pins.PilotDriver(world.board, world.board["pins"])
        for part in (pins.Contactor, pins.Residual, pins.Panel, pins.Fan):
            part(world.board["pins"])
        assert drives_u16 == [] and all(output.mode in (3, 4) for output in outputs), register
        assert [pin(world, name).freq_hz for name in ("pilot_pwm", "contactor")] == [1000, 1000]


def test_the_duty_is_rounded_down_and_the_other_levels_are_steady():
    driver, world = pilot()
    pwm = pin(world, "pilot_pwm")
    for duty_bp in range(800, 9701):
        driver.drive(limits.PILOT_PWM, duty_bp)
        assert pwm.next_duty_u16 * 10000 <= duty_bp * 65536 < (pwm.next_duty_u16 + 1) * 10000, duty_bp
    for level, duty_u16, is_open in (
        (limits.PILOT_OPEN, 65535, 1),
        (limits.PILOT_X1, 65535, 0),
        (limits.PILOT_MINUS12, 0, 0),
        (limits.PILOT_PWM, 32768, 0),
    ):
        driver.drive(level, 5000)
        assert (pwm.next_duty_u16, pin(world, "pilot_open").value) == (duty_u16, is_open), level


def test_a_board_may_have_no_switch_in_its_pilot():
    for number in (27, None):
        driver, _ = pilot(pilot_open=number)
        assert driver.has_switch == (number == 27)
        driver.drive(limits.PILOT_OPEN, 0)


def test_the_halves_are_the_means_of_the_three_highest_and_the_three_lowest_reads():
    reads_uv = [2385600, 341400, 2384700, 343200, 2383800, 342300] + [MIDDLE_UV] * 54
    assert sampled(pilot()[0], reads_uv) == (12000, -12000)


def test_a_read_at_the_adc_s_floor_or_ceiling_leaves_no_halves():
    driver, _ = pilot()
    for lowest_uv, highest_uv, is_good in (
        (200000, 2700000, True),
        (199999, 2700000, False),
        (200000, 2700000, True),
        (200000, 2700001, False),
    ):
        halves = sampled(driver, [lowest_uv, highest_uv] + [MIDDLE_UV] * 58)
        assert halves == ((5235, -4558) if is_good else (None, None)), (lowest_uv, highest_uv)


def test_a_new_level_is_read_2_ms_later_and_one_that_stands_at_once():
    driver, world = pilot()
    world.scheduler.in_callback = True  # elsewhere a look at the clock takes time
    assert took_us(driver) == BURST_US + 2000, "just made"
    for level, rest_us in ((limits.PILOT_X1, 2000), (limits.PILOT_X1, 0), (limits.PILOT_MINUS12, 2000)):
        driver.drive(level, 0)
        assert took_us(driver) == BURST_US + rest_us
    for stood_us in (0, 1, 1999, 2000, 2001, WHEEL_US // 2 - 1, WHEEL_US // 2, WHEEL_US - 1):
        driver._changed_us = time.ticks_add(time.ticks_us(), -stood_us)
        assert took_us(driver) == BURST_US + max(0, 2000 - stood_us), stood_us


def test_each_renewal_turns_the_alive_pin_and_the_coil_is_steady():
    world = make_world()
    contactor = pins.Contactor(world.board["pins"])
    alive, coil = pin(world, "alive"), pin(world, "contactor")
    for level in (1, 0, 1):
        contactor.renew()
        assert (alive.value, coil.next_duty_u16) == (level, 65535)
    contactor.open()
    assert (alive.value, coil.next_duty_u16) == (1, 0)


def test_inputs_read_as_wired_and_a_broken_wire_as_the_safe_side():
    world = make_world()
    numbers = world.board["pins"]
    for name, read, low, high, broken in (
        ("contactor_readback", pins.Contactor(numbers).is_closed, False, True, False),
        ("residual_trip", pins.Residual(numbers).is_tripped, False, True, True),
        ("button", pins.Panel(numbers).is_pressed, True, False, False),
    ):
        for level, expected in ((0, low), (1, high), (-1, broken)):
            pin(world, name).outside = level
            assert read() is expected, (name, level)
    assert pins.Contactor(numbers | {"contactor_readback": None}).is_closed() is None


def test_outputs_follow_what_they_are_told():
    world = make_world({"fan": 22})
    numbers = world.board["pins"]
    for name, switch in (
        ("residual_test", pins.Residual(numbers).press_test),
        ("status_led", pins.Panel(numbers).light),
        ("fan", pins.Fan(numbers).run),
    ):
        for is_on in (True, False, True):
            switch(is_on)
            assert pin(world, name).value == is_on, name
    pins.Fan(numbers | {"fan": None}).run(True)


def test_microvolts_become_millivolts_and_hundredths_of_a_degree():
    world = make_world()
    numbers = world.board["pins"]
    proximity, temperature = pins.Proximity(numbers["proximity_adc"]), pins.Temperature(world.board, numbers)
    for read, adc, pairs in (
        (proximity.mv, proximity._adc, ((999, 0), (1000, 1), (3299999, 3299), (3300000, 3300))),
        (temperature.cdeg, temperature._adc, ((499999, -1), (500000, 0), (749999, 2499), (750000, 2500))),
    ):
        for read_uv, expected in pairs:
            adc.read_uv = lambda read_uv=read_uv: read_uv
            assert read() == expected, read_uv
