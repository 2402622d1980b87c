"""Personal fields and free text are sealed: AES-256-GCM under one key per case.

The key of a case is itself wrapped by the key-encryption key of the installation, which lies in a
file of its own. Destroying the row of a case's key erases everything sealed with it, in the live
database and in every backup of it. A sealed value is bound to its table, case and field: moved
elsewhere it does not open.
"""

import secrets
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bpmn.errors import Unavailable, Unknown
from bpmn.wording import say
from engine import clock
from engine.database import Base
from engine.keeping import keep
from workflows.secret_files import SECRET_BYTES, SecretFileRefused, read_secret

_NONCE_BYTES = 12
_VERSION = b"\x01"
_OPTION = "handschlag_key_encryption_key"
_KEYS = "case_keys"


class CaseKeyRow(Base):
    """The wrapped data key of a case. No foreign key: it may be kept apart from the cases."""

    __tablename__ = "case_key"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime]


class SealBroken(Unavailable):
    """A sealed value was changed, moved, or sealed with another key."""

    def __init__(self, table: str, field: str) -> None:
        super().__init__(say("A protected field cannot be read. Please tell the administration."))
        self.table = table
        self.field = field


class CaseErased(Unknown):
    """The key of the case is gone, and with it everything that was sealed."""

    def __init__(self, case_id: UUID) -> None:
        super().__init__(say("The personal data of this case have been erased."))
        self.case_id = case_id


class WrongKey(Unavailable):
    """The key-encryption key does not belong to this database."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "The key file does not belong to this database. "
                "Restore the file that was made with it, from its own backup."
            )
        )


class KeyEncryptionKey:
    """Wraps the keys of the cases. Its bytes never appear in a repr, a log or an error."""

    def __init__(self, key: bytes) -> None:
        if len(key) != SECRET_BYTES:
            raise ValueError(f"a key-encryption key has {SECRET_BYTES} bytes")
        self._key = key

    def __repr__(self) -> str:
        return "KeyEncryptionKey(***)"

    def wrap(self, key: bytes) -> bytes:
        return aes_key_wrap(self._key, key)

    def unwrap(self, wrapped: bytes) -> bytes:
        try:
            return aes_key_unwrap(self._key, wrapped)
        except InvalidUnwrap:
            raise SealBroken(CaseKeyRow.__tablename__, "wrapped") from None


class CaseKey:
    """Seals and opens the fields of one case."""

    def __init__(self, case_id: UUID, key: bytes) -> None:
        self.case_id = case_id
        self._cipher = AESGCM(key)

    def __repr__(self) -> str:
        return f"CaseKey({self.case_id}, ***)"

    def seal(self, table: str, field: str, text: str) -> bytes:
        return self.seal_bytes(table, field, text.encode())

    def seal_bytes(self, table: str, field: str, content: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        place = self._place(table, field)
        return _VERSION + nonce + self._cipher.encrypt(nonce, content, place)

    def open(self, table: str, field: str, sealed: bytes) -> str:
        try:
            return self.open_bytes(table, field, sealed).decode()
        except ValueError:
            raise SealBroken(table, field) from None

    def open_bytes(self, table: str, field: str, sealed: bytes) -> bytes:
        version, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if version != _VERSION:
            raise SealBroken(table, field)
        try:
            return self._cipher.decrypt(nonce, body, self._place(table, field))
        except (InvalidTag, ValueError):
            raise SealBroken(table, field) from None

    def _place(self, table: str, field: str) -> bytes:
        return f"{table}|{self.case_id}|{field}".encode()


def attach(engine: Engine, key: KeyEncryptionKey) -> None:
    """Let every session on this database open case keys with `key`."""
    engine.update_execution_options(**{_OPTION: key})


def create_key(session: Session, case_id: UUID) -> CaseKey:
    """Give a new case its key. Called once, where the case is made."""
    key = secrets.token_bytes(SECRET_BYTES)
    wrapped = _key_encryption_key(session).wrap(key)
    keep(session, CaseKeyRow(case_id=case_id, wrapped=wrapped, created_at=clock.now()))
    return CaseKey(case_id, key)


def key_of(session: Session, case_id: UUID) -> CaseKey:
    """Unwrap the key of a case; its row is read at most once a session."""
    keys = _keys(session)
    if case_id not in keys:
        row = session.get(CaseKeyRow, case_id)
        if row is None:
            raise CaseErased(case_id)
        know_key(session, case_id, row.wrapped)
    return keys[case_id]


def has_key(session: Session, case_id: UUID) -> bool:
    """Tell whether there is such a case and its data have not been erased; the key is then known."""
    try:
        key_of(session, case_id)
    except CaseErased:
        return False
    return True


def know_key(session: Session, case_id: UUID, wrapped: bytes) -> None:
    """Take the key from a query that has read its row beside others."""
    _keys(session)[case_id] = CaseKey(case_id, _key_encryption_key(session).unwrap(wrapped))


def _keys(session: Session) -> dict[UUID, CaseKey]:
    keys: dict[UUID, CaseKey] = session.info.setdefault(_KEYS, {})
    return keys


def destroy_key(session: Session, case_id: UUID) -> None:
    """Erase: whatever was sealed for this case can never be read again."""
    _keys(session).pop(case_id, None)
    row = session.get(CaseKeyRow, case_id)
    if row is not None:
        session.delete(row)


def prove(session: Session) -> None:
    """Refuse to work with a key-encryption key that is not the one the cases were sealed with."""
    row = session.scalars(select(CaseKeyRow).limit(1)).first()
    if row is None:
        return
    try:
        _key_encryption_key(session).unwrap(row.wrapped)
    except SealBroken:
        raise WrongKey from None


def seals_something(session: Session) -> bool:
    """Tell whether anything here would be lost without the key that it was sealed with."""
    if not inspect(session.connection()).has_table(CaseKeyRow.__tablename__):
        return False
    return session.scalar(select(CaseKeyRow.case_id).limit(1)) is not None


def read_key(path: Path) -> KeyEncryptionKey:
    secret = read_secret(path)
    if len(secret) != SECRET_BYTES:
        raise SecretFileRefused(path)
    return KeyEncryptionKey(secret)


def _key_encryption_key(session: Session) -> KeyEncryptionKey:
    key = session.get_bind().get_execution_options().get(_OPTION)
    if not isinstance(key, KeyEncryptionKey):
        raise TypeError("sealing.attach was not called for this database")
    return key
