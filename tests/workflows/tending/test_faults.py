"""Operators deal with faults for a reason, once, and it is written down."""

from decimal import Decimal

import pytest
from sqlalchemy import text

from bpmn.errors import Invalid
from bpmn.spiff.errors import NoVariableName
from engine.errors import FaultAlreadyClosed
from engine.fault_queries import FaultFilter
from tests.workflows.tending.room import BECAUSE
from workflows import sealing
from workflows.access import Actor, NotAllowed, Role
from workflows.tending import faults
from workflows.tending.acts import LONGEST_REASON, Why
from workflows.tending.errors import (
    CaseNamed,
    ListTooLong,
    NameUsed,
    ReasonMissing,
    ReasonTooLong,
    ValueNotKept,
)
from workflows.tending.faults import Alike

OTHERS = sorted(frozenset(Role) - {Role.ADMINISTRATION})


def test_a_fault_tells_where_it_stands_in_the_words_of_the_diagram(room):
    room.report_in_vain()

    (fault,) = room.faults()

    assert (fault.process, fault.element) == ("neighbourhood_conflict", "find_duplicates")
    assert fault.element_name not in (None, fault.element)
    assert (fault.sentence.template, fault.attempts) == ("Wrong.", 1)
    assert fault.deployment_id is not None


def test_faults_are_told_even_of_diagrams_that_run_no_more(room):
    case_id = room.report_in_vain()
    room.outdate_diagrams()

    (fault,) = room.faults()
    seen = room.look(case_id)

    assert (fault.element, fault.element_name) == ("find_duplicates", None)
    assert (seen.readable, seen.process_name) == (False, "neighbourhood_conflict")
    assert [each.id for each in seen.faults] == [fault.id]


def test_a_case_file_is_open_even_where_diagrams_run_no_more(room):
    reader = room.agency.hire("Rosa", Role.COORDINATION)
    case_id = room.agency.report().case_id
    assert room.agency.file(reader, case_id).diagrams
    room.outdate_diagrams()

    assert room.agency.file(reader, case_id).diagrams == ()


def test_a_retried_fault_lets_the_case_go_on(room):
    case_id = room.report_in_vain()

    room.do(faults.retry, room.faults()[0].id)
    room.agency.work()

    assert room.faults() == ()
    assert room.agency.open_tasks(case_id)


def test_a_skipped_service_ends_with_the_given_results(room):
    case_id = room.report_in_vain()

    room.do(faults.skip, room.faults()[0].id, {"duplicates": []})

    assert room.faults() == ()
    assert room.agency.open_tasks(case_id)


def test_what_was_done_is_written_down_with_its_reason(room):
    case_id = room.report_in_vain()

    room.do(faults.change_variables, room.faults()[0].id, {"quarter": "q-1"})
    room.do(faults.retry, room.faults()[0].id)

    assert sorted(room.acts(case_id)) == [
        ("change_variables", ("find_duplicates", "quarter"), BECAUSE.reason),
        ("retry_fault", ("find_duplicates",), BECAUSE.reason),
    ]
    assert room.audited(case_id)[:2] == [
        ("retry_fault", ("find_duplicates",)),
        ("change_variables", ("find_duplicates", "quarter")),
    ]


def test_a_reason_is_stored_sealed_and_gone_with_the_case(room):
    case_id = room.report_in_vain()
    room.do(faults.retry, room.faults()[0].id)
    with room.agency.transactions.begin() as uow:
        stored = uow.connection.execute(text("SELECT * FROM operator_act")).all()
        assert BECAUSE.reason.encode() not in repr(stored).encode()
        sealing.destroy_key(uow.session, case_id)

    assert room.acts(case_id) == [("retry_fault", ("find_duplicates",), None)]


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [("", ReasonMissing), ("  ", ReasonMissing), ("x" * (LONGEST_REASON + 1), ReasonTooLong)],
)
def test_without_a_reason_nothing_is_done(room, reason, refusal):
    room.report_in_vain()

    with pytest.raises(refusal):
        room.do(faults.retry, room.faults()[0].id, why=Why(reason))

    assert len(room.faults()) == 1


def test_a_repeated_command_has_no_second_effect(room):
    case_id = room.report_in_vain()
    fault_id = room.faults()[0].id
    once = Why("Again.", "olga:1")

    for _ in range(2):
        room.do(faults.retry, fault_id, why=once)

    assert len(room.acts(case_id)) == 1
    with pytest.raises(FaultAlreadyClosed):
        room.do(faults.retry, fault_id, why=Why("Again.", "olga:2"))


@pytest.mark.parametrize("role", OTHERS)
def test_only_the_administration_tends_faults(room, role):
    room.report_in_vain()
    fault_id = room.faults()[0].id
    stranger = Actor(room.olga.person_id, "Somebody", frozenset({role}))

    with pytest.raises(NotAllowed):
        room.faults(stranger)
    for act in (faults.retry, faults.skip, faults.cancel):
        with pytest.raises(NotAllowed):
            room.do(act, fault_id, actor=stranger)
    with pytest.raises(NotAllowed):
        room.do(faults.change_variables, fault_id, {}, actor=stranger)


