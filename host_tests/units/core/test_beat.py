"""The tick's clock: a grid of 20 ms that lateness does not move, the busy share, and who had the chip."""

from evse.core.beat import PERIOD_MS, Beat

WHEEL_MS = 1 << 30  # time.ticks_ms() begins again at 0


def beat_from(start_ms):
    beat = Beat()
    beat.begin(start_ms % WHEEL_MS)
    return beat


def make(beat, now_ms, length_ms):
    """A tick of so many ms."""
    beat.made(now_ms % WHEEL_MS)
    beat.ended((now_ms + length_ms) % WHEEL_MS, length_ms * 1000)


def test_a_tick_is_due_at_each_20_ms_of_the_grid_once_whenever_the_last_one_came():
    for start_ms in (0, 7, WHEEL_MS - 130):
        for late_ms in range(0, 90):
            beat = beat_from(start_ms)
            assert not beat.is_due((start_ms + 19) % WHEEL_MS)
            at_ms = start_ms + PERIOD_MS + late_ms
            assert beat.is_due(at_ms % WHEEL_MS)
            make(beat, at_ms, 0)
            grid_ms = start_ms + (at_ms - start_ms) // 20 * 20 + 20  # the next place on the grid
            for now_ms in range(at_ms, at_ms + 50):
                assert beat.is_due(now_ms % WHEEL_MS) == (now_ms >= grid_ms), (start_ms, late_ms, now_ms)
                assert beat.room_ms(now_ms % WHEEL_MS) == max(0, grid_ms - now_ms)


def test_a_tick_broken_off_is_still_due():
    beat = beat_from(0)
    assert beat.is_due(20) and beat.is_due(33)


def test_the_chip_was_held_when_most_of_the_gap_was_neither_a_tick_nor_a_wait_for_the_next_one():
    # A tick from 20 to 20 + length; the next is due at 40 and comes at the end of a gap.
    for length_ms in (5, 15, 30, 60):
        for gap_ms in range(20, 200):
            if gap_ms < length_ms:
                continue
            beat = beat_from(0)
            make(beat, 20, length_ms)
            ready_ms = max(20, length_ms)  # from the tick's begin on it could have come
            assert beat.is_held(20 + gap_ms) == ((gap_ms - ready_ms) * 2 > gap_ms), (length_ms, gap_ms)


def test_the_busy_share_is_of_ten_seconds_and_shown_after_one():
    for start_ms in (0, WHEEL_MS - 5000):
        beat = beat_from(start_ms)
        shown = []
        for tick in range(1, 1501):
            make(beat, start_ms + 20 * tick, 5 if tick <= 550 else 15)
            if tick % 50 == 0:
                beat.weigh((start_ms + 20 * tick) % WHEEL_MS)
                shown.append(beat.busy_percent)
        assert shown == [25] * 20 + [75] * 10, shown  # windows end at 1, 11 and 21 s
