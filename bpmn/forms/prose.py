"""Explanations inside forms: a small markdown and a small HTML, both made safe when read."""

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

from lxml import etree, html

from bpmn.errors import Invalid
from bpmn.wording import say

_TAGS = frozenset(
    ["p", "strong", "em", "b", "i", "ul", "ol", "li", "h2", "h3", "h4", "br", "div", "span", "a"]
)
_LINK = re.compile(r"\[([^\]\[]+)\]\((https?://[^\s()]+|tel:[+\d]+|mailto:[^\s()]+)\)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_ITALIC = re.compile(r"\*([^*]+)\*|\b_([^_]+)_\b")
_HEADING = re.compile(r"(#{1,3})\s+(\S.*)")
_ITEM = re.compile(r"\s*[-*]\s+(\S.*)")
_NUMBERED = re.compile(r"\s*\d{1,3}[.)]\s+(\S.*)")


class UnsafeProse(Invalid):
    """The text holds something that does not belong into a page."""


def html_of_markdown(text: str) -> str:
    """Turn headings, lists, paragraphs, emphasis and links into HTML; all else is plain text."""
    _refuse_formulas(text)
    lines = text.replace("\r\n", "\n").split("\n")
    return "".join(_block(kind, tuple(same)) for kind, same in groupby(lines, _kind_of))


def _refuse_formulas(text: str) -> None:
    if "{{" in text or text.startswith("="):
        raise UnsafeProse(
            say("Texts in forms cannot compute: remove “{{…}}”, or “=” at the beginning.")
        )


def _kind_of(line: str) -> re.Pattern[str] | None:
    """Tell what a line is by the pattern it has; None for plain text and for nothing."""
    return next((kind for kind in _TAG_OF if kind.fullmatch(line)), None)


def _block(kind: re.Pattern[str] | None, lines: tuple[str, ...]) -> str:
    if kind is None:
        return "".join(_paragraphs(lines))
    found = [match for line in lines if (match := kind.fullmatch(line))]
    if kind is _HEADING:
        return "".join(_heading(len(each[1]) + 1, each[2]) for each in found)
    items = "".join(f"<li>{_inline(each[1])}</li>" for each in found)
    return f"<{_TAG_OF[kind]}>{items}</{_TAG_OF[kind]}>"


_TAG_OF = {_HEADING: "h", _ITEM: "ul", _NUMBERED: "ol"}


def _heading(level: int, text: str) -> str:
    return f"<h{level}>{_inline(text)}</h{level}>"


def _paragraphs(lines: tuple[str, ...]) -> Iterator[str]:
    for is_text, same in groupby(lines, lambda line: bool(line.strip())):
        if is_text:
            yield f"<p>{'<br>'.join(_inline(line) for line in same)}</p>"


def _inline(text: str) -> str:
    """Mark links and emphasis; what a link points to stays as it is written."""
    parts, end = [], 0
    for link in _LINK.finditer(text):
        parts.append(_emphasised(text[end : link.start()]))
        parts.append(f'<a href="{escape(link[2])}">{_emphasised(link[1])}</a>')
        end = link.end()
    return "".join((*parts, _emphasised(text[end:])))


def _emphasised(text: str) -> str:
    safe = _BOLD.sub(r"<strong>\1</strong>", escape(text))
    return _ITALIC.sub(lambda found: f"<em>{found[1] or found[2]}</em>", safe)


def safe_html(text: str) -> str:
    """Return the HTML when it holds only harmless elements; otherwise refuse it by name."""
    _refuse_formulas(text)
    if not text.strip():
        return ""
    try:
        root = html.fragment_fromstring(text, create_parent="div")
    except ValueError:
        raise UnsafeProse(say("This text holds invisible control characters.")) from None
    for element in root.iter():
        _check(element)
    inner = (root.text and escape(root.text, quote=False)) or ""
    return inner + "".join(
        etree.tostring(child, encoding="unicode", method="html") for child in root
    )


def _check(element: html.HtmlElement) -> None:
    tag = element.tag if isinstance(element.tag, str) else "!--"
    if tag not in _TAGS:
        raise UnsafeProse(say("Texts in forms cannot hold “<%(tag)s>”.", tag=tag))
    for name, value in element.attrib.items():
        if (tag, name) != ("a", "href") or not value.startswith(("https://", "http://", "tel:")):
            raise UnsafeProse(
                say("Texts in forms cannot hold the attribute “%(name)s”.", name=name)
            )
