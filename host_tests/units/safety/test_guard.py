"""The guard: contacts that are surely open, and a car that was cut and does not let go."""

from evse.safety.guard import Guard
from evse.safety.limits import Inputs

WHEEL_MS = 1 << 30


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
