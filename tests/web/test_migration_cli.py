"""Instances go over to other diagrams by the command line of the machine."""

import json

import click
import pytest

from bpmn.bundle import Bundle
from engine import deployments, instances
from engine import migrations as engine_migrations
from workflows.processes import catalog

BECAUSE = ("--reason", "The diagrams are better now.")
FILE, OTHER_FILE = "neighbourhood_conflict.bpmn", "overdue_review.bpmn"


@pytest.fixture
def two(handschlag, installation, tmp_path):
    """Two instances of the first version, and a second version of the diagrams."""
    with installation.transactions.begin() as uow:
        begun = [instances.start(uow, "neighbourhood_conflict", {}).id for _ in range(2)]
    drawn = catalog.shipped_bundle().files[FILE].replace(b'name="Zuweisen"', b'name="Zuteilen"')
    (tmp_path / FILE).write_bytes(drawn)
    assert handschlag("process", "deploy", str(tmp_path / FILE))[0] == 0
    return sorted(str(one) for one in begun)


def _versions(handschlag):
    listed = json.loads(handschlag("instance", "list", "--json")[1])
    return {row["id"]: row["deployment"] for row in listed}


def test_a_dry_run_tells_the_differences_and_each_instance_and_does_nothing(handschlag, two):
    code, out, _ = handschlag("instance", "migrate", "--dry-run", "--json")

    told = json.loads(out)
    assert (code, told["target"]) == (0, 2)
    assert [change["element"] for change in told["sources"][0]["changes"]] == ["assign"]
    assert [row["instance"] for row in told["instances"]] == two
    assert {row["outcome"] for row in told["instances"]} == {"moves"}
    assert set(_versions(handschlag).values()) == {1}


def test_without_json_it_is_a_few_lines(handschlag, two):
    code, out, _ = handschlag("instance", "migrate", two[0], "--dry-run")

    lines = out.splitlines()
    assert (code, lines[0]) == (0, "1 from version 1 to 2:")
    assert lines[-1] == "1 would go over, 0 would stay."


def test_they_go_over_when_it_is_confirmed_and_return_when_it_is_undone(handschlag, two):
    done = handschlag("instance", "migrate", two[0], "--yes", *BECAUSE)
    assert done[0] == 0
    assert done[2].endswith("1 moved, 0 stayed where they were.\n")
    assert _versions(handschlag) == {two[0]: 2, two[1]: 1}

    (listed,) = json.loads(handschlag("instance", "migration", "list", "--json")[1])
    shown = json.loads(handschlag("instance", "migration", "show", listed["id"], "--json")[1])
    undone = handschlag("instance", "migration", "undo", listed["id"], *BECAUSE)

    assert (listed["moved"], listed["open"], listed["to"]) == (1, 0, 2)
    assert [(row["instance"], row["state"]) for row in shown] == [(two[0], "moved")]
    assert undone[0] == 0
    assert set(_versions(handschlag).values()) == {1}


