"""A charge that a person's program ended, by holding the chip, is that person's until the car takes energy again."""

from scene import SLOW_MS, Reference, Scene, charging, minds_nothing

from evse.app import text, verdict
from evse.record import ledger


def in_the_sun():
    """A scene that charges in mode solar, from all the sun there is."""
    scene = minds_nothing(Scene(Reference))
    scene.controller.settings.mode = "solar"
    scene.house_w = -3000
    scene.car = "B"
    scene.until(lambda each: each.state == "B2", 300000, SLOW_MS)
    scene.car = "C"
    scene.until(lambda each: each.permits, 3000)
    scene.run_ms(20000)
    return scene


def held(scene, gap_ms=100, is_held=True):
    """A gap between ticks, the contactor open by it."""
    scene.controller.note_gap(gap_ms, is_held)
    scene.tick(gap_ms)
    assert not scene.permits
    return scene


def booked(scene, span_ms, gap_ms=SLOW_MS):
    """The plug-in's seconds by cause in the next `span_ms`, those without left out."""
    at = scene.controller.ledger.row(0) + ledger.ROW_SPENT_S
    before = list(scene.controller.ledger.cells[at : at + ledger.CAUSE_COUNT])
    scene.run_ms(span_ms, gap_ms)
    after = scene.controller.ledger.cells[at : at + ledger.CAUSE_COUNT]
    spent_s = [(cause, after[cause] - before[cause]) for cause in range(ledger.CAUSE_COUNT)]
    return dict([each for each in spent_s if each[1]])


def test_the_gap_is_in_the_journal_with_its_cause():
    for is_held, words in ((True, "the REPL held the chip, ms 71"), (False, "ticks were late, ms 71")):
        journal = held(charging(Reference), 71, is_held).controller.journal
        lines = [text.event_line(journal, index) for index in range(journal.count)]
        assert [line.split(" s ", 1)[1] for line in lines if line.endswith(" 71")] == [words]


def test_the_wait_is_the_person_s_and_one_that_nobody_asked_for_the_charger_s():
    for is_held, cause in ((True, ledger.CAUSE_HELD), (False, ledger.CAUSE_SEQUENCE)):
        for phase_ms in range(0, 1000, 100):
            scene = charging(Reference)
            scene.run_ms(phase_ms)
            held(scene, 100, is_held)
            spent_s = booked(scene, 3000, 20)
            assert spent_s.get(cause, 0) >= 2 and set(spent_s) <= {cause, ledger.CAUSE_CHARGED}, (phase_ms, spent_s)


def test_a_car_that_does_not_come_back_is_not_the_car_s_fault():
    scene = held(charging(Reference))
    scene.car = "B"
    scene.run_ms(1100, SLOW_MS)  # the second in which it was held may be a charged one still
    assert booked(scene, 300000) == {ledger.CAUSE_HELD: 300}
    book = scene.controller.ledger
    said = list(text.verdict(book, 0, "")) + list(verdict.cases(book.evidence, 0))
    for line in said[1:]:  # today, the plug-in, and its case
        assert "setting" in line and "a program of a person's held the chip" in line, said
    assert len(said) == 4 and "a person's word" in verdict.ALLOWED[ledger.CAUSE_HELD]


def test_energy_ends_it_and_what_comes_after_is_as_ever():
    scene = held(charging(Reference))
    scene.car = "B"
    scene.until(lambda each: each.state == "B2", 10000, SLOW_MS)
    scene.car = "C"
    scene.until(lambda each: each.permits, 3000)
    scene.run_ms(2000)
    scene.car = "B"
    scene.run_ms(1100, SLOW_MS)
    assert booked(scene, 20000) == {ledger.CAUSE_FULL: 20}


def test_a_contactor_that_closed_onto_a_car_that_draws_nothing_ends_nothing():
    scene = held(charging(Reference))
    scene.car = "B"
    scene.until(lambda each: each.state == "B2", 10000, SLOW_MS)
    scene.over_ma = -scene.controller.offer.offer_ma
    scene.car = "C"
    scene.until(lambda each: each.permits, 3000)
    assert booked(scene, 20000) == {ledger.CAUSE_HELD: 20}


def test_a_new_plug_in_starts_clean():
    scene = held(charging(Reference))
    scene.car = "A"
    scene.run_ms(2000, SLOW_MS)
    scene.car = "B"
    scene.run_ms(1000, SLOW_MS)
    spent_s = booked(scene, 20000)
    assert ledger.CAUSE_HELD not in spent_s and spent_s[ledger.CAUSE_SLOW] >= 10


def test_want_of_sun_a_person_s_word_and_a_fault_keep_their_names_and_leave_the_hold_as_it_is():
    def dark(scene):
        scene.house_w = 300

    def sunny(scene):
        scene.house_w = -3000

    def stop(scene):
        scene.controller.wishes.stop()

    def start(scene):
        scene.controller.wishes.start()

    for begin, end, cause in ((dark, sunny, ledger.CAUSE_NO_SUN), (stop, start, ledger.CAUSE_STOPPED)):
        scene = held(in_the_sun())
        scene.car = "B"
        begin(scene)
        scene.run_ms(2000, SLOW_MS)
        assert booked(scene, 20000) == {cause: 20}
        end(scene)
        scene.run_ms(2000, SLOW_MS)
        assert booked(scene, 20000) == {ledger.CAUSE_HELD: 20}
    scene = held(in_the_sun())
    scene.is_tripped = True
    scene.run_ms(2000, SLOW_MS)
    assert booked(scene, 20000) == {ledger.CAUSE_FAULT: 20}


def test_the_wait_of_the_next_morning_is_not_the_hold_s():
    for dark_s in (ledger.DARK_S - 1, ledger.DARK_S):
        for base_s in (0, 2520 * 86400 + 43200):
            scene = held(in_the_sun())
            scene.controller.journal.base_s = base_s
            scene.run_ms(1000)
            scene.car = "B"  # after steady +12 V: it has not ended its charge itself
            scene.house_w = 300
            scene.run_ms(20000, SLOW_MS)
            scene.controller.ledger.dark_s = dark_s
            scene.house_w = -3000
            spent_s = booked(scene, 20000)
            assert spent_s.get(ledger.CAUSE_HELD, 0) == (20 if dark_s < ledger.DARK_S else 0), (dark_s, spent_s)


def test_the_seconds_in_which_it_was_held_are_the_person_s_too():
    for is_held, cause in ((True, ledger.CAUSE_HELD), (False, ledger.CAUSE_STALLED)):
        scene = charging(Reference)
        scene.controller.note_gap(2900, is_held)
        spent_s = booked(scene, 2900, 2900)
        for other, more_s in booked(scene, 1000, 20).items():
            spent_s[other] = spent_s.get(other, 0) + more_s
        assert spent_s[cause] >= 2 and (is_held == (ledger.CAUSE_STALLED not in spent_s)), spent_s
