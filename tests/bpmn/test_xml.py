import pytest

from bpmn.xml import MOST_BYTES, UnreadableXml, read

LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"<a>",
        b"<a>\x00</a>",
        b"\xff\xfe\x00",
        b"PK\x03\x04 no xml",
        b"<a b='1' b='2'/>",
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]><a/>',
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a b="&l9;">&l9;</a>'.encode(),
        b"<a>" * 101 + b"</a>" * 101,
        b"<a>" + b"<b/>" * 50_001 + b"</a>",
        b"<a>" + b" " * MOST_BYTES + b"</a>",
    ],
)
def test_what_is_no_harmless_xml_is_refused_in_a_sentence(content):
    with pytest.raises(UnreadableXml) as caught:
        read(content)

    assert str(caught.value)


def test_a_refusal_names_the_line():
    with pytest.raises(UnreadableXml) as caught:
        read(b"<a>\n<b>\n</a>")

    assert caught.value.line == 3


def test_comments_and_instructions_are_gone():
    root = read(b'<?xml version="1.0"?><?run me?><a><!-- c --><b/></a>')

    assert [child.tag for child in root] == ["b"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_declared_encodings_are_read(encoding):
    content = f'<?xml version="1.0" encoding="{encoding}"?><a b="Lärm"/>'.encode(encoding)

    assert read(content).get("b") == "Lärm"


def test_includes_are_not_followed():
    root = read(
        b'<a xmlns:xi="http://www.w3.org/2001/XInclude">'
        b'<xi:include href="file:///etc/passwd" parse="text"/></a>'
    )

    assert "root:" not in "".join(root.itertext())
