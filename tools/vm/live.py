"""The virtual board inside the VM: a world that follows the host's clock, between one reset and the next.

Runs on MicroPython only, beside the firmware, which does not see it. `bridge` is the JavaScript side, board.mjs.
"""

import array
import json
import os
import sys

import bridge
import micropython
import person
import vfs

from virtual import stalls
from virtual.world import World

SOFT_RESET = 5
_is_due = bridge.isDue
_port_ilistdir = os.ilistdir

world = None
_armed = False  # a statement of the user runs
_waiting = False  # _between() is in the VM's queue
_busy = False  # the world is being moved: it must not be moved from in between


class LiveWorld(World):
    """A world whose stalls nobody interrupts."""

    def stall_ms(self, span_ms):
        """Time passes and no callback runs."""
        _alone(super().stall_ms, span_ms)

    def look_at_clock(self):
        """A program watches the clock."""
        _alone(super().look_at_clock)


def _alone(spend, *arguments):
    """What `spend`, which lets time pass, gives, while nobody else moves the world."""
    global _busy
    was_busy = _busy
    _busy = True
    result = spend(*arguments)
    _busy = was_busy
    if _armed:
        arm()
    return result


def begin(job):
    """Build the world of `job` (JSON: board, car, chip, plugged, state), put the fakes in place; its ms."""
    global world
    job = json.loads(job)
    world = LiveWorld(job["board"], job["car"], job["chip"])
    world.load_day(_read_day("/fake/solar.bin"), _read_day("/fake/house.bin"))
    if job["state"] is not None:
        world.restore(job["state"])
        world.refresh()
    elif job["plugged"]:
        world.plug()
    import time

    time.sleep_ms = _sleep_ms
    time.sleep = _sleep
    for name in os.listdir("/fake"):
        if name.endswith(".py"):
            __import__(name[:-3])
    _read_alone(sys.modules["machine"])
    os.ilistdir = _ilistdir
    sys.path.pop(0)
    vfs.umount("/")  # from here on the chip's flash is all there is, as `mpremote fs ls` should show it
    vfs.mount(vfs.VfsPosix("/flash"), "/")
    os.chdir("/")
    stalls.install_imports()  # of what lies on that flash; writes and prints are seen by the JavaScript side
    return world.ms


def _read_alone(machine):
    """Have nobody else move the world while a program reads an ADC."""

    class ADC(machine.ADC):
        def read_u16(self):
            return _alone(super().read_u16)

        def read_uv(self):
            return _alone(super().read_uv)

    machine.ADC = ADC


def _ilistdir(folder="."):
    """As littlefs has it: with the size, which this port leaves out."""
    for entry in _port_ilistdir(folder):
        is_folder = entry[1] & 0x4000
        size = 0 if is_folder else os.stat(folder + "/" + entry[0])[6]
        yield entry[:3] + (size,)  # noqa: RUF005  no starred items in this Python


def _read_day(path):
    with open(path, "rb") as file:
        return array.array("i", file.read())


def run_file(name, names):
    """Run boot.py or main.py if it is there; a traceback goes to the console, as on the chip."""
    try:
        with open(name) as file:
            text = file.read()
    except OSError:
        return
    try:
        exec(compile(text, name, "exec"), names)
    except SystemExit:
        pass  # a reset, which turn() carries out
    except BaseException as error:
        sys.print_exception(error)


def arm():
    """From here on Python runs for longer: keep time going in between."""
    global _armed, _waiting
    _armed = True
    if not _waiting:
        _waiting = True
        micropython.schedule(_between, None)


def disarm():
    """The statement is over."""
    global _armed
    _armed = False


def _between(_):
    """At some jump of the statement that runs; this port has no other hook there than its own queue."""
    global _waiting
    _waiting = False
    if _armed and not _busy:
        if _is_due():
            turn()
        arm()


def turn():
    """Let simulated time follow the host's clock a little, do a person's commands, carry out a reset."""
    global _busy
    _busy = True
    printed = bridge.printed()
    if printed:
        world.print_chars(printed)
    line = bridge.command()
    if line is not None:
        bridge.answer(json.dumps(dict(person.obey(world, line), has_booted=bridge.hasBooted())))
    ms = bridge.turn(world.ms)
    if ms > world.ms:
        world.run_ms(ms - world.ms)
    if world.reset_request is not None:
        leave(world.reset_request)
    _busy = False


def exit():
    """The REPL gave up: Ctrl-D, or SystemExit, which is how machine.reset() leaves too; does not return."""
    leave(SOFT_RESET if world.reset_request is None else world.reset_request)


def leave(cause):
    """Reset the chip for `cause` and hand the world to the next VM; does not return."""
    global _busy
    _busy = True
    if cause == SOFT_RESET:
        world.soft_reset()
    else:
        world.hard_reset(cause)
    bridge.leave(cause, json.dumps(world.state()))


def flash_written(byte_count):
    """A file was committed: the stall, and the judge's opinion; the ms after it."""
    judge = world.judge
    judge.owner_writing = not world.scheduler.in_callback  # typed at the console, not written by the tick
    _alone(world.flash_write, byte_count)
    judge.owner_writing = False
    return world.ms


def compiled(line_count):
    """So many lines typed at the console are about to run: the stall; the ms after it."""
    _alone(world.compile_lines, line_count)
    return world.ms


def _sleep_ms(span_ms):
    if world.scheduler.in_callback:
        world.stall_ms(span_ms)
        return
    end_ms = world.ms + span_ms
    while world.ms < end_ms:
        bridge.rest()  # the jump back to `while` runs _between()


def _sleep(span_s):
    _sleep_ms(int(span_s * 1000))
