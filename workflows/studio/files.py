"""A single file: may it be taken, what is it called, which version is it."""

import hashlib
import re

import orjson

from bpmn import xml
from bpmn.errors import Refusal
from workflows.studio.errors import FileTooLarge, FileUnreadable, UnfitFile
from workflows.studio.views import FileKind

LARGEST = 2_000_000
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,100}\.(bpmn|dmn|form)")


def kind_of(name: str) -> FileKind:
    if _NAME.fullmatch(name) is None:
        raise UnfitFile(name)
    return FileKind(name.rpartition(".")[2])


def require_fit(name: str, content: bytes) -> None:
    """Refuse what is no such file at all; what is wrong inside it, the check says."""
    kind = kind_of(name)
    if len(content) > LARGEST:
        raise FileTooLarge(name, LARGEST)
    if kind is not FileKind.FORM:
        xml.read(content)
        return
    try:
        orjson.loads(content)
    except orjson.JSONDecodeError:
        raise FileUnreadable(name) from None


def etag_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def title_of(name: str, content: bytes) -> str:
    """Find what the file calls itself, or its name."""
    try:
        title = _form_title(content) if name.endswith(".form") else _xml_title(content)
    except (Refusal, orjson.JSONDecodeError):
        title = None
    return title or name


def _form_title(content: bytes) -> str | None:
    form = orjson.loads(content)
    return str(form.get("title") or form.get("id") or "") if isinstance(form, dict) else None


def _xml_title(content: bytes) -> str | None:
    root = xml.read(content)
    process = root.find("{*}process")
    return (root if process is None else process).get("name")