@pytest.mark.parametrize("value", ["Frau Beispiel", "x" * 101, {"name": 1}, [["a"]], ["two words"]])
def test_a_process_is_given_no_sentences(room, value):
    room.report_in_vain()

    with pytest.raises(ValueNotKept):
        room.do(faults.skip, room.faults()[0].id, {"duplicates": value})

    assert len(room.faults()) == 1


def test_a_list_that_is_too_long_is_refused_for_its_length(room):
    room.report_in_vain()
    fault_id = room.faults()[0].id

    with pytest.raises(ListTooLong, match="200"):
        room.do(faults.change_variables, fault_id, {"items": [Decimal(1)] * 201})
    room.do(faults.change_variables, fault_id, {"items": [Decimal(1)] * 200})


@pytest.mark.parametrize("name", ["Frau Beispiel", "party.name", "x" * 101, ""])
def test_a_variable_has_a_name_and_no_sentence(room, name):
    case_id = room.report_in_vain()
    fault_id = room.faults()[0].id

    for act in (faults.skip, faults.change_variables):
        with pytest.raises(NoVariableName):
            room.do(act, fault_id, {name: True})

    assert (len(room.faults()), room.acts(case_id)) == (1, [])


def test_a_fault_is_mended_for_the_case_that_it_belongs_to(room):
    other = room.agency.report().case_id
    room.report_in_vain()

    for act in (faults.skip, faults.change_variables):
        with pytest.raises(CaseNamed):
            room.do(act, room.faults()[0].id, {"case_id": str(other)})

    assert len(room.faults()) == 1


def test_a_cancelled_process_is_told_of_in_its_case(room):
    case_id = room.report_in_vain()

    room.do(faults.cancel, room.faults()[0].id)

    assert room.faults() == ()
    assert room.audited(case_id)[0] == ("cancel_process", ("find_duplicates",))


def test_of_many_faults_the_one_that_is_refused_stops_no_other(room):
    for _ in range(3):
        room.report_in_vain()
    ids = [fault.id for fault in room.faults()]
    room.do(faults.retry, ids[1])

    outcomes = faults.each(
        room.agency.transactions,
        room.olga,
        ids,
        lambda uow, one: faults.retry(uow, room.olga, one, BECAUSE),
    )

    assert [outcome.fault_id for outcome in outcomes] == ids
    assert [outcome.refused is None for outcome in outcomes] == [True, False, True]
    assert room.faults() == ()


def _chosen(room, why, action="retry"):
    wanted = Alike(action, FaultFilter(process="neighbourhood_conflict", error="Invalid"))
    with room.agency.transactions.begin() as uow:
        return faults.choose(uow, room.olga, wanted, why)


def test_a_repeated_command_means_the_faults_that_it_meant_at_first(room):
    once = Why("Again.", "olga:1")
    for _ in range(2):
        room.report_in_vain()
    first = _chosen(room, once)
    room.do(faults.retry, first[0], why=once)
    room.report_in_vain()

    assert len(first) == 2
    assert _chosen(room, once) == first
    assert room.faults()[0].id in _chosen(room, Why("The rest.", "olga:2"))
    with pytest.raises(NameUsed):
        _chosen(room, once, "cancel")


def test_a_name_of_one_command_is_refused_to_another(room):
    room.report_in_vain()
    fault_id, now, later = room.faults()[0].id, {"at": Decimal(3)}, {"at": Decimal(4)}
    once = Why("Again.", "olga:1", ("at=now()",))
    room.do(faults.change_variables, fault_id, now, why=once)

    room.do(faults.change_variables, fault_id, later, why=once)
    with pytest.raises(NameUsed):
        room.do(faults.change_variables, fault_id, later, why=Why("Again.", "olga:1", ("at=4",)))


def test_faults_that_are_alike_are_tended_together(room):
    cases = [room.report_in_vain() for _ in range(3)]
    with room.agency.transactions.reading() as reading:
        page = faults.list_faults(reading, room.olga)
    ids = _chosen(room, BECAUSE)
    faults.each(
        room.agency.transactions,
        room.olga,
        ids,
        lambda uow, one: faults.retry(uow, room.olga, one, BECAUSE),
    )
    room.agency.work()

    assert [group.count for group in page.groups] == [3]
    assert all(room.agency.open_tasks(case_id) for case_id in cases)


def test_too_many_at_once_are_refused(room):
    with pytest.raises(Invalid):
        faults.each(
            room.agency.transactions,
            room.olga,
            [room.olga.person_id] * 501,
            lambda _uow, _fault: None,
        )


def test_a_list_goes_on_where_its_page_ended(room, monkeypatch):
    monkeypatch.setattr(faults, "PAGE", 2)
    for _ in range(3):
        room.report_in_vain()

    with room.agency.transactions.reading() as reading:
        first = faults.list_faults(reading, room.olga)
        second = faults.list_faults(reading, room.olga, after=first.next_cursor)

    assert [len(first.rows), len(second.rows), second.next_cursor] == [2, 1, None]
    assert len({fault.id for fault in (*first.rows, *second.rows)}) == 3


def test_among_the_faults_of_one_process_only_these_are_counted(room):
    instance_id = room.instance_of(room.report_in_vain())
    room.report_in_vain()

    with room.agency.transactions.reading() as reading:
        page = faults.list_faults(reading, room.olga, FaultFilter(instance_id=instance_id))

    assert [group.count for group in page.groups] == [len(page.rows)] == [1]
