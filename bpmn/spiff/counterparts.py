"""Two definitions held against each other: what takes whose place, and how it differs."""

from collections.abc import Callable, Collection, Iterator, Mapping

import orjson

from bpmn.migration import Change, ChangeKind, Mapped, Node, Wishes, WishUnknown
from bpmn.model import Definitions
from bpmn.spiff.portraits import Portrait, portraits
from bpmn.wording import Sentence, say

Portraits = Mapping[Node, Portrait]


def propose(old: Definitions, new: Definitions, wishes: Wishes) -> Mapped:
    """Say what takes the place of what: by wish, else by id, else by what it is and does.

    Raises `WishUnknown` for an element that takes a place and is not there.
    """
    processes = {
        name: wishes.processes.get(name, name)
        for name in old.processes
        if wishes.processes.get(name, name) in new.processes
    }
    ours = {node: one for node, one in portraits(old).items() if node[0] in processes}
    theirs = portraits(new)
    nodes = dict(_wished(ours, theirs, processes, wishes))
    taken = set(nodes.values())
    for process, element in ours:
        same = (processes[process], element)
        if (process, element) not in wishes.elements and same in theirs and same not in taken:
            nodes[process, element] = same
    for alike in (_deed, _label):
        left = {node: one for node, one in ours.items() if node not in nodes}
        left = {node: one for node, one in left.items() if node not in wishes.elements}
        nodes |= _renamed(left, theirs, processes, nodes, alike)
    return Mapped(processes, nodes)


def check_wishes(wishes: Wishes, olds: Collection[Definitions], new: Definitions) -> None:
    """Refuse names that none of the old definitions has, or that the new ones lack.

    Raises `WishUnknown`: a slip of the pen would otherwise be a wish that nothing comes of.
    """
    for before, after in wishes.processes.items():
        if not any(before in old.processes for old in olds):
            raise WishUnknown(before)
        if after not in new.processes:
            raise WishUnknown(after)
    for process, element in wishes.elements:
        places = [old.processes[process].elements for old in olds if process in old.processes]
        if not any(element in elements for elements in places):
            raise WishUnknown(f"{process}/{element}")


def _wished(
    ours: Portraits, theirs: Portraits, processes: Mapping[str, str], wishes: Wishes
) -> Iterator[tuple[Node, Node]]:
    for node, element in wishes.elements.items():
        if node not in ours or element is None:
            continue
        wanted = (processes[node[0]], element)
        if wanted not in theirs:
            raise WishUnknown(element)
        yield node, wanted


def _renamed(
    left: Portraits,
    theirs: Portraits,
    processes: Mapping[str, str],
    nodes: Mapping[Node, Node],
    alike: Callable[[Portrait], bytes | None],
) -> dict[Node, Node]:
    """Match what has another id and is alike, where there is one of its kind on either side."""
    taken = set(nodes.values())
    there: dict[tuple[str, bytes | None], list[Node]] = {}
    for node, portrait in theirs.items():
        if node not in taken:
            there.setdefault((node[0], alike(portrait)), []).append(node)
    here: dict[tuple[str, bytes | None], list[Node]] = {}
    for node, portrait in left.items():
        here.setdefault((processes[node[0]], alike(portrait)), []).append(node)
    return {
        only[0]: there[key][0]
        for key, only in here.items()
        if key[1] is not None and len(only) == 1 and len(there.get(key, ())) == 1
    }


def _deed(portrait: Portrait) -> bytes | None:
    """Tell apart by label and everything it does; what has no label and no form is like any other."""
    label = None if portrait.info.name == portrait.info.id else portrait.info.name
    if label is None and not portrait.does.get("form"):
        return None
    return orjson.dumps([label, portrait.does], option=orjson.OPT_SORT_KEYS, default=str)


def _label(portrait: Portrait) -> bytes | None:
    """Tell apart by kind and label; without a label there is nothing to go by."""
    info = portrait.info
    return None if info.name == info.id else f"{info.kind} {info.name}".encode()


def changes(old: Definitions, new: Definitions, mapped: Mapped) -> list[Change]:
    """List what a manager would call different, in the order of the new diagrams."""
    ours, theirs = portraits(old), portraits(new)
    before = {there: here for here, there in mapped.nodes.items()}
    found: list[Change] = []
    for node, portrait in theirs.items():
        if node in before:
            found += _differences(before[node], node, (ours[before[node]], portrait), mapped)
        else:
            found.append(
                _change(ChangeKind.ADDED, node, say("“%(name)s” is new.", name=portrait.info.name))
            )
    for node, portrait in ours.items():
        if node not in mapped.nodes:
            gone = say("“%(name)s” is no longer there.", name=portrait.info.name)
            found.append(_change(ChangeKind.REMOVED, node, gone))
    return found


def _differences(
    before: Node, node: Node, pair: tuple[Portrait, Portrait], mapped: Mapped
) -> Iterator[Change]:
    old, new = pair
    if before[1] != node[1]:
        renamed = say("“%(name)s” has the id “%(id)s” now.", name=new.info.name, id=node[1])
        yield Change(ChangeKind.RENAMED, *node, "id", renamed, before[1])
    for aspect, sentence in _ASPECTS.items():
        if _aspect(old, aspect, before[0], mapped) != _aspect(new, aspect, node[0], None):
            told = Sentence(sentence.template, {"name": new.info.name})
            yield _change(ChangeKind.CHANGED, node, told, aspect)


def _aspect(portrait: Portrait, aspect: str, process: str, mapped: Mapped | None) -> object:
    """Read one side of a node, in the ids of the new definitions."""
    if aspect == "label":
        return "" if portrait.info.name == portrait.info.id else portrait.info.name
    if aspect == "ways":
        return sorted(_translated(way, process, mapped) for way in portrait.ways)
    value = portrait.does.get(aspect)
    if aspect in {"inside", "host"} and isinstance(value, str):
        return _translated(value, process, mapped)
    return value


def _translated(way: str, process: str, mapped: Mapped | None) -> str:
    if mapped is None:
        return way
    element, space, condition = way.partition(" ")
    known = mapped.nodes.get((process, element))
    return f"{known[1] if known else element}{space}{condition}"


def _change(kind: ChangeKind, node: Node, sentence: Sentence, aspect: str | None = None) -> Change:
    return Change(kind, *node, aspect, sentence)


_ASPECTS = {
    "kind": say("“%(name)s” is an element of another kind now."),
    "label": say("“%(name)s” was called otherwise before."),
    "inside": say("“%(name)s” stands on another level of the diagram now."),
    "host": say("“%(name)s” watches another activity now."),
    "form": say("“%(name)s” asks by another form now."),
    "work": say("“%(name)s” is to be done otherwise, by others or until another date now."),
    "trigger": say("“%(name)s” waits for something else now."),
    "interrupting": say("“%(name)s” interrupts now and did not before, or the other way round."),
    "loop": say("“%(name)s” is repeated in another way now."),
    "inputs": say("“%(name)s” takes other variables now."),
    "outputs": say("“%(name)s” gives other variables now."),
    "ways": say("“%(name)s” leads elsewhere now."),
}
