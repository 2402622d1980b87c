from uuid import uuid4

import pytest
from sqlalchemy import text

from engine.unit_of_work import Transactions
from workflows import sealing
from workflows.sealing import (
    CaseErased,
    CaseKey,
    KeyEncryptionKey,
    SealBroken,
    WrongKey,
)
from workflows.secret_files import SecretFileRefused

CASE = uuid4()
CANARY = "Mira Musterova, Nordwinkel 7"


def make_case_key(transactions, case_id=CASE):
    with transactions.begin() as uow:
        return sealing.create_key(uow.session, case_id)


def test_a_sealed_field_opens_with_the_stored_key_of_its_case(transactions):
    sealed = make_case_key(transactions).seal("party", "name", CANARY)

    with transactions.reading() as session:
        opened = sealing.key_of(session, CASE).open("party", "name", sealed)

    assert opened == CANARY
    assert CANARY.encode() not in sealed


def test_a_key_just_made_is_found_in_the_same_transaction(transactions):
    with transactions.begin() as uow:
        sealed = sealing.create_key(uow.session, CASE).seal("party", "name", CANARY)

        assert sealing.key_of(uow.session, CASE).open("party", "name", sealed) == CANARY


def test_the_same_text_never_looks_the_same_twice():
    key = CaseKey(CASE, bytes(32))

    assert key.seal("party", "name", CANARY) != key.seal("party", "name", CANARY)


@pytest.mark.parametrize(
    ("case_id", "table", "field"),
    [(uuid4(), "party", "name"), (CASE, "note", "name"), (CASE, "party", "contacts")],
)
def test_a_sealed_value_opens_nowhere_but_in_its_place(case_id, table, field):
    sealed = CaseKey(CASE, bytes(32)).seal("party", "name", CANARY)

    with pytest.raises(SealBroken):
        CaseKey(case_id, bytes(32)).open(table, field, sealed)


@pytest.mark.parametrize("position", [0, 5, 20, -1])
def test_a_changed_byte_is_noticed(position):
    key = CaseKey(CASE, bytes(32))
    sealed = bytearray(key.seal("party", "name", CANARY))
    sealed[position] ^= 1

    with pytest.raises(SealBroken):
        key.open("party", "name", bytes(sealed))


@pytest.mark.parametrize("rubbish", [b"", b"\x01", b"\x01short"])
def test_what_is_too_short_to_be_sealed_is_refused(rubbish):
    with pytest.raises(SealBroken):
        CaseKey(CASE, bytes(32)).open("party", "name", rubbish)


def test_destroying_the_key_erases_what_was_sealed(transactions):
    make_case_key(transactions)

    with transactions.begin() as uow:
        sealing.destroy_key(uow.session, CASE)

    with transactions.reading() as session, pytest.raises(CaseErased):
        sealing.key_of(session, CASE)


def test_the_key_of_a_case_is_not_stored_in_the_clear(transactions, database):
    key = make_case_key(transactions)

    with database.connect() as connection:
        wrapped = connection.execute(text("SELECT wrapped FROM case_key")).scalar_one()

    sealed = key.seal("party", "name", CANARY)
    with pytest.raises((SealBroken, ValueError)):
        CaseKey(CASE, bytes(wrapped)[:32]).open("party", "name", sealed)


def test_another_key_file_is_refused_before_anything_is_read(transactions, database):
    make_case_key(transactions)
    sealing.attach(database, KeyEncryptionKey(bytes(32)))

    with Transactions(database).reading() as session, pytest.raises(WrongKey):
        sealing.prove(session)


def test_the_first_start_may_choose_any_key(transactions):
    with transactions.reading() as session:
        sealing.prove(session)


def test_a_key_file_of_the_wrong_length_is_refused(tmp_path):
    path = tmp_path / "case-keys"
    path.write_bytes(bytes(33))
    path.chmod(0o600)

    with pytest.raises(SecretFileRefused):
        sealing.read_key(path)


def test_keys_do_not_show_themselves():
    key = KeyEncryptionKey(bytes(32))

    assert repr(key) == "KeyEncryptionKey(***)"
    assert repr(CaseKey(CASE, bytes(32))) == f"CaseKey({CASE}, ***)"
