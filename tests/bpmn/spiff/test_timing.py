from datetime import date, timedelta
from decimal import Decimal

import pytest

from bpmn.model import NotExecutable
from bpmn.spiff import postponing
from bpmn.spiff.errors import ElementFailed, NotWaiting
from tests.bpmn.spiff.drawing import (
    INNER,
    Trace,
    after,
    berlin,
    boundary,
    call,
    each,
    end,
    flows,
    node,
    person,
    process,
    read,
    start,
    timer,
    zeebe,
)


def watched(kind, text, *, interrupting=True, host=None, **variables):
    """Draw a task `a` with a timer `t` on it that leads to the task `r`."""
    return Trace(
        start(),
        person("a"),
        boundary("t", "a", timer(kind, text), interrupting=interrupting),
        person("r"),
        end(),
        flows("s>a>e;t>r>e"),
        variables=variables,
        host=host,
    )


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("timeDuration", "P14D", berlin(2027, 1, 25, 12)),
        ("timeDuration", '=duration("PT36H")', berlin(2027, 1, 13, 0)),
        ("timeDuration", '=duration("P1M")', berlin(2027, 2, 11, 12)),
        ("timeDuration", '="P" + string(days) + "D"', berlin(2027, 1, 14, 12)),
        ("timeDate", "2027-07-15T09:00", berlin(2027, 7, 15, 9)),
        ("timeDate", "2027-07-15T09:00:00Z", berlin(2027, 7, 15, 11)),
        ("timeDate", "=day", berlin(2027, 3, 1)),
        ("timeDate", "2027-03-28T02:30", berlin(2027, 3, 28, 3)),
    ],
)
def test_a_timer_is_due_by_the_clock_on_the_wall(kind, text, due):
    trace = watched(kind, text, days=3, day=date(2027, 3, 1))

    assert trace.due("t") == due


def test_a_timer_does_nothing_before_its_time_and_fires_once_after():
    trace = watched("timeDuration", "P1D")
    token = trace.find("timers", "t").token

    trace.clock.advance(hours=23)
    trace.fire("t")
    assert trace.waits == ["a", "t"]
    trace.clock.advance(hours=1)
    trace.fire("t")

    assert trace.waits == ["r"]
    with pytest.raises(NotWaiting):
        trace.run.fire(token)


def test_a_reminder_leaves_the_task_where_it_is():
    trace = watched("timeDuration", "P1D", interrupting=False)

    trace.clock.advance(days=1)
    trace.fire("t")

    assert trace.waits == ["a", "r"]
    assert trace.complete("a").waits == ["r"]


@pytest.mark.proves("R23")
@pytest.mark.whole
def test_a_daily_cycle_stays_at_its_hour_when_summer_time_begins():
    trace = watched("timeCycle", "R/2027-03-27T09:00/P1D", interrupting=False)

    seen = []
    for day in (27, 28, 29):
        seen.append(trace.due("t"))
        trace.clock.moment = berlin(2027, 3, day, 9)
        trace.fire("t")

    assert seen == [berlin(2027, 3, day, 9) for day in (27, 28, 29)]


@pytest.mark.proves("R23")
@pytest.mark.whole
def test_missed_rounds_of_a_cycle_fire_once():
    trace = watched("timeCycle", "R/PT15M", interrupting=False)

    trace.clock.advance(days=40, minutes=5)
    trace.fire("t")

    assert trace.waits == ["a", "r", "t"]
    assert trace.due("t") == berlin(2027, 2, 20, 12, 15)


def test_a_cycle_stops_after_its_last_round():
    trace = watched("timeCycle", "R3/P1D", interrupting=False)

    for _ in range(3):
        trace.clock.advance(days=1)
        trace.fire("t")

    assert trace.waits == ["a", "r", "r", "r"]


def test_rounds_that_were_missed_count():
    trace = watched("timeCycle", "R3/P1D", interrupting=False)

    trace.clock.advance(days=5)
    trace.fire("t")

    assert trace.waits == ["a", "r"]


def test_a_moved_deadline_moves_its_timer_counted_from_the_beginning():
    trace = watched("timeDuration", '=duration("P" + string(days) + "D")', days=3)

    trace.clock.advance(days=1)
    trace.change(lambda run: run._instance.root.variables.update(days=Decimal(7)))
    trace.change(lambda run: postponing.rearm(run._instance, "days"))

    assert trace.due("t") == berlin(2027, 1, 18, 12)


def promised(given, *timers, due="=promised"):
    """Draw a task `a` that is due when it was promised, with timers on it."""
    watches = [
        boundary(f"t{number}", "a", timer(kind, text), interrupting=False)
        for number, (kind, text) in enumerate(timers)
    ]
    ways = ";".join(f"t{number}>e" for number in range(len(timers)))
    task = person("a", zeebe("taskSchedule", dueDate=due))
    way = flows(f"s>a>e;{ways}")
    return Trace(start(), task, *watches, end(), way, variables={"promised": given})


