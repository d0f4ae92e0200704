"""A charger's life by a script, for both interpreters: what happens, and what car, mains and people see of it.

Knows the world's people and plant, and what is typed at the REPL; nothing of the firmware's inside.
"""

LOOK_MS = 5


def acts(world):
    """What people do to a charger, and parts that fail, by name; each takes a value."""
    return {
        "plug": lambda _: world.plug(),
        "unplug": lambda _: world.unplug(),
        "press": world.press,
        "sun": lambda w: world.load_day((w,), (300,)),
        "leak": world.leak,
        "stall": world.stall_ms,
        "short": lambda side: setattr(world.pilot, "short", side),
        "diode": lambda has: setattr(world.pilot, "has_diode", has),
        "heat": lambda cdeg: setattr(world, "temperature_cdeg", cdeg),
        "cable": lambda ohm: setattr(world, "cable_ohm", ohm),
        "asleep": lambda is_asleep: setattr(world.mood, "asleep", is_asleep),
    }


def typed(evse, tune, line):
    """What a person types; a refusal is told."""
    try:
        exec(line, {"evse": evse, "tune": tune})
    except (ValueError, AttributeError) as error:
        print("refused", error)


def play(world, evse, tune, script):
    """Live it, an event (name, value, wait_ms) at each next(); prints each change as the car and the mains see it."""
    last = None
    known = acts(world)
    for name, value, wait_ms in script:
        print("at", world.ms, name, value)
        if name == "type":
            typed(evse, tune, value)
        else:
            known[name](value)
            world.refresh()
        end_ms = world.ms + wait_ms
        while world.ms < end_ms:
            world.run_ms(LOOK_MS)
            pilot = world.pilot
            seen = (pilot.inlet(), pilot.duty_u16, pilot.is_open, world.contactor.held, world.contactor.energised)
            if seen != last:
                last = seen
                print("saw", world.ms, *seen)
        yield
    for key, value in sorted(evse.status().values.items()):
        print("status", key, value)
    with open("journal.txt") as file:
        print(file.read())
    print("judged", world.judge.violations)
