"""Dates, times and durations: reading them, writing them, taking them apart."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bpmn.feel.values import YearsMonths

DATE = re.compile(r"(-?(?:\d{4}|[1-9]\d{4,8}))-(\d\d)-(\d\d)", re.ASCII)
TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?(Z|z|[+-]\d\d:[0-5]\d(?::[0-5]\d)?|@[A-Za-z][\w+/-]{0,60})?",
    re.ASCII,
)
MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?", re.ASCII)
DAYS = re.compile(
    r"(-)?P(?=[\dT])(?:(\d{1,9})D)?"
    r"(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,15})(?:\.(\d{0,30}))?S)?)?",
    re.ASCII,
)
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a bare number line; offsets are subtracted first
DAY = timedelta(days=1)


def read_date(text: str) -> date | None:
    found = DATE.fullmatch(text)
    return None if found is None else make_date(*(int(part) for part in found.groups()))


def make_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def read_time(text: str) -> time | None:
    found = TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute, second, fraction, zone = found.groups()
    try:
        return time(
            int(hour), int(minute), int(second), _milliseconds(fraction), tzinfo=_zone(zone)
        )
    except ValueError:
        return None


def read_datetime(text: str, local: tzinfo | None) -> datetime | None:
    """Read a date and time; one without an offset is meant in the `local` zone."""
    day, separator, clock = text.partition("T")
    on = read_date(day)
    at = read_time(clock) if separator else time()
    return None if on is None or at is None else combine(on, at, local)


def combine(on: date, at: time, local: tzinfo | None) -> datetime:
    together = datetime.combine(on, at)
    return together if together.tzinfo is not None else together.replace(tzinfo=local)


def read_duration(text: str) -> timedelta | YearsMonths | None:
    found = MONTHS.fullmatch(text)
    if found is not None:
        years, months = (int(part or 0) for part in found.groups()[1:])
        total = years * 12 + months
        return YearsMonths(-total if found.group(1) else total)
    found = DAYS.fullmatch(text)
    if found is None:
        return None
    sign, days, hours, minutes, seconds, fraction = found.groups()
    try:
        return (-1 if sign else 1) * timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            microseconds=_microseconds(fraction),
        )
    except OverflowError:
        return None


def read_any(text: str, local: tzinfo | None) -> Any:
    """Read what stands behind `@`."""
    if "P" in text[:2]:
        return read_duration(text)
    if "T" in text.partition("@")[0]:
        return read_datetime(text, local)
    return read_time(text) if ":" in text else read_date(text)


def _milliseconds(fraction: str | None) -> int:
    """Read a moment no finer than the conformance suite compares it; in microseconds."""
    return _microseconds((fraction or "")[:3])


def _microseconds(fraction: str | None) -> int:
    return int((fraction or "").ljust(6, "0")[:6])


def _zone(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text in {"Z", "z"}:
        return UTC
    if text.startswith("@"):
        return _named_zone(text[1:])
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    if hours > 14:
        raise ValueError(text)
    return timezone(-length if text[0] == "-" else length)


def _named_zone(name: str) -> tzinfo:
    found = _find_zone(name)
    if found is None:
        raise ValueError(name)
    return found


@lru_cache(maxsize=1_000)
def _find_zone(name: str) -> ZoneInfo | None:
    """Look a zone up. To ask first for all that exist would take longer than a formula may."""
    if name.startswith(("posix", "right/", "localtime")):
        return None  # files of the machine, not names of zones
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def instant(moment: datetime) -> timedelta:
    """Place a date and time on one line, so that offsets and summer time do not matter."""
    return moment.replace(tzinfo=None) - EPOCH - (moment.utcoffset() or timedelta())


def same_kind_of_zone(one: datetime | time, other: datetime | time) -> bool:
    return (one.tzinfo is None) == (other.tzinfo is None)


def parts_of_duration(length: timedelta) -> dict[str, Decimal]:
    sign = -1 if length < timedelta() else 1
    whole = abs(length)
    minutes, seconds = divmod(whole.seconds, 60)
    fraction = Decimal(whole.microseconds).scaleb(-6)
    return {
        "days": Decimal(sign * whole.days),
        "hours": Decimal(sign * (minutes // 60)),
        "minutes": Decimal(sign * (minutes % 60)),
        "seconds": sign * (seconds + fraction),
    }


def write_duration(length: timedelta) -> str:
    parts = {key: abs(value) for key, value in parts_of_duration(length).items()}
    day = f"{parts['days']}D" if parts["days"] else ""
    clock = "".join(
        f"{parts[key].normalize():f}{key[0].upper()}"
        for key in ("hours", "minutes", "seconds")
        if parts[key]
    )
    sign = "-" if length < timedelta() else ""
    return f"{sign}P{day}{'T' + clock if clock else ''}" if day or clock else "PT0S"


def write_months(length: YearsMonths) -> str:
    years, months = abs(length.years), abs(length.months)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return f"{'-' if length.total < 0 else ''}P{text or '0M'}"


def write_time(moment: time | datetime) -> str:
    """Write a time of day, with the fraction and the zone that it has."""
    text = moment.strftime("%H:%M:%S")
    if moment.microsecond:
        text += f".{moment.microsecond:06d}".rstrip("0")
    return text + _write_zone(moment.tzinfo)


def write_datetime(moment: datetime) -> str:
    return f"{moment.date().isoformat()}T{write_time(moment)}"


def _write_zone(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None) or timedelta()
    if not offset:
        return "Z"
    seconds = abs(int(offset.total_seconds()))
    text = f"{'-' if offset < timedelta() else '+'}{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    return text + (f":{seconds % 60:02d}" if seconds % 60 else "")
