"""The watch on the contactor: welded 200 ms after it was told to open, missing 1 s after it was told to close."""

from evse.safety.guard import ContactorWatch

WHEEL_MS = 1 << 30


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
