"""A table of due instants that is made another way: clocks on the wall, looked at one by one."""

from calendar import monthrange
from datetime import UTC, timedelta

MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)


def shown(instant, zone):
    """What clocks in the zone show: the only question the table asks of the time zone data."""
    return instant.astimezone(zone).replace(tzinfo=None)


def first_shown(wall, zone):
    """The first instant at which clocks show this; in a gap, the first at which they show more."""
    about = wall.replace(tzinfo=UTC)
    offsets = {shown(about + way, zone) - wall - way for way in (-A_DAY, A_DAY)}
    instants = sorted(about - offset for offset in offsets)
    for instant in instants:
        if shown(instant, zone) == wall:
            return instant
    minute = instants[0].replace(second=0, microsecond=0)
    while shown(minute, zone) < wall:
        minute += MINUTE
    return minute


def moved(wall, months, days):
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    day = min(wall.day, monthrange(year, month + 1)[1])
    return wall.replace(year=year, month=month + 1, day=day) + timedelta(days=days)


def expected(start, span, times, zone):
    """The instant so many spans after the start."""
    instant = start
    if span.months or span.days:
        wall = moved(shown(start, zone), span.months * times, span.days * times)
        instant = first_shown(wall, zone)
    return instant + span.exact * times
