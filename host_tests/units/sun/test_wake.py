"""The ladder: when a pulse is due, which, how it starts anew, and what ends it."""

from evse.safety.limits import PILOT_MINUS12, PILOT_OPEN
from evse.sun.car import Car, Patience
from evse.sun.wake import Wake

WHEEL_MS = 1 << 30
STEP_MS = 100
OFFER_MA = 16000
WITH_SWITCH = [(PILOT_OPEN, 46000), (PILOT_MINUS12, 12000)]
WITHOUT = [(PILOT_MINUS12, 46000)]


class Bench:
    """A ladder with its car and patience, and a clock that starts anywhere on the wheel."""

    def __init__(self, has_switch=True, start_ms=0, **record):
        self.car = Car()
        for name, value in record.items():
            setattr(self.car, name, value)
        self.patience = Patience(self.car)
        self.wake = Wake(has_switch, self.car, self.patience)
        self.start_ms = start_ms
        self.ran_ms = 0
        self.patience.plugged(0)

    @property
    def now_s(self):
        return self.ran_ms // 1000

    def offer(self, pause_s=0):
        """An offer after a pause of `pause_s`."""
        self.wake.is_due(False, OFFER_MA, self._now_ms(), self.now_s)
        self.patience.withdrawn(self.now_s)
        self.wake.withdrawn()
        self.ran_ms += pause_s * 1000
        self.wake.offered(self.now_s)

    def step(self, is_unanswered=True, offer_ma=OFFER_MA):
        """Whether a pulse is due now; time moves on by a step."""
        is_due = self.wake.is_due(is_unanswered, offer_ma, self._now_ms(), self.now_s)
        self.ran_ms += STEP_MS
        return is_due

    def pulses(self, length_s, is_unanswered=True):
        """(ms from now, pulse) of every pulse; one interrupts the offer for its own length, as the session does."""
        found = []
        from_ms = self.ran_ms
        while self.ran_ms < from_ms + length_s * 1000:
            at_ms = self.ran_ms - from_ms
            if self.step(is_unanswered):
                found.append((at_ms, (self.wake.pilot, self.wake.length_ms)))
                self.step(False)
                self.ran_ms += self.wake.length_ms
        return found

    def _now_ms(self):
        return (self.start_ms + self.ran_ms) % WHEEL_MS


def kinds(found):
    return [pulse for _, pulse in found]


def test_an_unknown_car_gets_one_long_open_pilot_and_minus_12_v_last():
    for start_ms in (0, WHEEL_MS - 31000):
        for has_switch, rungs in ((True, WITH_SWITCH), (False, WITHOUT)):
            bench = Bench(has_switch, start_ms)
            bench.offer()
            expected = []
            at_ms = 30000
            for rung in rungs:
                expected.append((at_ms, rung))
                at_ms += rung[1] + STEP_MS + 75000 + STEP_MS
            found = bench.pulses(600)
            assert kinds(found) == rungs
            for (found_ms, _), (at_ms, _) in zip(found, expected):
                assert 0 <= found_ms - at_ms <= 3 * STEP_MS, (found, expected)
            assert bench.wake.is_given_up and bench.car.bad == len(rungs)


def test_every_rung_is_over_within_five_minutes_of_the_sun_s_return():
    bench = Bench()
    bench.offer()
    last_ms, last = bench.pulses(600)[-1]
    assert 60000 + last_ms + last[1] <= 300000 - 60000, "a minute is left for the car itself"


def test_no_pulse_while_the_offer_is_answered():
    bench = Bench()
    bench.offer()
    assert bench.pulses(100, is_unanswered=False) == []
    assert bench.wake.attempts == 0


def test_a_break_in_the_offer_restarts_the_wait():
    bench = Bench()
    bench.offer()
    for _ in range(299):
        assert not bench.step()
    assert not bench.step(False)
    for _ in range(300):
        assert not bench.step()
    assert bench.step()


