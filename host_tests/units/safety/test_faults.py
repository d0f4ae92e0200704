"""The fault bits: latched, counted for the lamp, and cleared but for one."""

from evse.app import text
from evse.core.face import blinks
from evse.safety import guard
from evse.safety.guard import Faults

BITS = [1 << place for place in range(len(text.FAULTS))]


def test_each_bit_has_a_name_and_its_place_is_its_blink_code():
    found = [getattr(guard, name) for name in dir(guard) if name.startswith("FAULT_")]
    assert sorted([value for value in found if isinstance(value, int)]) == BITS
    for place, bit in enumerate(BITS):
        assert blinks(bit) == place + 1, bit


def test_of_several_faults_the_first_blinks():
    for bits in range(1, 1 << len(text.FAULTS)):
        expected = min(place + 1 for place, bit in enumerate(BITS) if bits & bit)
        assert blinks(bits) == expected, bits
    assert blinks(0) == 0


def test_faults_add_up_and_only_a_broken_settings_file_outlives_a_clear():
    latched = Faults()
    assert latched.bits == 0
    for count, bit in enumerate(BITS):
        latched.latch(bit)
        latched.latch(bit)
        assert latched.bits == (2 << count) - 1
    latched.clear()
    assert latched.bits == guard.FAULT_SETTINGS
