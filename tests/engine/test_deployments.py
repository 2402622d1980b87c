"""A publication never changes what already runs."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from bpmn.bundle import Bundle
from engine import deployments
from engine.definitions import Library
from engine.errors import NoSuchProcess, NothingDeployed
from engine.models import Content
from engine.unit_of_work import Transactions
from tests.engine.stages import Task, stages


@pytest.fixture
def transactions(database):
    return Transactions(database, Library(lambda _bundle: stages()))


def test_a_bundle_comes_back_byte_for_byte(transactions):
    bundle = Bundle({"a.bpmn": b"\x00\xff<a/>\r\n", "b.form": b"{}"})

    published = _publish(transactions, bundle)

    with transactions.reading() as session:
        assert deployments.bundle_of(session, published.id) == bundle
        assert deployments.current(session).digest == bundle.digest


def test_publishing_what_is_current_changes_nothing(transactions):
    bundle = Bundle({"a.bpmn": b"1"})

    assert _publish(transactions, bundle) == _publish(transactions, bundle)


def test_an_earlier_bundle_can_be_published_again(transactions):
    old, new = Bundle({"a.bpmn": b"1"}), Bundle({"a.bpmn": b"2"})
    for bundle in (old, new, old):
        last = _publish(transactions, bundle)

    assert (last.number, last.digest) == (3, old.digest)


def test_a_file_is_stored_once_however_often_it_is_published(transactions):
    for text in (b"1", b"2", b"3"):
        _publish(transactions, Bundle({"changed.bpmn": text, "same.form": b"{}"}))

    with transactions.reading() as session:
        assert session.scalar(select(func.count()).select_from(Content)) == 4


def test_running_instances_keep_their_diagrams(desk):
    desk.publish(path=(Task("start"), Task("old way")))
    desk.start("path")
    desk.publish(path=(Task("start"), Task("new way")))

    desk.complete(desk.task())

    assert list(desk.open_tasks()) == ["old way"]


def test_nothing_starts_before_the_first_publication(desk):
    with pytest.raises(NothingDeployed):
        desk.start("any")


def test_a_process_that_is_not_published_cannot_start(desk):
    desk.publish(one=(Task("report"),))

    with pytest.raises(NoSuchProcess):
        desk.start("other")


def test_a_bundle_is_read_once_and_the_oldest_is_forgotten():
    read = []
    library = Library(lambda bundle: read.append(bundle.digest) or bundle, capacity=2)
    first, second, third = (Bundle({"a.bpmn": bytes([number])}) for number in range(3))

    for bundle in (first, first, second, third, first):
        library.read(bundle)

    assert read == [first.digest, second.digest, third.digest, first.digest]


def _publish(transactions, bundle):
    with transactions.begin() as uow:
        return deployments.publish(uow, bundle, "somebody", "why")


def test_a_bundle_being_read_keeps_nobody_from_another_and_is_read_once():
    slow, quick = Bundle({"slow.bpmn": b"1"}), Bundle({"quick.bpmn": b"2"})
    begun, go_on, read = threading.Event(), threading.Event(), []

    def load(bundle):
        read.append(bundle)
        if bundle == slow:
            begun.set()
            assert go_on.wait(10)
        return bundle

    library = Library(load)
    with ThreadPoolExecutor(3) as readers:
        waiting = [readers.submit(library.read, slow) for _ in range(2)]
        assert begun.wait(10)
        other = readers.submit(library.read, quick).result(10)
        go_on.set()

        assert [each.result(10) for each in waiting] == [slow, slow]
    assert other == quick
    assert sorted(read, key=str) == sorted([slow, quick], key=str)


def test_a_bundle_that_cannot_be_read_is_tried_again():
    outcomes = iter([OSError(), "read"])

    def load(_bundle):
        outcome = next(outcomes)
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    library = Library(load)

    with pytest.raises(OSError):
        library.read(Bundle({}))
    assert library.read(Bundle({})) == "read"
