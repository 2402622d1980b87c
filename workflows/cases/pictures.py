"""Pictures are written anew with nothing but the picture in them.

Cameras write into a file where and when it was taken, and others hide things there. A JPEG keeps
its tables and its scans and learns again only which way is up; a PNG is unpacked to its very last
byte and packed anew. Whatever else the file held is gone. No picture is ever decoded to pixels here.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from bpmn.errors import Invalid
from bpmn.wording import say

MOST_PIXELS = 60_000_000
MOST_UNPACKED = 64_000_000
PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8\xff"

_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_KEPT_TABLES = frozenset({0xC4, 0xDB, 0xDD})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _END, _EXIF, _ADOBE = 0xDA, 0xD9, 0xE1, 0xEE
_ORIENTATION = 0x0112
_KEPT_CHUNKS = {b"PLTE": 768, b"tRNS": 256, b"gAMA": 4, b"cHRM": 32, b"sRGB": 1}
"""Chunks a PNG keeps beside the picture itself, each with the most bytes it may have."""
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))  # fmt: skip


class PictureBroken(Invalid):
    """The file begins like a picture and is none."""

    def __init__(self) -> None:
        super().__init__(say("This picture is damaged. Please take it anew or choose another."))


class PictureTooLarge(Invalid):
    """The picture would unpack to more than a reader's machine should have to bear."""

    def __init__(self) -> None:
        super().__init__(say("This picture has too many pixels. Please make it smaller."))


