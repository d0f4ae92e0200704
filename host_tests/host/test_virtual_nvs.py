"""esp32.NVS: values survive resets, a commit costs a flash write and is seen by the judge.

Sources: esp32_nvs.c and IDF nvs_flash.rst; reference notes, section 6.
"""

import pytest

from rouse.virtual import host


def test_a_value_survives_a_reset_and_a_commit_takes_the_time_of_one():
    world = host.make_world()
    store = host.esp32.NVS("test")
    store.set_i32("wh", 123)
    store.commit()
    assert world.ms == 100
    world.hard_reset(host.machine.HARD_RESET)
    assert host.esp32.NVS("test").get_i32("wh") == 123


def test_the_judge_sees_a_commit_while_charging():
    world = host.make_world()
    host.Bench(world).charge()
    host.esp32.NVS("test").commit()
    assert "flash written" in world.judge.last[0]


def test_a_missing_key_and_one_too_long_are_errors():
    host.make_world()
    with pytest.raises(OSError, match="NOT_FOUND"):
        host.esp32.NVS("test").get_i32("none")
    with pytest.raises(OSError, match="TOO_LONG"):
        host.esp32.NVS("test").set_i32("a key of sixteen", 1)
