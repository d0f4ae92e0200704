"""The journal's ring: order, and what is dropped when full."""

from evse.record import facts
from evse.record.facts import CAPACITY, Journal


def filled(count):
    """A journal after `count` events whose value is their number."""
    ring = Journal(0)
    for number in range(count):
        ring.add(1000 + number, number % 19, number)
    return ring


def test_the_last_events_are_kept_in_order_and_the_others_counted():
    for count in (0, 1, 2, CAPACITY - 1, CAPACITY, CAPACITY + 1, 2 * CAPACITY + 3):
        ring = filled(count)
        kept = min(count, CAPACITY)
        assert (ring.count, ring.dropped, ring.added) == (kept, count - kept, count), count
        for index in range(kept):
            number = count - kept + index
            assert ring.event(index) == (1000 + number, number % 19, number), (count, index)


def test_after_saving_it_starts_over():
    ring = filled(CAPACITY + 10)
    ring.forget()
    assert (ring.count, ring.dropped) == (0, 0)
    ring.add(-7, facts.EVENT_BOOT, 1)
    assert (ring.count, ring.event(0)) == (1, (-7, facts.EVENT_BOOT, 1))
