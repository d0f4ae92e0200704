"""Dates and seconds since 2000-01-01, the epoch of the ESP32 port.

Knows the calendar; nothing of clocks.
"""

DAY_S = 86400
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days_in(year: int, month: int) -> int:
    """Length of a month, 1..12, of a year after 1999 and before 2100."""
    return 29 if month == 2 and year % 4 == 0 else _LENGTHS[month - 1]


def seconds_of(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    """Seconds from 2000-01-01 to that date."""
    days = day - 1
    for each in range(2000, year):
        days += 366 if each % 4 == 0 else 365
    for each in range(1, month):
        days += days_in(year, each)
    return days * DAY_S + hour * 3600 + minute * 60 + second


def date_of(seconds: int) -> "tuple[int, ...]":
    """(year, month, day, hour, minute, second, weekday from Monday 0, day of the year from 1)."""
    days, rest = seconds // DAY_S, seconds % DAY_S
    weekday = (days + 5) % 7  # 2000-01-01 was a Saturday
    year = 2000
    while days >= (366 if year % 4 == 0 else 365):
        days -= 366 if year % 4 == 0 else 365
        year += 1
    yearday = days + 1
    month = 1
    while days >= days_in(year, month):
        days -= days_in(year, month)
        month += 1
    return year, month, days + 1, rest // 3600, rest // 60 % 60, rest % 60, weekday, yearday
