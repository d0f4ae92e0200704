"""No load that switches by whole mains cycles hides between the bursts: every place of its pattern has its turn."""

from fake_chip import Chip, measure, sine_wave

from evse.app.boards import least_reference, scale_uw, ua_per_count
from evse.core.controller import PLUG_EVERY, ROUNDS_TICKS, SLOTS
from evse.meter.metering import TRANSFORMER, Metering
from evse.safety.limits import Inputs

TICK_US = 20000  # a mains cycle too
SCALES = (ua_per_count(2000, 22000), scale_uw(3000, 2000, 22000), 230)
BASE_W, SWITCHED_W = 300, 1300


def make():
    return Metering(TRANSFORMER, True, least_reference(3000), SCALES, 1000000, 1000000)


def grid_bursts(is_charging):
    """In which ticks of the four rounds the grid's clamp is read for a mains cycle."""
    metering, inputs = make(), Inputs()
    metering.lock.is_sure = True
    ticks = []
    for tick in range(ROUNDS_TICKS):
        if metering.work(SLOTS[tick], True, is_charging, inputs, tick * 20) and metering.current == 0:
            ticks.append(tick)
    return ticks


def worst_error(ticks, on, off, rounds):
    """Of readings over so many times four rounds, at every phase: by how much of the load's mean they are wrong."""
    length = on + off
    at = [turn * ROUNDS_TICKS + tick for turn in range(rounds) for tick in ticks]
    hits = [0] * length  # of each place of the pattern
    for tick in at:
        hits[tick % length] += 1
    seen = sum(hits[:on])
    worst = 0
    for place in range(length):
        worst = max(worst, abs(seen / len(at) - on / length))
        seen += hits[(place + on) % length] - hits[place]
    return worst * SWITCHED_W / (BASE_W + SWITCHED_W * on / length)


def test_every_place_of_every_pattern_is_met_equally_often():
    for is_charging in (False, True):
        ticks = grid_bursts(is_charging)
        assert len(ticks) == (8 if is_charging else 12)
        for length in range(2, 51):
            hits = [0] * length
            for turn in range(length):
                for tick in ticks:
                    hits[(turn * ROUNDS_TICKS + tick) % length] += 1
            assert min(hits) == max(hits), (is_charging, length, hits)


def test_no_pattern_is_misread_for_long():
    # Four rounds last 1.06 s. One cycle of four is looked at, so that some patterns need some seconds.
    for is_charging, rounds, limit in (
        (False, 1, 0.85),
        (False, 4, 0.45),
        (False, 12, 0.25),
        (False, 48, 0.05),
        (True, 4, 0.65),
        (True, 12, 0.27),
        (True, 48, 0.06),
    ):
        ticks = grid_bursts(is_charging)
        for on in range(1, 26):
            for off in range(1, 26):
                error = worst_error(ticks, on, off, rounds)
                assert error <= limit, (is_charging, rounds, on, off, error)


def forbidding(count, percent):
    """The first pattern that `count` bursts, a cycle each, cannot read within `percent` of its mean at every phase.

    None if none alone forbids it. A burst finds a pattern on at `on` of its phases: all phases together see on * count
    bursts, and each a whole number within what it may.
    """
    for length in range(2, 51):
        for on in range(max(1, length - 25), min(25, length - 1) + 1):
            slack = count * percent * (BASE_W * length + SWITCHED_W * on) // (SWITCHED_W * 100)  # of seen * length
            least = -((slack - on * count) // length)
            most = (on * count + slack) // length
            if not least * length <= on * count <= most * length:
                return on, length - on, least, most
    return None


def test_so_few_bursts_cannot_read_every_pattern_within_a_quarter_in_1_s_or_a_twentieth_in_4_whenever_they_come():
    # 45 bursts: one cycle on of 11 must be found 4 times at each of 11 places, 4 * 11 = 44 times in all. It is 45.
    assert forbidding(45, 5) == (1, 10, 4, 4)
    # 12 bursts: two cycles on of 23 must be found once at each of 23 phases, 23 times in all. It is 24.
    assert forbidding(12, 25) == (2, 21, 1, 1)
    for percent, cycles, needed in ((25, 50, 13), (5, 200, 66)):
        assert all(forbidding(count, percent) for count in range(1, needed))
        assert forbidding(needed, percent) is None and forbidding(cycles, percent) is None
        assert len(grid_bursts(False)) * cycles < needed * ROUNDS_TICKS, "enough now: demand it above"


def test_each_thing_has_its_turn_in_every_round_and_the_plug_each_80_ms():
    assert len(SLOTS) == ROUNDS_TICKS
    turns = list(SLOTS) * 2
    plugs = [tick for tick in range(len(turns)) if turns[tick] % PLUG_EVERY == 0]
    assert max(after - before for before, after in zip(plugs, plugs[1:])) <= 4
    for slot in range(12):
        at = [tick for tick in range(len(turns)) if turns[tick] == slot]
        assert len(at) == 8 and max(after - before for before, after in zip(at, at[1:])) <= 14


def test_the_meter_itself_shows_the_mean_of_a_load_that_switches_by_whole_cycles():
    waves = [sine_wave(watts * 1414214 // 230 / SCALES[0], 50) for watts in (BASE_W, BASE_W + SWITCHED_W)]
    volts = sine_wave(230 * 1.414214 * 3000 / 806, 50)
    for on, off in ((1, 1), (2, 2), (1, 3), (3, 1), (4, 9)):
        true_w = BASE_W + SWITCHED_W * on / (on + off)
        for phase in range(on + off):

            def amperes(us, on=on, off=off, phase=phase):
                return waves[(us // TICK_US + phase) % (on + off) < on](us)

            shown_w = readings(Chip(400, volts, amperes), 16)
            assert abs(sum(shown_w) / len(shown_w) - true_w) <= true_w * 0.25, (on, off, phase, shown_w)


def readings(chip, rounds):
    """What so many rounds show, once the frequency is known."""
    metering, inputs = make(), Inputs()
    shown_w = []
    tick = 0
    while len(shown_w) < rounds:
        chip.us = tick * TICK_US + 8000
        told = metering.rounds
        if metering.work(SLOTS[tick % ROUNDS_TICKS], True, False, inputs, tick * 20):
            measure(chip, metering.lock.rate, metering.sums)
        if metering.rounds != told and metering.lock.is_good and tick > 100:
            shown_w.append(inputs.grid_w)
        tick += 1
    return shown_w
