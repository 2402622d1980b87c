"""A picture that was stored shows what it showed, and tells nothing else."""

import zlib

import pytest

from tests.workflows.cases.paper import PLACE, SCRIPT, chunk, exif, jpeg, png, segment
from workflows.cases.pictures import PictureBroken, PictureTooLarge, bare_jpeg, bare_png

TABLES = jpeg()[jpeg().index(b"\xff\xdb") :]


@pytest.mark.parametrize("marker", [*range(0xE0, 0xF0), 0xFE])
@pytest.mark.parametrize("hidden", [SCRIPT, exif(1), b"Adobe" + SCRIPT, b"ICC_PROFILE" + PLACE])
def test_what_a_camera_or_a_stranger_wrote_beside_the_picture_is_gone(marker, hidden):
    bare = bare_jpeg(jpeg(segment(marker, hidden)))

    assert bare == bare_jpeg(jpeg())
    assert bare.endswith(TABLES)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("turned", range(2, 9))
def test_a_picture_keeps_which_way_is_up(order, turned):
    bare = bare_jpeg(jpeg(segment(0xE1, exif(turned, order))))

    assert PLACE not in bare
    assert bare.count(b"Exif") == 1
    assert bare_jpeg(bare) == bare


@pytest.mark.parametrize(
    "tail", [SCRIPT, b"PK\x05\x06" + bytes(18), b"%PDF-1.7 %%EOF", b"\xff\xd8"]
)
def test_what_follows_the_end_of_a_picture_is_gone(tail):
    assert bare_jpeg(jpeg(tail=tail)) == bare_jpeg(jpeg())
    assert bare_png(png(tail=tail)) == bare_png(png())


def test_the_colour_note_that_readers_need_stays():
    note = segment(0xEE, b"Adobe\x00\x64\x00\x00\x00\x00\x01")

    assert note in bare_jpeg(jpeg(note))


@pytest.mark.parametrize("end", range(3, len(jpeg()) - 2, 7))
def test_a_jpeg_that_breaks_off_is_refused(end):
    with pytest.raises(PictureBroken):
        bare_jpeg(jpeg()[:end])


@pytest.mark.parametrize("size", [(0, 5), (5, 0)])
def test_a_picture_without_a_size_is_refused(size):
    for picture, bare in ((jpeg, bare_jpeg), (png, bare_png)):
        with pytest.raises(PictureBroken):
            bare(
                picture(
                    width=size[0], height=size[1], **({"lines": b""} if bare is bare_png else {})
                )
            )


def test_a_picture_that_would_unpack_without_end_is_refused():
    with pytest.raises(PictureTooLarge):
        bare_jpeg(jpeg(width=25_000, height=25_000))
    with pytest.raises(PictureTooLarge):
        bare_png(png(width=25_000, height=25_000, lines=b""))
    with pytest.raises(PictureTooLarge):
        bare_png(png(width=7_000, height=7_000, lines=b""))


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"iCCP", b"tIME", b"abCd"])
def test_the_texts_of_a_png_are_gone(kind):
    assert bare_png(png(chunk(kind, SCRIPT))) == bare_png(png())


def test_a_png_keeps_its_colours():
    palette = chunk(b"PLTE", bytes(range(30)))

    assert palette in bare_png(png(palette))
    assert b"\xee" * 900 not in bare_png(png(chunk(b"PLTE", b"\xee" * 900)))


def test_what_hides_behind_the_packed_picture_of_a_png_is_gone():
    packed = zlib.compress(bytes(39)) + SCRIPT

    assert bare_png(png(packed=packed)) == bare_png(png())


@pytest.mark.parametrize(
    "broken",
    [
        png(lines=bytes(38)),
        png(lines=bytes(400_000)),
        png(packed=b"not packed"),
        png()[:-13],
        png()[:20],
        png(chunk(b"tEXt", b"x", crc=1)),
        png(interlaced=2),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", b"x") + chunk(b"IEND", b""),
    ],
)
def test_a_png_that_is_not_what_it_says_is_refused(broken):
    with pytest.raises(PictureBroken):
        bare_png(broken)


def test_an_interlaced_png_is_measured_pass_by_pass():
    lines = bytes(1 + 3 + 1 + 3 + 1 + 3 * 2 + 1 + 3 * 2 + 1 + 3 * 2 + 1 + 3 * 4)

    assert bare_png(png(width=4, height=3, interlaced=1, lines=lines))
