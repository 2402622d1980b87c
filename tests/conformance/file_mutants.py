"""Mutated diagrams, decisions and forms: bytes, trees and words changed at random."""

import copy
import json
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (
    ROOT / "workflows" / "processes",
    ROOT / "tests" / "bpmn" / "lint",
    ROOT / "tests" / "conformance" / "bpmn",
    ROOT.parent / "shared" / "conformance" / "bpmn-miwg",
    ROOT.parent / "shared" / "conformance" / "dmn-tck",
)
KINDS = {".bpmn", ".dmn", ".form"}
WORDS = (
    "", "=", "=1/0", "=a.b.c", "=x[x[x]]", "= for i in 1..99999999 return i", "P1D", "P99999999Y",
    "R/PT0S", "R100000/2026-11-01T00:00:00Z/PT1M", '=duration("P1M")', "true", "false", "-1",
    "9" * 400, "1e999999", "\u202e\u0000"[:1], "ä€😀", "../../etc/passwd", "${7*7}", "<b>", "]]>",
    "__import__('os').system('true')", "case_id", "note.text", "A" * 5000, "null", "NaN", "[1..0]",
)  # fmt: skip
TAGS = (
    "task", "userTask", "scriptTask", "serviceTask", "callActivity", "subProcess", "transaction",
    "adHocSubProcess", "startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent",
    "intermediateThrowEvent", "exclusiveGateway", "parallelGateway", "inclusiveGateway",
    "eventBasedGateway", "complexGateway", "timerEventDefinition", "messageEventDefinition",
    "signalEventDefinition", "errorEventDefinition", "linkEventDefinition", "dataStore",
    "multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "timeDuration", "timeCycle",
    "conditionExpression", "script", "lane", "decision", "literalExpression", "context", "list",
)  # fmt: skip
NAMESPACES = (
    "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "http://camunda.org/schema/zeebe/1.0",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "urn:elsewhere",
)


def seeds():
    """Every file of ours and of the standards' kits, by path, the smaller ones first."""
    found = [path for folder in FOLDERS for path in folder.rglob("*") if path.suffix in KINDS]
    return sorted(found, key=lambda path: (path.stat().st_size, path.name))


def mutate(path, random):
    """Change a seed file one to six times; gives its name and the new bytes."""
    content = path.read_bytes()
    change = _form if path.suffix == ".form" else _xml
    try:
        content = (_bytes if random.random() < 0.2 else change)(content, random)
    except (etree.LxmlError, ValueError, LookupError, TypeError):  # an earlier change broke it
        content = _bytes(content, random)
    return "mutant" + path.suffix, content


def _bytes(content, random):
    content = bytearray(content)
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(content) + 1)
        length = random.choice((1, 1, 2, 8, 64, 1000))
        match random.randrange(5):
            case 0:
                del content[at : at + length]
            case 1:
                content[at:at] = random.randbytes(length)
            case 2:
                content[at:at] = content[at : at + length]
            case 3:
                del content[at:]
            case _:
                content[at:at] = random.choice(WORDS).encode(errors="replace")
    return bytes(content)


def _xml(content, random):
    root = etree.fromstring(content)
    for _ in range(random.randint(1, 6)):
        elements = [each for each in root.iter() if isinstance(each.tag, str)]
        _change(random.choice(elements), elements, random)
    return etree.tostring(root)


def _change(element, elements, random):
    around, other = element.getparent(), random.choice(elements)
    if around is not None and random.random() < 0.4:
        _change_tree(element, around, other, random)
    elif element.attrib and random.random() < 0.6:
        _change_attribute(element, other, random)
    elif random.random() < 0.3:
        name = etree.QName(element)
        space = random.choice(NAMESPACES) if random.random() < 0.2 else name.namespace
        element.tag = etree.QName(space, random.choice(TAGS))
    elif random.random() < 0.5:
        element.text = _legal(random.choice(WORDS))
    else:
        names = ("id", "name", "default", "attachedToRef", "isExecutable", "calledElement")
        element.set(random.choice(names), _legal(random.choice(WORDS)))


def _change_tree(element, around, other, random):
    """Take an element away, double it, or put a copy of it elsewhere."""
    deed = random.randrange(3)
    if deed == 0:
        around.remove(element)
    elif deed == 1 or other is element or element in other.iterancestors():
        around.append(copy.deepcopy(element))
    else:
        other.append(copy.deepcopy(element))


def _change_attribute(element, other, random):
    name, deed = random.choice(list(element.attrib)), random.randrange(3)
    if deed == 0:
        del element.attrib[name]
    elif deed == 1 and other.attrib:
        element.set(name, random.choice(list(other.attrib.values())))
    else:
        element.set(name, _legal(random.choice(WORDS)))


def _legal(word):
    return "".join(sign for sign in word if sign >= " ")


def _form(content, random):
    document = json.loads(content)
    for _ in range(random.randint(1, 6)):
        places = list(_places(document))
        holder, key = random.choice(places)
        match random.randrange(5):
            case 0:
                del holder[key]
            case 1:
                other, name = random.choice(places)
                holder[key] = copy.deepcopy(other[name])
            case 2 if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[key]))
            case 3 if isinstance(holder, dict):
                holder[random.choice(WORDS)[:50]] = copy.deepcopy(holder[key])
            case _:
                values = (None, True, -1, 1e300, [], {}, [[]], random.choice(WORDS))
                holder[key] = random.choice(values)
    return json.dumps(document).encode()


def _places(value):
    """Name every place of a document that can be changed: what holds it, and under which key."""
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inside in list(items):
        yield value, key
        yield from _places(inside)
