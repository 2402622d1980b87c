"""A single file: may it be taken, what is it called, which version is it."""

import hashlib
import re
from codecs import BOM_UTF8

import orjson

from bpmn import xml
from workflows.studio.errors import FileTooLarge, UnfitFile
from workflows.studio.views import FileKind

LARGEST = 2_000_000
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,100}\.(bpmn|dmn|form)")


def kind_of(name: str) -> FileKind:
    if _NAME.fullmatch(name) is None:
        raise UnfitFile(name)
    return FileKind(name.rpartition(".")[2])


def require_fit(name: str, content: bytes) -> None:
    """Refuse by name and size; what is wrong inside it, the check says."""
    kind_of(name)
    if len(content) > LARGEST:
        raise FileTooLarge(name, LARGEST)


def etag_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def title_of(name: str, content: bytes | None) -> str:
    """Find what a published file calls itself; a file that nobody has checked is not read."""
    if content is None:
        return name
    title = _form_title(content) if name.endswith(".form") else _xml_title(content)
    return title or name


def _form_title(content: bytes) -> str | None:
    form = orjson.loads(content.removeprefix(BOM_UTF8))
    return str(form.get("title") or form.get("id") or "")


def _xml_title(content: bytes) -> str | None:
    root = xml.read(content)
    process = root.find("{*}process")
    return (root if process is None else process).get("name")
