"""Which files a case takes: told by what is in them, whatever they are called."""

import pytest

from tests.workflows.cases.paper import PDF, SCRIPT, chunk, exif, jpeg, png, segment
from workflows.cases.file_kinds import FileKind
from workflows.cases.uploads import MOST_BYTES, FileRefused, shown_name, taken

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
OTHERS = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "svg after a declaration": b"<?xml version='1.0'?><svg onload='alert(1)'/>",
    "html": b"<!doctype html><script>alert(1)</script>",
    "script": SCRIPT,
    "zip": b"PK\x03\x04" + bytes(30),
    "empty zip": b"PK\x05\x06" + bytes(18),
    "docx": b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml",
    "odt": b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text",
    "gif": b"GIF89a" + bytes(20),
    "webp": b"RIFF\x20\x00\x00\x00WEBPVP8 ",
    "bmp": b"BM" + bytes(60),
    "tiff": b"II*\x00" + bytes(60),
    "heic": b"\x00\x00\x00\x18ftypheic",
    "mp4": b"\x00\x00\x00\x18ftypmp42",
    "exe": b"MZ" + bytes(60),
    "elf": b"\x7fELF" + bytes(60),
    "shell": b"#!/bin/sh\nrm -rf /",
    "gzip": b"\x1f\x8b\x08" + bytes(20),
    "7z": b"7z\xbc\xaf\x27\x1c",
    "rar": b"Rar!\x1a\x07\x00",
    "postscript": b"%!PS-Adobe-3.0",
    "rtf": b"{\\rtf1 \\object}",
    "text": b"Hallo",
    "byte order mark": b"\xff\xfeH\x00a\x00",
    "test virus": EICAR,
    "pdf after a script": SCRIPT + PDF,
    "pdf after a blank": b"\n" + PDF,
    "jpeg after a script": SCRIPT + jpeg(),
    "png after a script": SCRIPT + png(),
    "nearly a png": b"\x89PNG\n\x1a\n" + bytes(60),
    "nearly a jpeg": b"\xff\xd8\xfe" + bytes(60),
}
UNFIT_PDFS = {
    "incomplete": PDF[:-6],
    "followed by a script": PDF + SCRIPT,
    "with an archive": PDF + b"% PK\x05\x06" + bytes(18) + b"\n%%EOF",
    **{
        name: PDF.replace(b"/Type", b"/" + name.encode() + b" 2 0 R /Type")
        for name in (
            "JavaScript",
            "JS",
            "Launch",
            "EmbeddedFile",
            "EmbeddedFiles",
            "RichMedia",
            "XFA",
        )
    },
}
HIDING = {
    f"{place} {number}": make(payload)
    for number, payload in enumerate((SCRIPT, EICAR, b"PK\x05\x06" + bytes(18), exif()))
    for place, make in {
        "a comment of a jpeg": lambda hidden: jpeg(segment(0xFE, hidden)),
        "a note of a jpeg": lambda hidden: jpeg(segment(0xE1, hidden)),
        "a profile of a jpeg": lambda hidden: jpeg(segment(0xE2, hidden)),
        "the end of a jpeg": lambda hidden: jpeg(tail=hidden),
        "a text of a png": lambda hidden: png(chunk(b"tEXt", hidden)),
        "an own chunk of a png": lambda hidden: png(chunk(b"abCd", hidden)),
        "the end of a png": lambda hidden: png(tail=hidden),
    }.items()
}


@pytest.mark.parametrize(
    ("content", "kind"), [(PDF, FileKind.PDF), (jpeg(), FileKind.JPEG), (png(), FileKind.PNG)]
)
@pytest.mark.parametrize("name", ["brief", "brief.exe", "brief.txt", "foto.jpg"])
def test_a_kind_is_told_by_the_content_and_never_by_the_name(content, kind, name):
    assert taken("note.file", name, content).kind is kind


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("ending", [".pdf", ".png"])
def test_everything_else_is_refused_with_what_to_do(name, ending):
    with pytest.raises(FileRefused, match="neither PDF nor JPEG nor PNG") as refused:
        taken("note.file", f"brief{ending}", OTHERS[name])

    assert list(refused.value.fields) == ["note.file"]


@pytest.mark.parametrize("name", UNFIT_PDFS)
def test_a_pdf_that_could_do_something_is_refused(name):
    with pytest.raises(FileRefused, match="PDF"):
        taken("note.file", "brief.pdf", UNFIT_PDFS[name])


@pytest.mark.parametrize("place", HIDING)
def test_what_hides_in_a_picture_does_not_come_in(place):
    kept = taken("note.file", "foto", HIDING[place]).content

    for hidden in (SCRIPT, EICAR, b"PK\x05\x06", b"GPSLatitude"):
        assert hidden not in kept


def test_a_file_ends_at_ten_megabytes():
    full = PDF[:-6] + b"%" * (MOST_BYTES - len(PDF)) + b"\n%%EOF"

    assert taken("f", "brief.pdf", full)
    with pytest.raises(FileRefused, match="10 MB"):
        taken("f", "brief.pdf", full + b"\n")
    with pytest.raises(FileRefused, match="empty"):
        taken("f", "brief.pdf", b"")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Fotos\\treppe.jpg", "treppe.jpg"),
        ("rechnung\u202efdp.exe", "rechnungfdp.exe"),
        ("a\r\nX-Type: b.pdf", "aX-Type: b.pdf"),
        ("\x00\x1b[31mx.png", "[31mx.png"),
        ("a\u0308.pdf", "ä.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("", "–"),
        ("/", "–"),
    ],
)
def test_a_name_is_shown_without_folders_and_invisible_characters(name, shown):
    assert shown_name(name) == shown
