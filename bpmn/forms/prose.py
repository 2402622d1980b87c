"""Explanations inside forms: a small markdown and a small HTML, both made safe when read."""

import re
from html import escape

from lxml import etree, html

from bpmn.errors import Invalid
from bpmn.wording import say

_TAGS = frozenset(
    ["p", "strong", "em", "b", "i", "ul", "ol", "li", "h2", "h3", "h4", "br", "div", "span", "a"]
)
_LINK = re.compile(r"\[([^\]\[]+)\]\((https?://[^\s()]+|tel:[+\d]+|mailto:[^\s()]+)\)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_ITALIC = re.compile(r"\*([^*]+)\*|\b_([^_]+)_\b")
_HEADING = re.compile(r"(#{1,3})\s+(.+)")


class UnsafeProse(Invalid):
    """The text holds something that does not belong into a page."""


def html_of_markdown(text: str) -> str:
    """Turn headings, lists, paragraphs, emphasis and links into HTML; all else is plain text."""
    if "{{" in text:
        raise UnsafeProse(say("Texts in forms cannot compute: remove “{{…}}”."))
    blocks = (block.strip("\n") for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    return "".join(_block(block) for block in blocks if block.strip())


def _block(block: str) -> str:
    lines = block.split("\n")
    if (heading := _HEADING.fullmatch(block)) is not None:
        level = len(heading[1]) + 1
        return f"<h{level}>{_inline(heading[2])}</h{level}>"
    if all(line.lstrip().startswith(("- ", "* ")) for line in lines):
        items = "".join(f"<li>{_inline(line.lstrip()[2:])}</li>" for line in lines)
        return f"<ul>{items}</ul>"
    return f"<p>{'<br>'.join(_inline(line) for line in lines)}</p>"


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
    if "{{" in text:
        raise UnsafeProse(say("Texts in forms cannot compute: remove “{{…}}”."))
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
