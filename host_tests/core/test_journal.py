"""The journal's ring: order, what is dropped when full, and text."""

from evse.core import journal
from evse.core.journal import CAPACITY, NAMES, Journal


def filled(count):
    """A journal after `count` events whose value is their number."""
    ring = Journal()
    for number in range(count):
        ring.add(1000 + number, number % len(NAMES), number)
    return ring


def test_the_last_events_are_kept_in_order_and_the_others_counted():
    for count in (0, 1, 2, CAPACITY - 1, CAPACITY, CAPACITY + 1, 2 * CAPACITY + 3):
        ring = filled(count)
        kept = min(count, CAPACITY)
        assert (ring.count, ring.dropped) == (kept, count - kept), count
        for index in range(kept):
            number = count - kept + index
            expected = f"{1000 + number} s {NAMES[number % len(NAMES)]} {number}"
            assert ring.line(index) == expected, (count, index)


def test_after_saving_it_starts_over():
    ring = filled(CAPACITY + 10)
    ring.forget()
    assert (ring.count, ring.dropped) == (0, 0)
    ring.add(7, journal.BOOT, 1)
    assert (ring.count, ring.line(0)) == (1, "7 s boot, cause 1")


def test_every_code_has_its_name():
    values = [getattr(journal, name) for name in dir(journal) if name[0].isupper() and name != "CAPACITY"]
    assert sorted([value for value in values if isinstance(value, int)]) == list(range(len(NAMES)))
