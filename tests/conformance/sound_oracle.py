"""What a sound process does, told from its tree of blocks alone: no tokens, no gateways.

Whoever walks asks what is awaited and answers one of it; everything that follows at once is done
by plain calls. `left` counts what has been passed, `variables` is what remains.
"""

from collections import Counter
from dataclasses import dataclass, replace


class Variables:
    """The variables of one place; a name that is not here is looked for further out."""

    def __init__(self, own, around=None):
        self.own, self.around = own, around

    def read(self, name):
        return self.own[name] if name in self.own or self.around is None else self.around.read(name)

    def write(self, name, value):
        """Write where the variable exists, nearest first, else in the process."""
        place = self
        while name not in place.own and place.around is not None:
            place = place.around
        place.own[name] = value


@dataclass(frozen=True)
class Spot:
    """Where a block runs."""

    variables: Variables
    items: frozenset = frozenset()
    """The items of the multi-instances around: they tell tokens at one element apart."""
    scopes: tuple[object, ...] = ()


class Walk:
    def __init__(self, block):
        self.variables = Variables({"total": 0, "case_id": "C-1"})
        self.waits = {}
        self.left = Counter()
        self.is_finished = False
        self._run(block, Spot(self.variables), self._finish)

    def answer(self, wait):
        then, _ = self.waits.pop(wait)
        self.left[wait[0]] += 1
        then()

    def _finish(self):
        self.is_finished = True

    def _wait(self, name, spot, then):
        self.waits[name, spot.items] = (then, spot.scopes)

    def _cancel(self, scope):
        self.waits = {wait: way for wait, way in self.waits.items() if scope not in way[1]}

    def _run(self, block, spot, then):
        getattr(self, "_" + block.kind.replace(" ", "_"))(block, spot, then)

    def _leaf(self, block, spot, then):
        self._wait(f"{block.kind}{block.n}", spot, then)

    _task = _job = _pause = _letter = _leaf

    def _script(self, block, spot, then):
        self.left[f"script{block.n}"] += 1
        spot.variables.write("total", spot.variables.read("total") + 1)
        then()

    def _sequence(self, block, spot, then):
        def go_on(position):
            if position == len(block.parts):
                then()
            else:
                self._run(block.parts[position], spot, lambda: go_on(position + 1))

        go_on(0)

    def _together(self, works, then):
        """Begin all, and go on when the last has ended."""
        missing = [len(works)]

        def ended():
            missing[0] -= 1
            if not missing[0]:
                then()

        for work in works:
            work(ended)

    def _parallel(self, block, spot, then):
        self._together(self._works(block.parts, spot), then)

    def _inclusive(self, block, spot, then):
        *asked, otherwise = block.parts
        taken = [part for one, part in enumerate(asked) if block.choice >> one & 1]
        self._together(self._works(taken or [otherwise], spot), then)

    def _works(self, parts, spot):
        return [lambda ended, part=part: self._run(part, spot, ended) for part in parts]

    def _exclusive(self, block, spot, then):
        self._run(block.parts[min(block.choice, len(block.parts) - 1)], spot, then)

    def _loop(self, block, spot, then):
        seen = f"round{block.n}"
        spot.variables.write(seen, 0)

        def begin():
            self._run(block.parts[0], spot, lambda: self._wait(f"again{block.n}", spot, count))

        def count():
            spot.variables.write(seen, spot.variables.read(seen) + 1)
            if spot.variables.read(seen) < block.choice:
                begin()
            else:
                then()

        begin()

    def _subprocess(self, block, spot, then):
        self._run(block.parts[0], spot, then)

    def _call(self, block, spot, then):
        own = Variables({"total": 0, "case_id": "C-1", **dict(spot.items)})

        def ended():
            spot.variables.write(f"got{block.n}", own.read("total"))
            then()

        self._run(block.parts[0], replace(spot, variables=own), ended)

    def _instances(self, block, spot):
        """Give one work for each item; each begins with counters of its own."""

        def work(ended, item):
            name = f"item{block.n}"
            names = [f"round{inner.n}" for inner in block.inside() if inner.kind == "loop"]
            own = Variables({"total": 0, name: item} | dict.fromkeys(names, 0), spot.variables)
            items = spot.items | {(name, item)}
            self._run(block.parts[0], replace(spot, variables=own, items=items), ended)

        return [lambda ended, item=item: work(ended, item) for item in range(block.choice)]

    def _each(self, block, spot, then):
        def ended():
            spot.variables.write(f"out{block.n}", [10 * item for item in range(block.choice)])
            then()

        works = self._instances(block, spot)
        if works:
            self._together(works, ended)
        else:
            ended()

    def _one_by_one(self, block, spot, then):
        works = self._instances(block, spot)

        def go_on(position):
            if position == len(works):
                spot.variables.write(f"out{block.n}", [10 * item for item in range(block.choice)])
                then()
            else:
                works[position](lambda: go_on(position + 1))

        go_on(0)

    def _deadline(self, block, spot, then):
        scope, late = object(), f"late{block.n}"

        def fired():
            self._cancel(scope)
            self._run(block.parts[1], spot, then)

        def in_time():
            del self.waits[late, spot.items]
            then()

        self._wait(late, spot, fired)
        self._run(block.parts[0], replace(spot, scopes=(*spot.scopes, scope)), in_time)

    def _split(self, block, spot, then):
        self._wait(f"task{block.n}", spot, lambda: self._inclusive(block, spot, then))

    def _link(self, block, spot, then):
        self._run(block.parts[0], spot, then)

    def _beside(self, block, spot, then):
        """Both parts end before the whole does; the second need not have begun."""
        event, missing = f"beside{block.n}", [1]

        def ended():
            missing[0] -= 1
            if not missing[0]:
                self.waits.pop((event, spot.items), None)
                then()

        def fired():
            missing[0] += 1
            self._run(block.parts[1], spot, ended)

        self._wait(event, spot, fired)
        self._run(block.parts[0], spot, ended)

    def _rescue(self, block, spot, then):
        scope, event = object(), f"rescue{block.n}"

        def fired():
            self._cancel(scope)
            self._run(block.parts[1], spot, then)

        def in_time():
            del self.waits[event, spot.items]
            then()

        self._wait(event, spot, fired)
        self._run(block.parts[0], replace(spot, scopes=(*spot.scopes, scope)), in_time)

    def _race(self, block, spot, then):
        names = (f"won{block.n}", f"lost{block.n}")

        def decided(way):
            del self.waits[names[1 - way], spot.items]
            self._run(block.parts[way], spot, then)

        for way, name in enumerate(names):
            self._wait(name, spot, lambda way=way: decided(way))
