"""Link events: a throwing one goes on at the catching one of the same name, as if a flow led there."""

from collections.abc import Iterator

from lxml import etree

from bpmn.notation.tags import BPMN, LINK, NODES, tag_of


def links(level: etree._Element, tag: str) -> Iterator[tuple[etree._Element, str]]:
    """Yield the events of this tag that stand for a link on this level, with its name."""
    for event in level.iterchildren(f"{BPMN}{tag}"):
        definition = event.find(f"{BPMN}{LINK}")
        if definition is not None:
            yield event, " ".join(definition.get("name", "").split())


def link_flows(level: etree._Element) -> list[etree._Element]:
    """Draw the flows that the links of a level stand for, where both ends are there."""
    targets = {name: event.get("id", "") for event, name in links(level, "intermediateCatchEvent")}
    return [
        etree.Element(
            f"{BPMN}sequenceFlow",
            id=f"({event.get('id', '')})",
            sourceRef=event.get("id", ""),
            targetRef=targets[name],
        )
        for event, name in links(level, "intermediateThrowEvent")
        if name in targets
    ]


def levels_of(process: etree._Element) -> Iterator[etree._Element]:
    """Yield the process and every sub-process in it."""
    yield process
    yield from (node for node in process.iter(f"{BPMN}subProcess") if tag_of(node) in NODES)
