"""Values that operators give to processes: of closed types, never a sentence."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from bpmn.feel import YearsMonths, compile_expression, from_python
from bpmn.host import Host
from bpmn.notation.tags import VARIABLE
from bpmn.spiff.errors import NoVariableName
from workflows.tending.errors import CaseNamed, ListTooLong, ValueNotKept

LONGEST_CODE = 100
LONGEST_LIST = 200
FEEL = "feel"
"""The one key of a JSON object that holds a value written in FEEL."""
CASE = "case_id"
"""By this variable diagrams know their case; no act on one case may name another."""

_CLOSED = (bool, Decimal, date, datetime, time, timedelta, YearsMonths)


def read_values(host: Host, given: Mapping[str, Any]) -> dict[str, Any]:
    """Make FEEL values of JSON; `{"feel": "date(…)"}` writes what JSON has no form for.

    Raises `NoVariableName`, `ListTooLong` and `ValueNotKept` for what a process may not hold, and
    `FeelError`.
    """
    return _closed({name: _read(host, value) for name, value in given.items()})


def _closed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Pass on what a process may hold: neither a value nor a name is a sentence."""
    for name, value in values.items():
        if len(name) > LONGEST_CODE or not VARIABLE.fullmatch(name):
            raise NoVariableName(name)
        parts = value if isinstance(value, list) else [value]
        if len(parts) > LONGEST_LIST:
            raise ListTooLong(name, LONGEST_LIST)
        if not all(map(_is_closed, parts)):
            raise ValueNotKept(name)
    return dict(values)


def routing(values: Mapping[str, Any], case: str | None = None) -> dict[str, Any]:
    """Pass on what an operator may give a process: it stays with its case.

    Raises `CaseNamed` too, unless what is named is the case that is meant anyway.
    """
    if CASE in values and (case is None or values[CASE] != case):
        raise CaseNamed(CASE)
    return _closed(values)


def _read(host: Host, value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {FEEL} and isinstance(value[FEEL], str):
        return compile_expression(value[FEEL], functions=host.functions).evaluate({}, host)
    return from_python(value)


def _is_closed(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_CODE and value.isprintable() and " " not in value
    return value is None or isinstance(value, _CLOSED)
