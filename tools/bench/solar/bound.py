"""The clairvoyant: the most that any charger could get at two prices, by dynamic programme over the whole day.

Knows the future, switches at once, follows exactly; bounds what can be had for that import and those starts.
"""

from collections.abc import Sequence

from rouse.bench.solar.loop import CEILING_W, FLOOR_W, VOLTS, Run


def clairvoyant(surplus_w: Sequence[int], import_price: float, start_wh: float) -> Run:
    """The day that maximises solar - import_price * import - start_wh * starts."""
    drawn_w = [min(max(each, FLOOR_W), CEILING_W) for each in surplus_w]
    start_ws = start_wh * 3600
    off, on = 0.0, -start_ws
    was_on = []  # for each second: whether the best way to be off, and on, was on the second before
    for surplus, ev_w in zip(surplus_w, drawn_w, strict=True):
        sun_w = max(0, min(ev_w, surplus))
        gain = sun_w - import_price * (ev_w - sun_w)
        was_on.append((on > off, on >= off - start_ws))
        off, on = max(off, on), max(on, off - start_ws) + gain
    is_on = on > off
    ev: list[int] = []
    for ev_w, before in zip(reversed(drawn_w), reversed(was_on), strict=True):
        ev.append(ev_w if is_on else 0)
        is_on = before[is_on]
    ev.reverse()
    return Run(surplus_w, ev, [each * 1000 // VOLTS for each in ev])
