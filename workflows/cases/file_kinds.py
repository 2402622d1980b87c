"""The kinds of files that a case takes."""

from enum import StrEnum


class FileKind(StrEnum):
    """What an attachment is; also the ending of its name."""

    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"
