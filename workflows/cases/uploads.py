"""Which files a case takes: PDF, JPEG and PNG, told by what is in them and not by their names."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from bpmn.errors import Invalid
from bpmn.wording import Sentence, say
from workflows.cases.file_kinds import FileKind
from workflows.cases.pictures import JPEG_START, PNG_START, bare_jpeg, bare_png

MOST_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 120

_PDF_START = b"%PDF-"
_PDF_END = re.compile(rb"%%EOF\s*\Z")
_PDF_ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
_ARCHIVE_END = b"PK\x05\x06"
_ARCHIVE_REACH = 66_000


class FileRefused(Invalid):
    """The file cannot be taken; `fields` says at which question, and why."""

    def __init__(self, field: str, sentence: Sentence) -> None:
        super().__init__(sentence, {field: [sentence]})


class KindNotWanted(FileRefused):
    """The question asks for files of another kind."""

    def __init__(self, field: str, name: str, kinds: Collection[str]) -> None:
        wanted = ", ".join(kind.upper() for kind in kinds)
        sentence = say("“%(name)s”: only %(kinds)s is taken here.", name=name, kinds=wanted)
        super().__init__(field, sentence)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be stored, without what it should not tell."""

    name: str
    kind: FileKind
    content: bytes


def taken(field: str, name: str, content: bytes) -> Upload:
    """Return the file as it is kept; raises `FileRefused` with what to do instead."""
    shown = shown_name(name)
    if not content:
        raise FileRefused(field, say("“%(name)s” is empty.", name=shown))
    if len(content) > MOST_BYTES:
        raise FileRefused(field, say("“%(name)s” is larger than 10 MB.", name=shown))
    for start, (kind, clean) in _KINDS.items():
        if content.startswith(start):
            try:
                return Upload(shown, kind, clean(content))
            except Invalid as refusal:
                raise FileRefused(
                    field, say("“%(name)s”: %(problem)s", name=shown, problem=refusal.sentence)
                ) from None
    raise FileRefused(
        field,
        say(
            "“%(name)s” is neither PDF nor JPEG nor PNG. Save it as PDF, or take a photo of it.",
            name=shown,
        ),
    )


def shown_name(name: str) -> str:
    """Return a file's name without folders and without invisible characters."""
    last = re.split(r"[/\\]", name)[-1]
    text = unicodedata.normalize("NFC", last)
    text = "".join(
        char for char in text if unicodedata.category(char)[0] not in "CZ" or char == " "
    )
    return text.strip()[-LONGEST_NAME:] or "–"


class _DocumentUnfit(Invalid):
    """The PDF could do something, or is more than a PDF."""


def _document(content: bytes) -> bytes:
    """Let a PDF pass that only shows something. It is never opened here, nor in our pages."""
    if _PDF_END.search(content[-1024:]) is None:
        raise _DocumentUnfit(say("This PDF is incomplete. Please save it anew."))
    if _ARCHIVE_END in content[-_ARCHIVE_REACH:]:
        raise _DocumentUnfit(say("This file is a PDF and something else. Please save it anew."))
    if _PDF_ACTS.search(content) is not None:
        raise _DocumentUnfit(
            say("This PDF holds programs or other files. Please print it into a new PDF.")
        )
    return content


_KINDS: Mapping[bytes, tuple[FileKind, Callable[[bytes], bytes]]] = {
    _PDF_START: (FileKind.PDF, _document),
    JPEG_START: (FileKind.JPEG, bare_jpeg),
    PNG_START: (FileKind.PNG, bare_png),
}