NEW_DATE = berlin(2027, 1, 25, 12)


def test_timers_that_read_a_deadline_follow_it():
    trace = promised(
        berlin(2027, 1, 20, 12),
        ("timeDate", '=promised - duration("P1D")'),
        ("timeDate", "=promised"),
        ("timeDate", '=now() + duration("P2D")'),
    )
    trace.clock.advance(days=1)

    trace.change(lambda run: run.postpone(trace.find("tasks", "a").token, NEW_DATE))

    assert trace.find("tasks", "a").due == NEW_DATE
    assert [trace.due(each) for each in ("t0", "t1", "t2")] == [
        NEW_DATE - timedelta(days=1),
        NEW_DATE,
        berlin(2027, 1, 13, 12),
    ]


def test_a_deadline_that_is_a_day_stays_one():
    trace = promised(date(2027, 1, 20), ("timeDate", '=date and time(promised, time("08:00:00"))'))

    trace.change(lambda run: run.postpone(trace.find("tasks", "a").token, NEW_DATE))

    assert trace.variables.promised == date(2027, 1, 25)
    assert trace.due("t0") == berlin(2027, 1, 25, 8)


def test_a_deadline_that_is_computed_moves_alone():
    given = berlin(2027, 1, 20, 12)
    due = '=promised + duration("P1D")'
    trace = promised(given, ("timeDate", "=promised"), due=due)

    trace.change(lambda run: run.postpone(trace.find("tasks", "a").token, NEW_DATE))

    assert trace.find("tasks", "a").due == NEW_DATE
    assert trace.due("t0") == given


@pytest.mark.parametrize("text", ["=now() + 5", "=null", '="soon"', '=duration("P11Y")'])
def test_a_formula_that_gives_no_time_names_the_event(text):
    with pytest.raises(ElementFailed) as caught:
        watched("timeDuration", text)

    assert caught.value.element == "t"


def test_a_deadline_on_a_subprocess_ends_everything_inside():
    trace = Trace(
        start(),
        node("subProcess", "sub", *INNER),
        boundary("t", "sub", after("P1D")),
        person("r"),
        end(),
        flows("s>sub>e;t>r>e"),
    )

    trace.clock.advance(days=1)
    trace.fire("t")

    assert trace.waits == ["r"]


@pytest.mark.parametrize("sequential", [False, True])
def test_a_deadline_on_many_calls_ends_them_all(sequential):
    child = process(start("s2"), person("a"), end("e2"), flows("s2>a>e2"), name="child")
    trace = Trace(
        start(),
        call("c", "child", inside=each("=[1,2,3]", sequential=sequential)),
        boundary("t", "c", after("P1D")),
        person("r"),
        end(),
        flows("s>c>e;t>r>e"),
        extra=[child],
    )

    trace.clock.advance(days=1)
    trace.fire("t")

    assert trace.waits == ["r"]
    assert trace.complete("r").finished


@pytest.mark.parametrize(
    ("kind", "text", "interrupting"),
    [
        ("timeCycle", "R/PT5M", False),
        ("timeCycle", "0 0 9 * * *", False),
        ("timeCycle", "R3/P1D", True),
        ("timeDuration", "P99999999Y", True),
        ("timeDuration", "5M", True),
        ("timeDate", "P1D", True),
        ("timeDuration", "2027-01-01", True),
    ],
)
def test_a_timer_outside_the_grammar_is_refused_when_read(kind, text, interrupting):
    with pytest.raises(NotExecutable) as caught:
        read(
            process(
                start(),
                person("a"),
                boundary("t", "a", timer(kind, text), interrupting=interrupting),
                end(),
                flows("s>a>e;t>e"),
            )
        )

    assert (caught.value.element, caught.value.file) == ("t", "p.bpmn")


def test_times_are_utc():
    assert watched("timeDuration", "P1D").find("timers", "t").due.utcoffset() == timedelta()


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ('=duration("P1DT12H")', berlin(2027, 1, 14, 12)),
        ('=duration("P1M")', berlin(2027, 3, 11, 12)),
        ('="R/P" + string(days) + "D"', berlin(2027, 1, 15, 12)),
    ],
)
def test_a_cycle_may_come_from_a_formula(text, due):
    trace = watched("timeCycle", text, interrupting=False, days=2)

    trace.clock.moment = trace.due("t")
    trace.fire("t")

    assert trace.due("t") == due


def test_a_shorter_cycle_lets_the_round_that_is_set_happen():
    trace = watched("timeCycle", '="R" + string(times) + "/P1D"', interrupting=False, times=5)
    for _ in range(2):
        trace.clock.advance(days=1)
        trace.fire("t")

    trace.change(lambda run: run._instance.root.variables.update(times=Decimal(1)))
    trace.change(lambda run: postponing.rearm(run._instance, "times"))
    trace.clock.advance(days=1)
    trace.fire("t")

    assert trace.waits == ["a", "r", "r", "r"]
