"""Random processes that are sound by construction, drawn as BPMN.

A process is a tree of blocks, each with one way in and one way out; `numbered` gives every block
a number by which its nodes are named. `sound_oracle` knows what such a tree does.
"""

from dataclasses import dataclass, field, replace
from itertools import count, pairwise

from hypothesis import strategies as st

from tests.bpmn.spiff.drawing import (
    after,
    boundary,
    call,
    catch,
    each,
    end,
    flows,
    job,
    mapping,
    message,
    node,
    person,
    process,
    script,
    start,
)

MOST_BLOCKS = 12
ROUNDS = 2
FAR = "P1000D"
CLOSED = {"propagateAllParentVariables": "false", "propagateAllChildVariables": "false"}


@dataclass(frozen=True)
class Block:
    """A piece of a process with one way in and one way out."""

    kind: str
    parts: tuple["Block", ...] = ()
    choice: int = 0
    """Which ways are taken, how often, over how many items."""
    n: int = 0

    def inside(self):
        """List the block and all below it."""
        yield self
        for part in self.parts:
            yield from part.inside()


def numbered(block, numbers=None):
    numbers = numbers or count(1)
    n = next(numbers)
    return replace(block, n=n, parts=tuple(numbered(part, numbers) for part in block.parts))


def counters(block):
    """Name the variables in which the loops of a block count; calls count on their own."""
    if block.kind == "call":
        return []
    own = [f"round{block.n}"] if block.kind == "loop" else []
    return own + [name for part in block.parts for name in counters(part)]


LEAVES = st.sampled_from(["task", "job", "script", "pause", "letter"]).map(Block)


def _around(inner):
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    one = inner.map(lambda block: (block,))
    return st.one_of(
        st.builds(Block, st.just("sequence"), several),
        st.builds(Block, st.just("parallel"), several),
        st.builds(Block, st.just("exclusive"), several, st.integers(0, 2)),
        st.builds(Block, st.just("inclusive"), several, st.integers(0, 7)),
        st.builds(Block, st.just("loop"), one, st.integers(1, ROUNDS)),
        st.builds(Block, st.just("subprocess"), one),
        st.builds(Block, st.just("call"), one),
        st.builds(Block, st.just("each"), one, st.integers(0, 3)),
        st.builds(Block, st.just("one by one"), one, st.integers(0, 3)),
        st.builds(Block, st.just("deadline"), several.map(lambda parts: parts[:2])),
        st.builds(Block, st.just("race"), several.map(lambda parts: parts[:2])),
        st.builds(Block, st.just("split"), several, st.integers(0, 7)),
        st.builds(Block, st.just("link"), one),
        st.builds(Block, st.just("beside"), several.map(lambda parts: parts[:2])),
        st.builds(Block, st.just("rescue"), several.map(lambda parts: parts[:2])),
    )


BLOCKS = st.recursive(LEAVES, _around, max_leaves=MOST_BLOCKS).map(numbered)


