"""The guard: fault bits, contacts that do not obey, a car that draws too much; one that was cut and stays in C."""

from evse.app import text
from evse.core.face import blinks
from evse.safety import guard
from evse.safety.guard import ContactorWatch, Faults, Guard, Overdraw
from evse.safety.limits import Inputs

WHEEL_MS = 1 << 30
STEP_MS = 250
BITS = [1 << place for place in range(len(text.FAULTS))]


def test_inputs_that_nobody_filled_forbid_everything():
    inputs = Inputs()
    assert inputs.residual_tripped and inputs.is_late and inputs.cable_ma == 0 and inputs.meter_at_ms == 0
    assert inputs.high_mv is inputs.low_mv is inputs.temperature_cdeg is inputs.grid_w is None


def test_surely_open_is_told_to_be_open_and_not_read_back_as_closed():
    guard, inputs = Guard(False), Inputs()
    for is_permitted in (False, True):
        for is_closed in (None, False, True):
            guard.interlock.permits, inputs.contactor_closed = is_permitted, is_closed
            case = (is_permitted, is_closed)
            assert guard.is_surely_open(inputs) == (case in ((False, None), (False, False))), case


def test_a_car_in_c_200_ms_after_it_was_cut_is_stuck_until_it_lets_go():
    for start_ms in (0, WHEEL_MS - 150):
        guard = Guard(False)
        assert not guard.is_stuck
        for must_leave_c, spent_ms, is_stuck in (
            (True, 0, False),
            (True, 199, False),
            (True, 200, True),
            (False, 220, False),
        ):
            guard.interlock.must_leave_c = must_leave_c
            guard.advance(True, (start_ms + spent_ms) % WHEEL_MS)
            assert guard.is_stuck == is_stuck, (start_ms, spent_ms)


def test_each_bit_has_a_name_and_its_place_is_its_blink_code():
    found = [getattr(guard, name) for name in dir(guard) if name.startswith("FAULT_")]
    assert sorted([value for value in found if isinstance(value, int)]) == BITS
    for place, bit in enumerate(BITS):
        assert blinks(bit) == place + 1, bit


def test_of_several_faults_the_first_blinks():
    for bits in range(1, 1 << len(text.FAULTS)):
        expected = min(place + 1 for place, bit in enumerate(BITS) if bits & bit)
        assert blinks(bits) == expected, bits
    assert blinks(0) == 0


def test_faults_add_up_and_only_a_broken_settings_file_outlives_a_clear():
    latched = Faults()
    assert latched.bits == 0
    for count, bit in enumerate(BITS):
        latched.latch(bit)
        latched.latch(bit)
        assert latched.bits == (2 << count) - 1
    latched.clear()
    assert latched.bits == guard.FAULT_SETTINGS


def test_welded_and_missing_over_every_command_read_back_and_time():
    for start_ms in (0, WHEEL_MS - 150, WHEEL_MS - 900):
        for is_commanded in (False, True):
            for is_closed in (None, False, True):
                for held_ms in (0, 20, 199, 200, 201, 999, 1000, 1001):
                    watch = ContactorWatch()
                    watch.compare(is_commanded, is_closed, start_ms)
                    watch.compare(is_commanded, is_closed, (start_ms + held_ms) % WHEEL_MS)
                    is_welded = held_ms >= 200 and not is_commanded and is_closed is True
                    is_missing = held_ms >= 1000 and is_commanded and is_closed is False
                    case = (start_ms, is_commanded, is_closed, held_ms)
                    assert (watch.is_welded, watch.is_missing) == (is_welded, is_missing), case


def test_contacts_that_obey_start_the_watch_again():
    watch = ContactorWatch()
    watch.compare(False, True, 0)
    watch.compare(False, False, 180)
    watch.compare(False, True, 200)
    watch.compare(False, True, 399)
    assert not watch.is_welded
    watch.compare(False, True, 400)
    assert watch.is_welded
    watch.compare(False, False, 420)
    assert not watch.is_welded


def test_a_new_watch_has_nothing_to_say():
    watch = ContactorWatch()
    assert (watch.is_welded, watch.is_missing, watch.has_dropped) == (False, False, False)
    watch.compare(True, False, 0)
    assert not watch.has_dropped, "it was never seen closed"


def test_contacts_that_open_by_themselves_have_dropped_for_one_tick():
    for was_commanded in (False, True):
        for is_commanded in (False, True):
            for was_closed in (None, False, True):
                for is_closed in (None, False, True):
                    watch = ContactorWatch()
                    watch.compare(was_commanded, was_closed, 0)
                    watch.compare(is_commanded, is_closed, 20)
                    expected = is_commanded and was_closed is True and is_closed is False
                    assert watch.has_dropped == expected, (was_commanded, is_commanded, was_closed, is_closed)
                    watch.compare(is_commanded, is_closed, 40)
                    assert not watch.has_dropped


def fault_ms(offers, drawn_ma, lag_ms=0, start_ms=0, most_ms=60000):
    """Ms from the last change of the offer to the fault; offers: (ma, ms) before the last, which holds. None: never."""
    overdraw = Overdraw()
    now_ms = start_ms
    for offer_ma, length_ms in offers[:-1]:
        for _ in range(length_ms // STEP_MS):
            overdraw.watch(offer_ma, min(drawn_ma, offer_ma), lag_ms, now_ms % WHEEL_MS)
            now_ms += STEP_MS
    for spent_ms in range(0, most_ms, STEP_MS):
        overdraw.watch(offers[-1][0], drawn_ma, lag_ms, now_ms % WHEEL_MS)
        if overdraw.is_over:
            return spent_ms
        now_ms += STEP_MS
    return None


def test_ten_percent_and_half_an_ampere_are_borne():
    for offer_ma, most_ma in ((6000, 7100), (10000, 11500), (32000, 35700)):
        for start_ms in (0, WHEEL_MS - 6000):
            assert fault_ms(((32000, 20000), (offer_ma, 0)), most_ma, 0, start_ms) is None
            assert fault_ms(((32000, 20000), (offer_ma, 0)), most_ma + 1, 0, start_ms) is not None


def test_it_is_seven_seconds_after_five_or_after_the_car_s_own_lag_up_to_fifteen():
    for lag_ms, follows_ms in ((0, 5000), (2000, 5000), (5000, 5000), (8000, 8000), (15000, 15000), (40000, 15000)):
        overdraw = Overdraw()
        overdraw.watch(16000, 16000, lag_ms, 0)
        for spent_ms in (0, follows_ms - 1, follows_ms, follows_ms + 6999, follows_ms + 7000):
            overdraw.watch(6000, 16000, lag_ms, spent_ms)
            assert overdraw.is_over == (spent_ms == follows_ms + 7000), (lag_ms, spent_ms)


def test_a_rise_gives_no_new_time_and_a_cut_does():
    overdraw = Overdraw()
    for now_ms in range(0, 20000, STEP_MS):
        overdraw.watch(6000 + (now_ms // 1000) * 10, 9000, 0, now_ms)
        assert overdraw.is_over == (now_ms >= 12000), now_ms
    overdraw = Overdraw()
    for now_ms in range(0, 60000, STEP_MS):
        overdraw.watch(12000 if now_ms // 1000 % 4 < 2 else 11000, 30000, 0, now_ms)
        assert not overdraw.is_over


def test_nothing_offered_is_nothing_overdrawn():
    assert fault_ms(((16000, 20000), (0, 0)), 16000) is None
