"""What the car moves tells a clamp's direction: right, wrong, still, or the car's own clamp backwards."""

from evse.meter.metering import BACKWARDS, NOTHING, RIGHT, STILL, WRONG, Movement


def verdicts(movement, grid_share, car_w=(0, 3000), house_w=500, ramp=4):
    """Every verdict but NOTHING while the car goes from one power to the next in `ramp` readings."""
    found = []
    first_w, last_w = car_w
    for reading in range(10 + ramp + 10):
        part = min(max(reading - 9, 0), ramp)
        now_w = first_w + (last_w - first_w) * part // ramp
        verdict = movement.compare(house_w + int(now_w * grid_share), now_w)
        if verdict != NOTHING:
            found.append(verdict)
    return found


def test_a_start_and_a_stop_that_move_the_grid_confirm_the_sign():
    for ramp in (1, 2, 4, 9):
        for car_w in ((0, 1100), (0, 7000), (7000, 0), (3000, 1500)):
            movement = Movement()
            assert set(verdicts(movement, 1, car_w, 500, ramp)) == {RIGHT}, (ramp, car_w)
            assert movement.is_confirmed


def test_a_clamp_on_backwards_is_found_in_the_first_start():
    for ramp in (1, 4, 9):
        movement = Movement()
        assert WRONG in verdicts(movement, -1, (0, 1400), -900, ramp)[:1]
        assert not movement.is_confirmed


def test_once_confirmed_one_contradiction_is_the_house_s_and_two_are_not():
    movement = Movement()
    verdicts(movement, 1, (0, 3000), 500, 1)
    assert movement.is_confirmed
    assert verdicts(movement, -1, (3000, 1500), 500, 1) == []
    assert movement.is_confirmed
    assert verdicts(movement, -1, (1500, 3000), 500, 1) == [WRONG]


def test_a_grid_that_does_not_move_is_told_at_the_second_step():
    movement = Movement()
    assert verdicts(movement, 0, (0, 1400), 500, 1) == []
    assert verdicts(movement, 0, (1400, 0), 500, 1) == [STILL]


def test_in_between_is_no_evidence_and_less_than_a_kilowatt_no_step():
    for share in (0.2, 0.45, 1.6, 3, -0.3, -1.7):
        assert verdicts(Movement(), share, (0, 3000), 0, 1) == [], share
    assert verdicts(Movement(), -1, (0, 900), 0, 1) == []


def test_a_car_that_seems_to_give_power_has_its_clamp_on_backwards():
    assert verdicts(Movement(), -1, (0, -1500), 500, 1)[:1] == [BACKWARDS]


def test_the_house_alone_proves_nothing():
    movement = Movement()
    for grid_w in (0, 3000, -2000, 5000, 0, 0, 4000, 4000, 4000):
        assert movement.compare(grid_w, 0) == NOTHING
    assert not movement.is_confirmed


def test_what_was_forgotten_is_not_compared_with():
    movement = Movement()
    for _ in range(6):
        movement.compare(500, 0)
    movement.forget()
    for _ in range(3):
        assert movement.compare(-2500, 3000) == NOTHING
