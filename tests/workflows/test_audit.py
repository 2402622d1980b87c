from uuid import uuid4

import pytest
from sqlalchemy import select, text

from workflows import audit

CASE, OTHER, PERSON = uuid4(), uuid4(), uuid4()


def write(transactions, *actions, case_id=CASE):
    for action in actions:
        with transactions.begin() as uow:
            audit.record(uow, PERSON, case_id, action, ["party.name", "note"])


def breaks(transactions):
    with transactions.reading() as session:
        return list(audit.verify(session))


def change(database, statement, **values):
    with database.begin() as connection:
        connection.execute(text(statement), values)


def test_a_chain_says_who_did_what_to_which_field(transactions):
    write(transactions, "add_party", "add_note")

    with transactions.reading() as session:
        lines = audit.lines(session, CASE)

    assert [(line.action, line.actor_id, line.fields) for line in lines] == [
        ("add_note", PERSON, ("note", "party.name")),
        ("add_party", PERSON, ("note", "party.name")),
    ]


def test_untouched_chains_are_sound(transactions):
    write(transactions, "one", "two", "three")
    write(transactions, "one", case_id=OTHER)

    assert breaks(transactions) == []


def test_several_entries_of_one_transaction_follow_each_other(transactions):
    with transactions.begin() as uow:
        audit.record(uow, PERSON, CASE, "one")
        audit.record(uow, None, OTHER, "one")
        audit.record(uow, PERSON, CASE, "two")

    assert breaks(transactions) == []


def test_what_was_undone_leaves_no_gap(transactions):
    write(transactions, "one")
    with pytest.raises(TypeError):
        write(transactions, "lost", object())
    write(transactions, "two")

    assert breaks(transactions) == []


def test_a_savepoint_that_is_undone_leaves_no_gap(transactions):
    with transactions.begin() as uow:
        audit.record(uow, PERSON, CASE, "one")
        savepoint = uow.session.begin_nested()
        audit.record(uow, PERSON, CASE, "lost")
        savepoint.rollback()
        audit.record(uow, PERSON, CASE, "two")

    assert breaks(transactions) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'nothing' WHERE position = 2 AND case_id = :case",
        "UPDATE audit_entry SET actor_id = NULL WHERE position = 2 AND case_id = :case",
        "DELETE FROM audit_entry WHERE position = 2 AND case_id = :case",
    ],
)
def test_the_first_bad_row_of_a_chain_is_named(transactions, database, statement):
    write(transactions, "one", "two", "three")
    write(transactions, "one", "two", case_id=OTHER)
    case_id = CASE.hex if database.dialect.name == "sqlite" else CASE

    change(database, statement, case=case_id)

    assert breaks(transactions) == [audit.Break(CASE, 2)]


def test_a_chain_cut_off_at_its_end_is_noticed_by_what_the_case_knows(agency):
    case_id = agency.report().case_id
    agency.do(agency.vera, case_id, "report_review", agency.review())
    with agency.transactions.begin() as uow:
        last = max(entry.position for entry in entries_of(uow.session, case_id))
        uow.session.delete(entries_of(uow.session, case_id)[-1])

    assert breaks(agency.transactions) == [audit.Break(case_id, last)]


def entries_of(session, case_id):
    query = select(audit.AuditEntry).where(audit.AuditEntry.case_id == case_id)
    return session.scalars(query.order_by(audit.AuditEntry.position)).all()