@dataclass
class Drawing:
    """Writes blocks as nodes: (nodes, first, last, flows between)."""

    children: list[str] = field(default_factory=list)
    items: tuple[str, ...] = ()
    """Names of the items of the multi-instances around."""

    def process(self, block):
        return self.level(block, 0)

    def level(self, block, n):
        """Draw one level: a start, the block, an end."""
        nodes, first, last, ways = self.block(block)
        return (start(f"s{n}"), *nodes, end(f"e{n}"), flows(f"s{n}>{first};{last}>e{n};{ways}"))

    def block(self, block):
        return getattr(self, "_" + block.kind.replace(" ", "_"))(block, block.n)

    def _task(self, _block, n):
        return _alone(person(f"task{n}"), f"task{n}")

    def _job(self, _block, n):
        return _alone(job(f"job{n}"), f"job{n}")

    def _script(self, _block, n):
        return _alone(script(f"script{n}", "=total + 1", "total"), f"script{n}")

    def _pause(self, _block, n):
        return _alone(catch(f"pause{n}", after("P1D")), f"pause{n}")

    def _letter(self, _block, n):
        return _alone(catch(f"letter{n}", message()), f"letter{n}")

    def _sequence(self, block, _n):
        drawn = [self.block(part) for part in block.parts]
        nodes = [one for part in drawn for one in part[0]]
        ways = [part[3] for part in drawn] + [f"{a[2]}>{b[1]}" for a, b in pairwise(drawn)]
        return nodes, drawn[0][1], drawn[-1][2], ";".join(ways)

    def _fan(self, tag, block, conditions=None):
        """Draw a split and a join of one kind around the parts; the last way is the default."""
        split, join = f"split{block.n}", f"join{block.n}"
        drawn = [self.block(part) for part in block.parts]
        default = {"default": f"{split}_{drawn[-1][1]}"} if conditions else {}
        nodes = [node(tag, split, **default), *(one for part in drawn for one in part[0])]
        ways = [part[3] for part in drawn]
        for part, condition in zip(drawn, conditions or [""] * len(drawn), strict=True):
            ways += [f"{split}>{part[1]}{condition}", f"{part[2]}>{join}"]
        return [*nodes, node(tag, join)], split, join, ";".join(ways)

    def _parallel(self, block, _n):
        return self._fan("parallelGateway", block)

    def _exclusive(self, block, _n):
        asked = [f"[={block.choice} = {one}]" for one in range(len(block.parts) - 1)]
        return self._fan("exclusiveGateway", block, [*asked, ""])

    def _inclusive(self, block, _n):
        asked = [f"[=odd({block.choice >> one})]" for one in range(len(block.parts) - 1)]
        return self._fan("inclusiveGateway", block, [*asked, ""])

    def _loop(self, block, n):
        """Go back as often as it says; a task at the end makes every round wait."""
        nodes, first, last, ways = self.block(block.parts[0])
        drawn = [
            script(f"begin{n}", "=0", f"round{n}"),
            node("exclusiveGateway", f"top{n}"),
            *nodes,
            person(f"again{n}"),
            script(f"count{n}", f"=round{n} + 1", f"round{n}"),
            node("exclusiveGateway", f"which{n}", default=f"which{n}_leave{n}"),
            node("intermediateThrowEvent", f"leave{n}"),
        ]
        around = f"begin{n}>top{n}>{first};{last}>again{n}>count{n}>which{n}"
        back = f"which{n}>top{n}[=round{n} < {block.choice}];which{n}>leave{n}"
        return drawn, f"begin{n}", f"leave{n}", f"{ways};{around};{back}"

    def _subprocess(self, block, n):
        return _alone(node("subProcess", f"sub{n}", *self.level(block.parts[0], n)), f"sub{n}")

    def _call(self, block, n):
        self.children.append(process(*self.level(block.parts[0], n), name=f"child{n}"))
        given = {name: f"={name}" for name in ("case_id", *self.items)}
        told = mapping({**given, "total": "=0"}, {f"got{n}": "=total"})
        return _alone(call(f"call{n}", f"child{n}", told, **CLOSED), f"call{n}")

    def _each(self, block, n, *, sequential=False):
        item = f"item{n}"
        inner = Drawing(self.children, (*self.items, item)).level(block.parts[0], n)
        items = f"=[{', '.join(map(str, range(block.choice)))}]"
        loop = each(items, item, f"out{n}", f"={item} * 10", sequential=sequential)
        own = mapping(dict.fromkeys(["total", *counters(block.parts[0])], "=0"))
        return _alone(node("subProcess", f"each{n}", *inner, loop, extensions=own), f"each{n}")

    def _one_by_one(self, block, n):
        return self._each(block, n, sequential=True)

    def _deadline(self, block, n):
        """Draw a sub-process with a deadline; late, the second part follows."""
        inner = self.level(block.parts[0], n)
        nodes, first, last, ways = self.block(block.parts[1])
        drawn = [
            node("subProcess", f"sub{n}", *inner),
            boundary(f"late{n}", f"sub{n}", after(FAR)),
            *nodes,
            node("exclusiveGateway", f"join{n}"),
        ]
        around = f"sub{n}>join{n};late{n}>{first};{last}>join{n}"
        return drawn, f"sub{n}", f"join{n}", f"{ways};{around}"

    def _split(self, block, n):
        """Let a task be left by several flows; the last is the default."""
        join = f"join{n}"
        drawn = [self.block(part) for part in block.parts]
        nodes = [one for part in drawn for one in part[0]]
        ways = [f"{part[3]};{part[2]}>{join}" for part in drawn]
        *asked, otherwise = drawn
        for one, part in enumerate(asked):
            ways.append(f"task{n}>{part[1]}[={str(bool(block.choice >> one & 1)).lower()}]")
        ways.append(f"task{n}>{otherwise[1]}")
        ask = person(f"task{n}", default=f"task{n}_{otherwise[1]}")
        return [ask, *nodes, node("inclusiveGateway", join)], f"task{n}", join, ";".join(ways)

    def _link(self, block, n):
        nodes, first, last, ways = self.block(block.parts[0])
        link = f'<bpmn:linkEventDefinition name="link {n}"/>'
        events = [
            node("intermediateThrowEvent", f"leave{n}", link),
            node("intermediateCatchEvent", f"arrive{n}", link),
        ]
        return [*events, *nodes], f"leave{n}", last, f"arrive{n}>{first};{ways}"

    def _beside(self, block, n):
        """Draw a sub-process in which an event sub-process may run beside, once."""
        return self._watched(block, n, after(FAR), f"beside{n}", isInterrupting="false")

    def _rescue(self, block, n):
        """Draw a sub-process whose event sub-process ends all else in it."""
        return self._watched(block, n, after(FAR), f"rescue{n}")

    def _watched(self, block, n, trigger, name, **more):
        inner, watcher = self.level(block.parts[0], n), self.block(block.parts[1])
        nodes, first, last, ways = watcher
        side = node(
            "subProcess",
            f"side{n}",
            node("startEvent", name, trigger, **more),
            *nodes,
            end(f"over{n}"),
            flows(f"{name}>{first};{last}>over{n};{ways}"),
            triggeredByEvent="true",
        )
        return _alone(node("subProcess", f"sub{n}", *inner, side), f"sub{n}")

    def _race(self, block, n):
        events = {f"won{n}": message(), f"lost{n}": after(FAR)}
        nodes = [node("eventBasedGateway", f"race{n}"), node("exclusiveGateway", f"join{n}")]
        ways = []
        for (event, trigger), part in zip(events.items(), block.parts, strict=True):
            drawn, first, last, inner = self.block(part)
            nodes += [catch(event, trigger), *drawn]
            ways += [inner, f"race{n}>{event}>{first};{last}>join{n}"]
        return nodes, f"race{n}", f"join{n}", ";".join(ways)


def _alone(drawn, name):
    return [drawn], name, name, ""
