"""R3 and R7: whichever call to the database fails or is the last, nothing is half done.

Each act is tried with its first call failing, then its second, and so on until none fails.
"""

import os
import time

import pytest
import time_machine
from sqlalchemy import Engine, text

from bpmn.errors import Unavailable
from engine.database import connect
from tests.engine.desk import START
from tests.engine.scenes import ACTS, Scene
from tests.engine.tap import DIED, Countdown, death, hooked, outage, tapping

PEOPLES = [
    ("report", "claim"),
    ("report", "complete"),
    ("report", "assign"),
    ("report", "cancel"),
    ("report", "publish"),
    ("report", "start"),
    ("report", "postpone"),
    ("report", "message"),
    ("claimed", "release"),
    ("claimed", "complete"),
    ("review", "recall"),
    ("review", "complete"),
    ("review", "cancel"),
    ("review", "erase"),
    ("broken", "retry"),
    ("broken", "skip"),
    ("broken", "end"),
    ("overdue", "suspend"),
    ("suspended", "resume"),
    ("begun", "migrate"),
    ("migrated", "go_back"),
]
WORKERS = [(place, "work") for place in ("overdue", "count", "letter", "recalled")]
MOST_CALLS = 200
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def scene(database):
    with time_machine.travel(START, tick=False) as traveller, tapping(database):
        yield Scene(database, traveller)


def name_of(flow):
    return "-".join(flow)


@pytest.mark.proves("R7")
@pytest.mark.whole
@pytest.mark.parametrize("flow", PEOPLES, ids=name_of)
def test_an_act_whose_nth_call_fails_leaves_nothing_and_can_be_repeated(scene, flow):
    place, act = flow
    wanted = undisturbed(scene, flow)
    scene.prepare(place)
    before = scene.rows()

    for failed, disturbed in enumerate(failures(scene, act)):
        assert scene.rows() == before, disturbed.struck_at
        last = failed + 1

    assert last >= 3
    assert scene.calm() == wanted


@pytest.mark.proves("R7")
@pytest.mark.whole
@pytest.mark.parametrize("flow", WORKERS, ids=name_of)
def test_a_worker_whose_nth_call_fails_does_the_work_later(scene, flow):
    place, act = flow
    wanted = undisturbed(scene, flow)

    for number in range(1, MOST_CALLS):
        scene.prepare(place)
        countdown = Countdown(number, outage(scene.database))
        survives(scene, act, countdown)
        assert scene.calm() == wanted, countdown.struck_at
        if countdown.struck_at is None:
            break

    assert number > 5


@pytest.mark.proves("R3")
@pytest.mark.whole
@pytest.mark.parametrize(
    "flow",
    [*PEOPLES, *WORKERS[:2], *(pytest.param(flow, marks=pytest.mark.soak) for flow in WORKERS[2:])],
    ids=name_of,
)
def test_a_process_that_dies_before_its_nth_call_leaves_what_a_restart_brings_to_the_same_end(
    scene, flow
):
    place, act = flow
    wanted = undisturbed(scene, flow)

    for number in range(1, MOST_CALLS):
        scene.prepare(place)
        before = scene.rows()
        ended = in_a_child(scene, act, number)
        if ended == 0:
            break
        assert ended == DIED
        assert flow in WORKERS or scene.rows() == before, number
        if act != "work":
            scene.act(act)
        assert scene.calm() == wanted, number

    assert (number > 3, ended) == (True, 0)
    assert scene.calm() == wanted


def undisturbed(scene, flow):
    """Tell how the case stands in the end when nothing happens."""
    place, act = flow
    scene.prepare(place)
    scene.act(act)
    return scene.calm()


def failures(scene, act):
    """Try with each call failing in turn, until none fails."""
    for number in range(1, MOST_CALLS):
        countdown = Countdown(number, outage(scene.database))
        survives(scene, act, countdown)
        if countdown.struck_at is None:
            return
        yield countdown


def survives(scene, act, countdown):
    """Do it; what people are told about the outage is that it will pass."""
    try:
        with hooked(countdown):
            scene.act(act)
    except Unavailable:
        assert countdown.struck_at is not None


def in_a_child(scene, act, number):
    """Do it in a process that dies before its n-th call; tell its exit code."""
    scene.database.dispose()
    child = os.fork()
    if child == 0:
        _live_and_die(scene, act, number)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    wait_until_alone(scene.database)
    return ended


def wait_until_alone(database):
    """Until the server has noticed who died it keeps what the dead have locked."""
    for _ in range(2_000):
        if is_alone(database):
            return
        time.sleep(0.01)  # a real server, and a clock that stands still
    pytest.fail("The server does not notice who died.")


def is_alone(database):
    if database.dialect.name == "sqlite":
        return True
    with database.connect() as connection:
        return connection.scalar(text(OTHERS)) == 0


def _live_and_die(scene, act, number):
    try:
        scene.database = _another(scene.database)
        with tapping(scene.database):
            scene.open()
            with hooked(Countdown(number, death)):
                scene.act(act)
        os._exit(0)
    finally:
        os._exit(1)


def _another(database: Engine):
    return connect(database.url.set(drivername=database.dialect.name).render_as_string(False))


def test_every_act_is_tried():
    assert {act for _, act in [*PEOPLES, *WORKERS]} | {"claim_too"} == set(ACTS)
