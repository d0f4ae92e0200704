"""What the rows of the waking bench come to: per ladder, what it wakes, how late, and whom it locks out.

Knows rows and car files; nothing of how rows come about.
"""

from rouse.data.car_file import Car

Row = dict[str, object]
LIMIT_S = 300  # an unknown car, from the sun's return until current flows
KNOWN_S = 60  # a known one, beside the car's own waits and pulse
OURS = "rouse"


def own_waits_s(car: Car) -> int:
    """What the car itself needs: its pulse, its way out of sleep, its answer to an offer and its first current, s."""
    keys_ms = ("start_delay_ms", "wake_delay_ms", "lag_ms")
    pulse_ms = int(car["wake_pulse_ms"]) if car["wakes_on"] else 0
    waits_ms = sum(int(car[key]) for key in keys_ms) + pulse_ms
    return -(-waits_ms // 1000) + int(car["wakes_itself_s"])


def failures(cars: dict[str, Car], rows: list[Row], ladder: str) -> list[str]:
    """What keeps `ladder` from waking every car in eco that any method wakes, in time, with none locked out."""
    wakeable = {(row["car"], row["scene"]) for row in rows if row["woken"]}
    found = []
    for row in rows:
        if row["ladder"] != ladder:
            continue
        what = f"{row['car']} {row['scene']} {row['mode']}{' known' if row['known'] else ''}"
        late_s = LIMIT_S if not row["known"] else KNOWN_S + own_waits_s(cars[str(row["car"])])
        seconds = row["seconds_to_charge"]
        if row["locked_out"]:
            found.append(f"{what}: locked out")
        elif row["mode"] == "eco" and (row["car"], row["scene"]) in wakeable:
            if not row["woken"]:
                found.append(f"{what}: not woken")
            elif isinstance(seconds, int) and seconds > late_s:
                found.append(f"{what}: {seconds} s, {late_s} s allowed")
    return found


def ladders(rows: list[Row]) -> list[str]:
    """Every ladder, ours first."""
    names = list(dict.fromkeys(str(row["ladder"]) for row in rows))
    return sorted(names, key=lambda name: (name != OURS, names.index(name)))


def verdict(cars: dict[str, Car], rows: list[Row]) -> list[str]:
    """Lines for a person: each ladder's failures, counted and the first few named."""
    lines = []
    for name in ladders(rows):
        failed = failures(cars, rows, name)
        locked = len({line.split()[0] for line in failed if "locked out" in line})
        asleep = len({line.split()[0] for line in failed if "not woken" in line})
        named = "; ".join(failed[:3]) + ("; ..." if len(failed) > 3 else "")
        lines.append(f"{name:13} {asleep:2} cars left asleep, {locked:2} locked out, {len(failed):3} failures  {named}")
    return lines + ledger(rows)


def ledger(rows: list[Row]) -> list[str]:
    """A line for a person about how much of the lost time our ledger books right; none without lost time."""
    pairs = [(row.get("lost_minutes"), row.get("lost_minutes_right")) for row in rows]
    known = [(lost, right) for lost, right in pairs if isinstance(lost, float) and isinstance(right, float) and lost]
    if not known:
        return []
    lost_min, right_min = sum(lost for lost, _ in known), sum(right for _, right in known)
    least = min(right / lost for lost, right in known)
    return [
        f"{OURS:13} {right_min:.0f} of {lost_min:.0f} lost minutes booked to the true culprit,"
        f" {right_min / lost_min:.2%}; in the worst run {least:.2%}"
    ]
