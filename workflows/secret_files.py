"""Secrets lie in files that nobody else may read."""

import os
import secrets
import stat
from pathlib import Path

from bpmn.errors import Unavailable
from bpmn.wording import say

SECRET_BYTES = 32


class SecretFileMissing(Unavailable):
    def __init__(self, path: Path) -> None:
        super().__init__(
            say(
                "%(path)s is missing. Restore it from its own backup, or have the settings name "
                "the right file.",
                path=str(path),
            )
        )


class SecretFileRefused(Unavailable):
    """A file with a secret is readable by others, or too short."""

    def __init__(self, path: Path, mode: int | None = None) -> None:
        if mode is None:
            why = say("%(path)s must hold at least %(n)s bytes.", path=str(path), n=SECRET_BYTES)
        else:
            why = say(
                "%(path)s can be read by others (mode %(mode)s). Run: chmod 600 %(path)s",
                path=str(path),
                mode=f"{mode:04o}",
            )
        super().__init__(why)
        self.path = path


def ensure_secret(path: Path) -> bytes:
    """Read the secret in `path`, made with 32 random bytes and mode 0600 when there is no such file."""
    if not path.exists():
        _create(path)
    return read_secret(path)


def read_secret(path: Path) -> bytes:
    """Read a secret; refuses a file that others can read and one too short to be a secret."""
    _refuse_readers(path)
    secret = path.read_bytes()
    if len(secret) < SECRET_BYTES:
        raise SecretFileRefused(path)
    return secret


def read_password(path: Path) -> str:
    """Read a password that somebody else chose; the file must be there and nobody else's."""
    _refuse_readers(path)
    return path.read_text(encoding="utf-8").strip()


def _refuse_readers(path: Path) -> None:
    if not path.is_file():
        raise SecretFileMissing(path)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise SecretFileRefused(path, mode)


def _create(path: Path) -> None:
    """Another process may do the same at this moment: the first one wins, and both read its key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
