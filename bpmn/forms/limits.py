"""How much, how many and when: the limits of an answer, and the sentence for one that passes them."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Context, Decimal
from typing import Any

from bpmn.forms.form import COUNTED_KINDS, Field, FieldKind
from bpmn.host import Host
from bpmn.wording import Sentence, say

MOST_FILES = 5

_EXACT = Context(prec=120)
"""Wide enough to divide the longest answer by the smallest step."""

LimitOf = Callable[[str], Any]
"""The value of a limit as it stands in the form; None when there is none now."""


def number_text(number: Decimal) -> str:
    """Write a number as people here do, with a comma and without powers of ten."""
    return f"{number:f}".replace(".", ",")


def literal(text: str) -> Decimal | None:
    """Return a limit that can be known without answers."""
    return None if text.startswith("=") else Decimal(text)


def trespass(field: Field, value: Any, limit_of: LimitOf, host: Host) -> Sentence | None:
    """Say which limit the value passes; None when it keeps within all of them."""
    rules = field.rules
    if field.kind in COUNTED_KINDS:
        return _wrong_count(field, len(value), limit_of)
    if rules.increment is not None and _EXACT.remainder(value, rules.increment) != 0:
        step = number_text(rules.increment)
        return say("Only multiples of %(step)s are possible.", step=step)
    if rules.not_past and _day(value, host) < _day(host.now(), host):
        return say("This day has passed already.")
    least = limit_of(rules.minimum) if rules.minimum else None
    if (alike := _alike(least, value, host)) is not None and value < alike:
        return _too_small(least if type(least) is date else alike, host)
    most = limit_of(rules.maximum) if rules.maximum else None
    if (alike := _alike(most, value, host)) is not None and value > alike:
        return _too_big(most if type(most) is date else alike, host)
    return None


def most_files(field: Field) -> int:
    """Return how many files a field takes at most, whatever its formulas say."""
    return MOST_FILES if field.looks.several_files else 1


def _wrong_count(field: Field, count: int, limit_of: LimitOf) -> Sentence | None:
    rules = field.rules
    least = limit_of(rules.minimum) if rules.minimum else None
    if isinstance(least, Decimal) and count < least:
        return _too_few(least)
    most = limit_of(rules.maximum) if rules.maximum else None
    if isinstance(most, Decimal) and count > most:
        return _too_many(most)
    if field.kind is FieldKind.FILES and count > most_files(field):
        return _too_many(Decimal(most_files(field)))
    if field.looks.fixed_rows and count > field.looks.rows:
        return _too_many(Decimal(field.looks.rows))
    return None


def _too_few(least: Decimal) -> Sentence:
    if least == 1:
        return say("At least one entry is needed.")
    return say("At least %(least)s entries are needed.", least=number_text(least))


def _too_many(most: Decimal) -> Sentence:
    if most == 1:
        return say("Only one entry is possible here.")
    return say("At most %(most)s entries are possible.", most=number_text(most))


def _alike(limit: Any, value: Any, host: Host) -> Any:
    """Let a day limit an instant and an instant a day; a limit of another kind limits nothing."""
    if isinstance(value, datetime) and isinstance(limit, date) and not isinstance(limit, datetime):
        return value.astimezone(host.zone).replace(
            year=limit.year, month=limit.month, day=limit.day
        )
    if isinstance(limit, datetime) and not isinstance(value, datetime) and isinstance(value, date):
        return _day(limit, host)
    if isinstance(value, time) and isinstance(limit, time):
        return _clock(limit, host)
    return limit if type(limit) is type(value) else None


def _day(value: date, host: Host) -> date:
    return value.astimezone(host.zone).date() if isinstance(value, datetime) else value


def _clock(limit: time, host: Host) -> time:
    """Return a time of another zone or offset as the clocks here show it today."""
    if limit.tzinfo is None:
        return limit
    today = _day(host.now(), host)
    return datetime.combine(today, limit).astimezone(host.zone).time()


def _too_small(least: Any, host: Host) -> Sentence:
    if isinstance(least, Decimal):
        return say("This must be at least %(limit)s.", limit=number_text(least))
    return say("This must not be before %(limit)s.", limit=_shown(least, host))


def _too_big(most: Any, host: Host) -> Sentence:
    if isinstance(most, Decimal):
        return say("This must be at most %(limit)s.", limit=number_text(most))
    return say("This must not be after %(limit)s.", limit=_shown(most, host))


def _shown(limit: Any, host: Host) -> str:
    if isinstance(limit, datetime):
        return limit.astimezone(host.zone).strftime("%d.%m.%Y %H:%M")
    return limit.strftime("%d.%m.%Y") if isinstance(limit, date) else f"{limit:%H:%M}"