def bare_jpeg(content: bytes) -> bytes:
    """Return the JPEG without comments, previews, places, dates and what follows its end."""
    out, upright, framed, scanned = [b"\xff\xd8", _JFIF], b"", False, False
    for marker, body in _segments(content):
        if marker == _EXIF and not upright:
            upright = _upright(body)
        elif marker in _FRAMES:
            _check_frame(body)
            framed = True
        if marker == _SCAN:
            scanned = True
        if marker in _KEPT_TABLES | _FRAMES | {_SCAN} or _is_adobe(marker, body):
            out.append(body)
    if not framed or not scanned:
        raise PictureBroken
    return b"".join((*out[:2], upright, *out[2:], b"\xff\xd9"))


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Return each segment with its marker; a scan includes the data that follow it."""
    place = 2
    while True:
        marker, place = _marker(content, place)
        if marker == _END:
            return
        end = place + _number(content, place)
        if marker == _SCAN:
            end = _end_of_scan(content, end)
        if end > len(content):
            raise PictureBroken
        yield marker, bytes((0xFF, marker)) + content[place:end]
        place = end


def _marker(content: bytes, place: int) -> tuple[int, int]:
    if content[place : place + 1] != b"\xff":
        raise PictureBroken
    while content[place : place + 1] == b"\xff":
        place += 1
    marker = content[place : place + 1]
    if not marker or marker[0] < 0xC0 or 0xD0 <= marker[0] <= 0xD8:
        raise PictureBroken
    return marker[0], place + 1


def _number(content: bytes, place: int) -> int:
    if place + 2 > len(content):
        raise PictureBroken
    length: int = struct.unpack_from(">H", content, place)[0]
    if length < 2:
        raise PictureBroken
    return length


def _end_of_scan(content: bytes, place: int) -> int:
    """Find the next marker that is neither data nor a restart."""
    while (place := content.find(b"\xff", place)) >= 0 and place + 1 < len(content):
        if content[place + 1] != 0 and not 0xD0 <= content[place + 1] <= 0xD7:
            return place
        place += 2
    raise PictureBroken


def _check_frame(body: bytes) -> None:
    if len(body) < 9:
        raise PictureBroken
    height, width = struct.unpack_from(">HH", body, 5)
    _check_size(width, height)


def _check_size(width: int, height: int) -> None:
    if width == 0 or height == 0:
        raise PictureBroken
    if width * height > MOST_PIXELS:
        raise PictureTooLarge


def _is_adobe(marker: int, body: bytes) -> bool:
    """Tell the one note that readers need to get the colours right."""
    return marker == _ADOBE and body[4:9] == b"Adobe" and len(body) == 16


def _upright(body: bytes) -> bytes:
    """Return a note that says which way is up, and nothing else; none when it is upright."""
    turned = _orientation(body[10:]) if body[4:10] == b"Exif\x00\x00" else 1
    if not 2 <= turned <= 8:
        return b""
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, turned, 0)
    tiff = b"MM\x00*\x00\x00\x00\x08\x00\x01" + entry + bytes(4)
    return b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\x00\x00" + tiff


def _orientation(tiff: bytes) -> int:
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 10:
        return 1
    start: int = struct.unpack_from(f"{order}I", tiff, 4)[0]
    if start + 2 > len(tiff):
        return 1
    count: int = struct.unpack_from(f"{order}H", tiff, start)[0]
    for place in range(start + 2, min(start + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, place)
        if tag == _ORIENTATION and kind == 3:
            return int(value)
    return 1


@dataclass(frozen=True, slots=True)
class _Header:
    width: int
    height: int
    depth: int
    colour: int
    interlaced: int

    @property
    def unpacked(self) -> int:
        """The bytes of the picture, each line with the number of its filter."""
        bits = self.depth * _CHANNELS[self.colour]
        if not self.interlaced:
            return self.height * (1 + (self.width * bits + 7) // 8)
        parts = (
            (max(0, -(-(self.width - x) // dx)), max(0, -(-(self.height - y) // dy)))
            for x, y, dx, dy in _PASSES
        )
        return sum(lines * (1 + (width * bits + 7) // 8) for width, lines in parts if width)


def bare_png(content: bytes) -> bytes:
    """Return the PNG with its picture packed anew and nothing beside it."""
    header, kept, packed = _Header(0, 0, 0, 0, 0), [], []
    for number, (kind, body) in enumerate(_chunks(content)):
        if (number == 0) is not (kind == b"IHDR"):
            raise PictureBroken
        if kind == b"IHDR":
            header = _header(body)
            kept.append(_chunk(kind, body))
        elif kind == b"IDAT":
            packed.append(body)
        elif len(body) <= _KEPT_CHUNKS.get(kind, -1):
            kept.append(_chunk(kind, body))
    picture = zlib.compress(_unpacked(b"".join(packed), header), 6)
    return b"".join((PNG_START, *kept, _chunk(b"IDAT", picture), _chunk(b"IEND", b"")))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(PNG_START)
    while place + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        body = content[place + 8 : place + 8 + length]
        stored = content[place + 8 + length : place + 12 + length]
        if len(stored) != 4 or struct.unpack(">I", stored)[0] != zlib.crc32(kind + body):
            raise PictureBroken
        if kind == b"IEND":
            return
        yield kind, body
        place += 12 + length
    raise PictureBroken


def _header(body: bytes) -> _Header:
    if len(body) != 13:
        raise PictureBroken
    width, height, depth, colour, packing, filtering, interlaced = struct.unpack(">IIBBBBB", body)
    if colour not in _CHANNELS or depth not in (1, 2, 4, 8, 16) or interlaced > 1:
        raise PictureBroken
    if packing or filtering:
        raise PictureBroken
    _check_size(width, height)
    header = _Header(width, height, depth, colour, interlaced)
    if header.unpacked > MOST_UNPACKED:
        raise PictureTooLarge
    return header


def _unpacked(packed: bytes, header: _Header) -> bytes:
    """Unpack no more than the picture needs; more or less than that is no picture."""
    try:
        unpacked = zlib.decompressobj().decompress(packed, header.unpacked + 1)
    except zlib.error:
        raise PictureBroken from None
    if not unpacked or len(unpacked) != header.unpacked:
        raise PictureBroken
    return unpacked


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