def test_a_car_that_must_not_see_minus_12_v_never_does():
    for has_switch in (True, False):
        bench = Bench(has_switch, minus12=0)
        bench.offer()
        assert kinds(bench.pulses(900)) == (WITH_SWITCH[:1] if has_switch else [])
        assert bench.wake.is_given_up


def test_a_car_known_to_wake_by_itself_gets_90_s():
    bench = Bench(itself=1)
    bench.offer()
    assert bench.pulses(95)[0][0] in range(90000, 90000 + STEP_MS + 1)


def test_a_known_car_gets_first_what_woke_it_and_then_only_what_is_more():
    for has_switch, record, expected in (
        (True, (PILOT_OPEN, 5000), [(PILOT_OPEN, 5000)] + WITH_SWITCH),
        (True, (PILOT_OPEN, 46000), WITH_SWITCH),
        (True, (PILOT_MINUS12, 12000), [(PILOT_MINUS12, 12000), (PILOT_OPEN, 46000)]),
        (True, (PILOT_MINUS12, 4000), [(PILOT_MINUS12, 4000)] + WITH_SWITCH),
        (False, (PILOT_OPEN, 5000), WITHOUT),  # it cannot open though the record says so
    ):
        bench = Bench(has_switch, pulse=record[0], pulse_ms=record[1], limit=10)
        bench.offer()
        assert kinds(bench.pulses(900)) == expected, (has_switch, record)


def test_a_car_that_surely_sleeps_is_not_waited_for():
    record = {"pulse": PILOT_OPEN, "pulse_ms": 5000, "sleeps_s": 600, "awake_s": 300}
    for pause_s, wait_ms in ((599, 30000), (600, 0), (601, 0)):
        bench = Bench(**record)
        bench.offer(pause_s)
        assert bench.pulses(40)[0][0] in range(wait_ms, wait_ms + STEP_MS + 1), pause_s
    bench = Bench(**(record | {"awake_s": 900}))
    bench.offer(900)
    assert bench.pulses(40)[0][0] >= 30000, "it was awake after as long a pause"


def test_its_pulse_may_come_before_the_offer():
    for pause_s, waiting_ms, is_due in (
        (600, 6000, True), (600, 6001, False), (600, 1, True), (600, 0, False),
        (599, 999, False), (599, 1000, True), (595, 5000, True), (594, 6000, False),
    ):  # fmt: skip
        bench = Bench(pulse=PILOT_OPEN, pulse_ms=5000, sleeps_s=600)
        bench.patience.withdrawn(0)
        assert bench.wake.is_early(waiting_ms, pause_s) == is_due, (pause_s, waiting_ms)
        assert not (is_due and bench.wake.is_early(waiting_ms, pause_s)), "once"


def test_what_woke_it_is_remembered():
    bench = Bench()
    bench.offer(700)
    assert kinds(bench.pulses(40)) == WITH_SWITCH[:1]
    bench.ran_ms += 9000
    bench.wake.car_answered(bench.now_s)
    car = bench.car
    assert (car.pulse, car.pulse_ms, car.sleeps_s) == (PILOT_OPEN, 46000, 700)
    assert 9 <= car.woke_s <= 20 and car.is_changed
    bench.offer(400)
    bench.wake.car_answered(bench.now_s)
    assert (car.sleeps_s, car.awake_s) == (700, 400)


