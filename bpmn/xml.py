"""XML from outside becomes a tree here or nowhere: no DTD, no entities, no network, bounded."""

from lxml import etree

from bpmn.errors import Invalid
from bpmn.wording import Sentence, say

MOST_BYTES = 2_000_000
DEEPEST = 100
MOST_ELEMENTS = 50_000
UNREADABLE = say("The file is no readable XML; it may be damaged, or a file of another kind.")


class UnreadableXml(Invalid):
    """The bytes are no XML that we accept; `line` is where reading stopped, when that is known."""

    def __init__(self, problem: Sentence, line: int | None = None) -> None:
        super().__init__(
            problem
            if line is None
            else say("%(problem)s (line %(line)s)", problem=problem, line=line)
        )
        self.problem = problem
        self.line = line


def read(content: bytes) -> etree._Element:
    """Parse a file of unknown origin; comments and processing instructions are dropped."""
    if len(content) > MOST_BYTES:
        raise UnreadableXml(say("The file is larger than 2 MB."))
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        raise UnreadableXml(_reason(error), error.lineno or None) from None
    except ValueError:
        raise UnreadableXml(UNREADABLE) from None
    _refuse_document_types(root)
    _refuse_monsters(root)
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
        recover=False,
    )


def _reason(error: etree.XMLSyntaxError) -> Sentence:
    if not error.msg or "empty" in error.msg:
        return say("The file is empty.")
    return UNREADABLE


def _refuse_document_types(root: etree._Element) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableXml(say("The file declares a document type (DOCTYPE); remove it."))


def _refuse_monsters(root: etree._Element) -> None:
    depth = 0
    for count, (event, element) in enumerate(etree.iterwalk(root, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise UnreadableXml(
                say("The elements are nested more than %(limit)s deep.", limit=DEEPEST),
                element.sourceline,
            )
        if count > 2 * MOST_ELEMENTS:
            raise UnreadableXml(
                say("The file has more than %(limit)s elements.", limit=MOST_ELEMENTS)
            )