def test_what_was_ended_in_the_middle_goes_on(handschlag, two, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(engine_migrations, "bring", stop)
        code, *_ = handschlag("instance", "migrate", "--yes", *BECAUSE)
    (listed,) = json.loads(handschlag("instance", "migration", "list", "--json")[1])
    assert (code, listed["open"]) == (1, 2)

    assert handschlag("instance", "migration", "resume", listed["id"], *BECAUSE)[0] == 0
    assert _versions(handschlag) == dict.fromkeys(two, 2)


def test_a_name_of_one_migration_is_refused_to_another(handschlag, two):
    named = ("--yes", *BECAUSE, "--id", "once")
    assert handschlag("instance", "migrate", two[0], *named)[0] == 0

    code, out, err = handschlag("instance", "migrate", two[1], *named)

    assert (code, err.splitlines()[-1][:20]) == (1, "Another command has ")
    assert out.startswith("1 from version 1 to 2:")
    assert _versions(handschlag) == {two[0]: 2, two[1]: 1}


def test_they_go_where_was_foretold_though_another_version_is_published_meanwhile(
    handschlag, installation, two, monkeypatch
):
    def publish(*_given, **_more):
        with installation.transactions.begin() as uow:
            deployments.publish(uow, Bundle(catalog.shipped_bundle().files), "test")

    monkeypatch.setattr(click, "confirm", publish)

    assert handschlag("instance", "migrate", *BECAUSE, "--id", "once")[0] == 0
    assert _versions(handschlag) == dict.fromkeys(two, 2)


def test_a_command_sent_again_after_a_publish_tells_of_the_migration_that_it_began(
    handschlag, two, tmp_path, monkeypatch
):
    named = ("instance", "migrate", "--yes", *BECAUSE, "--id", "once")
    bring, done = engine_migrations.bring, []

    def bring_one(*given):
        if done:
            raise KeyboardInterrupt
        done.append(given)
        return bring(*given)

    with monkeypatch.context() as patched:
        patched.setattr(engine_migrations, "bring", bring_one)
        assert handschlag(*named)[0] == 1
    drawn = (tmp_path / FILE).read_bytes().replace(b'name="Zuteilen"', b'name="Vergeben"')
    (tmp_path / FILE).write_bytes(drawn)
    assert handschlag("process", "deploy", str(tmp_path / FILE))[0] == 0

    code, _, told = handschlag(*named)

    (begun,) = json.loads(handschlag("instance", "migration", "list", "--json")[1])
    assert (code, begun["to"], begun["open"]) == (1, 2, 1)
    assert f"Migration {begun['id']} to version 2 had begun under this name." in told
    assert sorted(_versions(handschlag).values()) == [1, 2]

    assert handschlag("instance", "migration", "resume", begun["id"], *BECAUSE)[0] == 0
    assert _versions(handschlag) == dict.fromkeys(two, 2)
    assert handschlag(*named)[0] == 0


@pytest.fixture
def without_task(handschlag, installation, tmp_path):
    """An instance that stands at a task which a second version of the diagrams lacks."""
    with installation.transactions.begin() as uow:
        begun = instances.start(uow, "overdue_review", {"task": "t", "due": None}).id
    drawn = catalog.shipped_bundle().files[OTHER_FILE].replace(b"review_overdue", b"review_anew")
    drawn = drawn.replace('name="Überfälligen Schritt klären"'.encode(), b'name="Anders"')
    (tmp_path / OTHER_FILE).write_bytes(drawn)
    assert handschlag("process", "deploy", str(tmp_path / OTHER_FILE))[0] == 0
    return str(begun)


def test_what_stays_is_told_with_its_reason_and_by_the_exit_code(handschlag, without_task):
    code, out, _ = handschlag("instance", "migrate", "--dry-run")
    assert code == 1
    assert out.splitlines()[-2].startswith("1 because: “Überfälligen Schritt klären” is no longer")

    code, out, _ = handschlag("instance", "migrate", "--yes", "--json", *BECAUSE)
    told = json.loads(out)
    assert code == 1
    assert [(row["instance"], row["outcome"]) for row in told["instances"]] == [
        (without_task, "stays")
    ]
    (listed,) = json.loads(handschlag("instance", "migration", "list", "--json")[1])
    assert (listed["id"], listed["stayed"]) == (told["migration"], 1)


def test_it_needs_a_reason(handschlag, two):
    code, *_ = handschlag("instance", "migrate", two[0], "--yes")

    assert code == 2


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    "wanted",
    [
        ("--map", "neighbourhood_conflict/assign=nowhere"),
        ("--map", "neighbourhood_conflict/slip_of_the_pen="),
        ("--map", "assign=x"),
        ("--map-process", "neighbourhood_conflict=nowhere"),
        ("--map-process", "x"),
        ("--to", "99"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(handschlag, wanted):
    code, out, err = handschlag("instance", "migrate", *wanted, "--yes", *BECAUSE)

    assert (code > 0, out) == (True, "")
    assert err
