"""What formulas mean, family by family."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bpmn.feel import Range, YearsMonths, compile_expression, compile_unary_tests

BERLIN = ZoneInfo("Europe/Berlin")


class Noon:
    """A clock that stands at noon, Berlin time."""

    zone = BERLIN

    @staticmethod
    def now():
        return datetime(2026, 11, 22, 11, tzinfo=UTC)


CASE = {
    "stage": 5,
    "name": "Lärm im Hof",
    "nobody": None,
    "route": "mediation",
    "points": [1, 5, 9],
    "parties": [
        {"name": "Frau Ähre", "age": 34, "role": "resident"},
        {"name": "Herr Birke", "age": 17, "role": "pupil"},
    ],
    "school": {"place": {"quarter": "Nord"}, "days": 12},
    "received": datetime(2026, 3, 27, 10, tzinfo=BERLIN),
}


def value(text, **more):
    return compile_expression(text).evaluate({**CASE, **more}, Noon())


def check(text, expected):
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


def number(text):
    return Decimal(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", number("7")),
        ("(1 + 2) * 3", number("9")),
        ("2 ** 3 ** 2", number("64")),
        ("-2 ** 2", number("4")),
        ("10 / 4", number("2.5")),
        ("1 / 0", None),
        ("0.1 + 0.2", number("0.3")),
        ("1 / 3 * 3 = 1", False),
        ("1.5e3", number("1500")),
        ('1 + "a"', None),
        ('"a" + "b"', "ab"),
        ("10 ** 9000", None),
        ("stage - 1", number("4")),
    ],
)
def test_numbers_are_exact_decimals_and_wrong_kinds_are_null(text, expected):
    check(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true and null", None),
        ("false and null", False),
        ("null and false", False),
        ("true or null", True),
        ("false or null", None),
        ("not(null)", None),
        ("not(false)", True),
        ('true and "yes"', None),
        ("nobody = null", True),
        ("nobody != null", False),
        ("nobody > 3", None),
        ("unknown", None),
        ("is defined(unknown)", False),
        ('1 = "1"', None),
        ('stage = 5 and route = "mediation" or false', True),
    ],
)
def test_logic_has_three_values(text, expected):
    check(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stage in [1..5]", True),
        ("stage in [1..5)", False),
        ("stage in ]5..9]", False),
        ("stage in (1..5)", False),
        ("stage in (< 3, > 4)", True),
        ("stage in > 4", True),
        ('route in ("shuttle", "mediation")', True),
        ("stage in [3, 5]", True),
        ("stage between 3 and 7 and true", True),
        ("(< 5)", Range(None, Decimal(5), low_included=False, high_included=False)),
        ("[1..5].end", number("5")),
        ('"m" in ["a".."z"]', True),
        ("before(1, [2..3])", True),
        ("[1..5] = [1..5]", True),
        ("stage instance of number", True),
        ("points instance of list<number>", True),
        ("nobody instance of Null", True),
        ('duration("P1D") instance of days and time duration', True),
    ],
)
def test_values_are_tested_against_ranges_lists_and_types(text, expected):
    check(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("points[1]", number("1")),
        ("points[-1]", number("9")),
        ("points[4]", None),
        ("points[item > 4]", [number("5"), number("9")]),
        ('parties[role = "pupil"].name', ["Herr Birke"]),
        ("parties[item.age > 18][1].name", "Frau Ähre"),
        ("count(parties[age < stage * 4]) > 0", True),
        ("school.place.quarter", "Nord"),
        ("school.nothing.quarter", None),
        ("{a: 1, b: a + 1}.b", number("2")),
        ('{"with space": 1}.with space', number("1")),
        ("for p in points return p * 2", [number("2"), number("10"), number("18")]),
        ("for i in 3..1 return i", [number("3"), number("2"), number("1")]),
        ("for i in 1..2, j in 1..i return i * j", [number("1"), number("2"), number("4")]),
        ("for i in 1..3 return count(partial)", [number("0"), number("1"), number("2")]),
        ("some p in points satisfies p > 8", True),
        ("every p in parties satisfies p.age >= 18", False),
        ("true and some p in points satisfies p = 1", True),
        ('if stage > 6 then "hoch" else "niedrig"', "niedrig"),
        ("if nobody then 1 else 2", number("2")),
        ("(function(x, y) x + y)(1, 2)", number("3")),
        ("{twice: function(x: number) x * 2, four: twice(2)}.four", number("4")),
        ("sort(points, function(x, y) x > y)", [number("9"), number("5"), number("1")]),
    ],
)
def test_lists_contexts_loops_and_functions(text, expected):
    check(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('contains(name, "Hof")', True),
        ("upper case(name)", "LÄRM IM HOF"),
        ('substring("Konflikt", -4, 2)', "li"),
        ('substring(string: "Konflikt", start position: 4)', "flikt"),
        ('string join(["a", null, "b"], "-")', "a-b"),
        ('string(stage) + " Tage"', "5 Tage"),
        ('string([1, "a", {k: null}])', '[1, "a", {k: null}]'),
        ("string(12345678901234567890123456789)", "12345678901234567890123456789"),
        ("string(1.23456789012345678901234567890123)", "1.23456789012345678901234567890123"),
        ("string(1e3)", "1000"),
        ('number("1.000,50", ".", ",")', number("1000.50")),
        ("floor(-2.5)", number("-3")),
        ("decimal(2.675, 2)", number("2.68")),
        ("round half up(2.5, 0)", number("3")),
        ("modulo(-5, 3)", number("1")),
        ("max(1, 5, 3)", number("5")),
        ("min([])", None),
        ("sum(points)", number("15")),
        ("median(8, 2, 5, 3, 4)", number("4")),
        ("concatenate([1], [2])", [number("1"), number("2")]),
        ("distinct values([1, 2, 1])", [number("1"), number("2")]),
        ("flatten([1, [2, [3]]])", [number("1"), number("2"), number("3")]),
        ('get value({k: 7}, "k")', number("7")),
        ("list contains(points, 5)", True),
        ("index of([1, 2, 1], 1)", [number("1"), number("3")]),
    ],
)
def test_functions_of_the_language(text, expected):
    check(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2026-11-22") + duration("P14D")', date(2026, 12, 6)),
        ('@"2026-01-31" + @"P1M"', date(2026, 2, 28)),
        ('date("2026-12-06") - date("2026-11-22")', timedelta(days=14)),
        ('date("2026-02-30")', None),
        ('date("2026-11-22").weekday', number("7")),
        ('day of week(date("2026-11-22"))', "Sunday"),
        ('time("10:30:00") + duration("PT90M")', time(12, 0)),
        ('duration("P1Y2M").months', number("2")),
        ('duration("P1D") < duration("PT25H")', True),
        ('years and months duration(@"2025-01-15", @"2026-03-14")', YearsMonths(13)),
        ("now()", datetime(2026, 11, 22, 12, tzinfo=BERLIN)),
        ("today()", date(2026, 11, 22)),
        ('date and time("2026-11-22T10:00:00")', datetime(2026, 11, 22, 10, tzinfo=BERLIN)),
        ('date and time("2026-11-22T10:00:00Z") < now()', True),
        ('[@"2026-01-01"..@"2026-12-31"].start', date(2026, 1, 1)),
    ],
)
def test_dates_times_and_durations(text, expected):
    check(text, expected)


def test_three_days_later_is_the_same_time_of_day_though_the_clocks_change():
    assert value('received + duration("P3D")') == datetime(2026, 3, 30, 10, tzinfo=BERLIN)


def test_hours_are_real_hours_across_the_change_of_the_clocks():
    before = datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN)

    after = value('before + duration("PT2H")', before=before)

    assert after == datetime(2026, 3, 29, 4, 30, tzinfo=BERLIN)
    assert value("after - before", before=before, after=after) == timedelta(hours=2)


@pytest.mark.parametrize(
    ("cell", "tested", "passes"),
    [
        ("> 3", 5, True),
        ("[1..5)", 5, False),
        ("< 3, > 4", 5, True),
        ('"Schule", "Kita"', "Kita", True),
        ("not(5)", 5, False),
        ("not(< 3, > 7)", 5, True),
        ("-", None, True),
        ("-", 5, True),
        ("-5", -5, True),
        ("? > 3 and ? < 9", 5, True),
        ("null", None, True),
        ("> 3", None, False),
        ("true", False, False),
        ("false", False, True),
        ("true", None, False),
        ("not(true)", None, True),
        ("limit > 3", None, True),
        ('contains(?, "ä")', "Lärm", True),
        ("limit + 1", 5, True),
        ("[3, 5]", 5, True),
    ],
)
def test_cells_of_decision_tables(cell, tested, passes):
    assert compile_unary_tests(cell).test(tested, {"limit": 4}) is passes
