"""Files as people and attackers send them, made by hand."""

import struct
import zlib

SCRIPT = b"<script>alert(document.cookie)</script>"
PLACE = b"GPSLatitude 51.4556"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def segment(marker, body):
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def exif(orientation=6, order="<"):
    mark = b"II*\x00" if order == "<" else b"MM\x00*"
    entries = struct.pack(f"{order}H", 1)
    entries += struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"Exif\x00\x00" + mark + struct.pack(f"{order}I", 8) + entries + bytes(4) + PLACE


def jpeg(*more, width=64, height=48, tail=b"", scan=b"\x12\xff\x00\x34\xff\xd0\x56"):
    """A JPEG with `more` segments before its tables and `tail` behind its end."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return b"".join(
        (
            b"\xff\xd8",
            segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
            *more,
            segment(0xDB, bytes(65)),
            segment(0xC0, frame),
            segment(0xC4, bytes(20)),
            segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
            scan,
            b"\xff\xd9",
            tail,
        )
    )


def chunk(kind, body, crc=None):
    crc = zlib.crc32(kind + body) if crc is None else crc
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)


def png(*more, width=4, height=3, interlaced=0, lines=None, tail=b"", packed=None):
    lines = bytes(height * (1 + 3 * width)) if lines is None else lines
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, interlaced)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            *more,
            chunk(b"IDAT", zlib.compress(lines) if packed is None else packed),
            chunk(b"IEND", b""),
            tail,
        )
    )
