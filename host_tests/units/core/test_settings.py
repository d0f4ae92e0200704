"""The settings: every range from both sides, and that a bad value changes nothing."""

from evse.safety.limits import MAX_BOARD_MA, MAX_FUSE_MA
from evse.settings import MODES, TABLE, Settings, as_dict, check, put, reset


def refused(action, *arguments):
    """The error that `action` raises, None when it raises none."""
    try:
        action(*arguments)
    except (KeyError, ValueError) as error:
        return error
    return None


def test_every_default_lies_in_its_range_and_is_in_force():
    settings = Settings()
    for name, unit, lowest, highest, meaning in TABLE:
        value = as_dict(settings)[name]
        assert value == getattr(settings, name)
        assert value in MODES if name == "mode" else lowest <= value <= highest, name
        assert meaning and isinstance(unit, str), name
    assert as_dict(settings) == settings.__dict__ and len(settings.__dict__) == len(TABLE)


def test_every_range_from_both_sides():
    defaults = as_dict(Settings())
    for name, _, lowest, highest, _ in TABLE:
        if name == "mode":
            continue
        for good in (lowest, lowest + 1, defaults[name], highest - 1, highest):
            if lowest <= good <= highest:
                assert check(name, good) == good, (name, good)
        for bad in (lowest - 1, highest + 1):
            assert str(lowest) in str(refused(check, name, bad)), (name, bad)
    for name, most_ma in (("max_ma", MAX_BOARD_MA), ("fuse_ma", MAX_FUSE_MA)):  # of the board file's figure
        assert check(name, most_ma) and refused(check, name, most_ma + 1)


def test_a_wrong_type_is_refused_with_the_unit():
    for name, unit, _, _, _ in TABLE:
        for bad in (None, "6000", True, False, [], 7.5):
            error = refused(check, name, bad)
            assert isinstance(error, ValueError) and name in str(error), (name, bad)
            assert name == "mode" or unit in str(error)


def test_there_are_five_modes_and_no_other_is_taken():
    assert len(MODES) == 5
    for mode in ("off", "fast", "solar", "eco", "min"):
        assert check("mode", mode) == mode
    for bad in ("", "Solar", "sun", 0):
        assert "off, fast, solar" in str(refused(check, "mode", bad)), bad


def test_an_unknown_name_is_refused():
    for action in (lambda name: check(name, 1), lambda name: put(Settings(), name, 1)):
        error = refused(action, "max_amps")
        assert isinstance(error, KeyError) and "max_amps" in str(error)


def test_set_applies_a_good_value_and_a_bad_one_changes_nothing():
    settings = Settings()
    put(settings, "max_ma", 10000)
    assert settings.max_ma == 10000
    before = as_dict(settings)
    for name, bad in (("max_ma", 5999), ("max_ma", 63001), ("mode", "sun"), ("start_wh", "60"), ("nonesuch", 1)):
        assert refused(put, settings, name, bad) is not None, (name, bad)
        assert as_dict(settings) == before
    reset(settings)
    assert as_dict(settings) == as_dict(Settings())
