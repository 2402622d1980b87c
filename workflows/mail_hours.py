"""When people may be written to: on open days, during the day."""

from datetime import datetime, time

from workflows import calendar
from workflows.calendar import MORNING, ZONE

EVENING = time(19, 0)


def is_mail_time(now: datetime) -> bool:
    local = now.astimezone(ZONE)
    return calendar.is_open(local.date()) and MORNING <= local.time() < EVENING


def next_mail_time(now: datetime) -> datetime:
    """Now, or 08:00 on the next day on which the office is open."""
    local = now.astimezone(ZONE)
    if is_mail_time(now):
        return now
    early = calendar.is_open(local.date()) and local.time() < MORNING
    day = local.date() if early else calendar.add_working_days(local.date(), 1)
    return datetime.combine(day, MORNING, ZONE)