def test_a_late_answer_after_two_pulses_is_the_first_one_s_doing_unless_that_is_known_to_be_prompt():
    first, second = WITH_SWITCH
    for record, until_s, answer_s, woke_by, woke_s in (
        ({}, 160, 40, second, 40), ({}, 160, 41, first, 75 + 12 + 41),  # Smart #1 takes 140 s, nobody 41 of -12 V
        ({"pulse": PILOT_OPEN, "pulse_ms": 46000}, 160, 41, second, 41),
        ({"pulse": PILOT_OPEN, "pulse_ms": 5000}, 240, 41, first, 75 + 12 + 41),
    ):  # fmt: skip
        bench = Bench(limit=10, **record)
        bench.offer(700)
        from_s = bench.now_s
        last_ms, last = bench.pulses(until_s)[-1]
        assert last == second
        bench.wake.car_answered(from_s + (last_ms + last[1]) // 1000 + answer_s)
        assert (bench.car.pulse, bench.car.pulse_ms) == woke_by, (record, answer_s)
        assert abs(bench.car.woke_s - woke_s) <= 1, (record, answer_s)
    bench.offer(700)
    bench.pulses(50)
    bench.wake.car_answered(bench.now_s + 60)
    assert bench.car.woke_s < 90, "its ladder began anew"


def test_an_answer_that_comes_much_later_was_not_the_pulse_s_doing():
    bench = Bench()
    bench.offer(700)
    bench.pulses(600)
    bench.wake.car_answered(bench.now_s + 401 + 12)
    assert bench.car.pulse == 0


def test_an_answer_starts_the_ladder_at_its_foot_but_gives_no_patience_back():
    bench = Bench(limit=5)
    given = []
    for _ in range(6):
        bench.offer(60)
        given += bench.pulses(35)
        bench.wake.car_answered(bench.now_s)
    assert kinds(given) == WITH_SWITCH[:1] * 4, "a limit of 5, less one"
    assert bench.wake.attempts == bench.patience.spent == 4


def test_a_car_that_ended_its_charge_gets_no_pulse():
    bench = Bench()
    bench.offer()
    bench.patience.proven_ma = 16000
    bench.wake.car_stopped(16000)
    assert bench.wake.is_full
    for _ in range(48):
        assert not bench.step()
        bench.ran_ms += 900000
    bench.wake.car_answered(bench.now_s)
    assert not bench.wake.is_full
    assert not bench.wake.is_given_up


def test_a_second_time_it_let_go_of_little_is_judged_anew():
    bench = Bench()
    for _ in range(2):
        bench.offer()
        bench.wake.car_stopped(7900)
        for _ in range(690):
            assert not bench.step(True, 9600)
        bench.wake.car_answered(bench.now_s)
    bench.wake.car_stopped(7900)
    assert not bench.step(True, 9600)
    bench.wake.withdrawn()
    assert not bench.wake.is_full


def test_it_is_full_after_longer_than_a_cooling_pause_and_if_more_than_it_let_go_of_does_not_bring_it_back():
    for offer_ma, later_ma, later_s, is_full in (
        (8000, 6000, 0, False), (8000, 6000, 69, False), (8000, 6000, 71, True), (7900, 6000, 100, False),
        (7900, 9600, 69, False), (7900, 9600, 71, True), (7900, 9500, 100, False),
    ):  # fmt: skip
        bench = Bench()
        bench.offer()
        bench.patience.proven_ma = 8000
        bench.wake.car_stopped(offer_ma)
        for _ in range(later_s * 1000 // STEP_MS):
            assert not bench.step(True, later_ma)
        bench.wake.withdrawn()
        assert bench.wake.is_full == is_full, (offer_ma, later_ma, later_s)


def test_a_person_takes_the_next_rung_within_the_budget():
    bench = Bench()
    taken = []
    for _ in range(4):
        if bench.wake.take_now(bench.now_s):
            taken.append((bench.wake.pilot, bench.wake.length_ms))
    assert taken == WITH_SWITCH
    assert bench.wake.attempts == 2


def test_unplugging_gives_everything_back():
    bench = Bench()
    bench.offer()
    bench.pulses(400)
    bench.wake.car_stopped(16000)
    bench.wake.forget()
    bench.patience.plugged(bench.now_s)
    wake = bench.wake
    assert (wake.attempts, wake.is_full, wake.is_given_up, wake.has_pulsed) == (0, False, False, False)
    bench.offer()
    assert kinds(bench.pulses(400)) == WITH_SWITCH


def test_given_up_only_after_the_last_pulse_had_its_time():
    bench = Bench()
    bench.offer()
    bench.pulses(200)
    from_ms = bench.ran_ms
    while not bench.wake.is_given_up:
        assert not bench.step()
    last_ms = 30000 + 46000 + 75000
    assert 75000 <= from_ms - last_ms - 12000 + bench.ran_ms - from_ms <= 75000 + 10 * STEP_MS
