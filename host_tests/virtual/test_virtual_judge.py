"""The judge counts what it is there for, each breach once and with its time, and nothing in a lawful session.

Pins are driven by hand: no firmware is involved. Limits: IEC 61851-1 table A.6 as in evse_facts, section 3.
"""

import pytest

from rouse.virtual import host

IN_B = {"pilot.s2": False, "car.room_wh": 0}


def alter(world, changes):
    """Parts of the plant are otherwise from now on: "pilot.s2" names an attribute of the pilot."""
    for name, value in changes.items():
        part, _, attribute = name.rpartition(".")
        setattr(getattr(world, part) if part else world, attribute, value)
    world.refresh()


def make(board=None, **car):
    world = host.make_world(board, **car)
    return world, host.Bench(world)


def offered(board=None, **car):
    """A car in C under an offer, and the contactor open."""
    world, bench = make(board, **car)
    world.plug()
    bench.offer(16000)
    world.run_ms(3000)
    return world, bench


def charging(board=None, **car):
    world, bench = make(board, **car)
    bench.charge(16000)
    assert world.judge.violations == 0, world.judge.last
    return world, bench


def stop(world, bench):
    """Steady +12 V, and the coil off as soon as the car has opened S2."""
    bench.offer(0)
    while world.pilot.s2:
        world.run_ms(5)
    bench.open()


def assert_counted(world, *texts):
    assert world.judge.violations == len(texts), world.judge.last
    for line, text in zip(world.judge.last, texts, strict=True):
        assert text in line


def test_a_lawful_session_counts_nothing():
    world, bench = charging()
    for ma in (6000, 32000, 10000):
        bench.offer(ma)
        world.run_ms(20000)
    stop(world, bench)
    world.run_ms(100)
    world.flash_write(100)
    world.run_ms(5000)
    bench.pilot.duty_u16(0)
    world.run_ms(4000)
    bench.offer(0)
    bench.pilot_open.value(1)
    world.run_ms(4000)
    bench.pilot_open.value(0)
    bench.charge(16000)
    world.unplug()
    bench.open()
    bench.offer(0)
    world.run_ms(5000)
    assert_counted(world)
    assert world.contactor.starts == 2


@pytest.mark.parametrize("changes", [None, IN_B, {"pilot.short": 1}])
@pytest.mark.parametrize("wait_ms, late", [(40, False), (85, False), (105, True), (500, True)])
def test_a_late_opening_counts_and_one_in_time_does_not(changes, wait_ms, late):
    world, bench = charging()
    if changes:
        alter(world, changes)
    else:
        world.unplug()
    world.run_ms(wait_ms)
    bench.open()
    world.run_ms(2000)
    assert_counted(world, *["closed 100 ms after the car left C"] * late)


@pytest.mark.parametrize(
    "leaves, limit_ms, text", [(True, 100, "closed 100 ms after the car left C"), (False, 6150, "6.15 s after steady")]
)
@pytest.mark.parametrize("late_ms", [0, 1])
def test_its_limits_are_exact_to_the_millisecond(leaves, limit_ms, text, late_ms):
    world, bench = charging(ignores_stop=1)
    if leaves:
        world.unplug()
        since_ms = world.judge.left_ms
    else:
        bench.offer(0)
        world.run_ms(2)
        since_ms = world.judge.high_since_ms
    bench.open()
    world.run_ms(2)  # the coil is off; now say when the contacts part
    world.contactor.open_ms = since_ms + limit_ms + late_ms
    world.run_ms(7000)
    assert_counted(world, *[text] * late_ms)


def test_a_violation_carries_its_time():
    world, _bench = charging()
    world.unplug()
    left_ms = world.ms
    world.run_ms(1000)
    seconds = float(world.judge.last[0].split(" s: ")[0])
    assert 100 < seconds * 1000 - left_ms <= 100 + 13


def test_a_coil_still_commanded_counts_even_if_the_contacts_have_not_closed_yet():
    world, bench = offered()
    world.contactor.close_ms = world.ms + 10000  # a contactor that does not pull in
    bench.close()
    world.run_ms(30)
    world.contactor.close_ms = world.ms + 10000
    world.unplug()
    world.run_ms(300)
    assert_counted(world, "closed 100 ms after the car left C")


def test_a_welded_contactor_is_not_blamed_on_the_charger():
    world, bench = charging()
    world.contactor.welded = True
    stop(world, bench)
    world.unplug()
    world.run_ms(10000)
    assert_counted(world)


def test_closed_with_residual_current_counts_if_the_hardware_does_not_cut():
    world, bench = charging()
    world.leak(True)
    world.run_ms(1000)
    assert_counted(world)  # the monitor cuts the coil itself
    world.leak(False)
    world.unplug()
    bench.open()
    world.run_ms(100)
    bench.charge(16000)
    world.run_ms(1000)
    assert_counted(world)  # what was, is over
    world, _bench = charging()
    world.leak(True)
    world.run_ms(50)
    world.contactor.cut = False  # a cut wire between monitor and coil
    world.contactor.update(world.ms)
    world.run_ms(99)
    assert_counted(world)
    world.run_ms(20)
    assert_counted(world, "after residual current tripped")


@pytest.mark.parametrize("how, text", [("open", "pilot opened while closed"), ("minus12", "-12 V while closed")])
def test_opening_the_pilot_or_minus_12_v_while_closed_counts(how, text):
    world, bench = charging()
    if how == "open":
        bench.pilot_open.value(1)
    else:
        bench.pilot.duty_u16(0)
    world.run_ms(15)  # as long as contacts take to part after a reset
    assert_counted(world)
    world.run_ms(50)
    bench.open()
    world.run_ms(1000)
    assert_counted(world, text)


def test_a_flash_write_while_closed_counts_and_the_owner_s_is_counted_apart():
    world, bench = charging()
    world.judge.owner_writing = True
    world.flash_seen()
    world.judge.owner_writing = False
    assert_counted(world)
    assert world.judge.owner_writes == 1
    world.flash_seen()
    assert_counted(world, "flash written")
    bench.offer(0)
    bench.open()
    world.run_ms(100)
    world.flash_seen()
    assert_counted(world, "flash written")


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
        alter(world, {"cable_ohm": 680 if ma == 32000 else 220})
        world.run_ms(150)
    assert_counted(world)


@pytest.mark.parametrize(
    "duties_u16, text",
    [  # 10 % is 6553.6 and 96 % is 62914.6 of 65536
        ((0, 6553, 21823, 55705, 62914, 65535), []),
        ((1, 3276, 5242, 6552, 62982, 65470), ["duty outside"]),
    ],
)
def test_a_duty_outside_the_lawful_range_counts(duties_u16, text):
    for duty_u16 in duties_u16:
        world, bench = make({"max_ma": 80000, "proximity_adc": None, "cable_ma": 80000})
        bench.pilot.duty_u16(duty_u16)
        world.run_ms(10)
        assert_counted(world, *text)


def test_it_keeps_the_first_twenty_lines_and_counts_all():
    world, bench = make()
    for duty_u16 in range(1000, 1050):
        bench.pilot.duty_u16(duty_u16)
        world.run_ms(2)
    assert world.judge.violations == 50
    assert len(world.judge.last) == 20
