"""Random FEEL: grown from the grammar, cut out of real formulas, and mutated."""

import re
from pathlib import Path

from lxml import etree

from bpmn.feel.builtins import FUNCTIONS
from bpmn.feel.types import NAMES

KIT = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "dmn-tck"
DEEPEST = 5
LITERALS = (
    "0", "1", "-1", "2.50", "1e3", "9" * 34, "9" * 300, "0.1", "1e6144", "1e-6143", "null", "true",
    "false", '""', '"a"', '"ä€😀"', '"\\n\\u0041"', '"2026-03-29"', '"PT1H"', '"a,b;c"', "[]", "{}",
    '@"2026-03-29"', '@"02:30:00"', '@"2026-03-29T02:30:00@Europe/Berlin"', '@"P1Y2M"', '@"-PT3S"',
    '@"2024-02-29T23:59:59.999Z"', '@"P9999999D"', '@"P999999999DT23H"', "?", "item", "partial", "[1..5]", "(=3)", "(>2)",
    '"' + "a" * 3000 + '"', "1..99999", '["b", "a", null]', "[[1], [2, [3]]]", "{a: 1, b: {c: []}}",
)  # fmt: skip
VARIABLES = (
    "stage", "points", "name", "party", "parties", "nothing", "received at", "text", "long", "deep",
)  # fmt: skip
OPERATORS = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in")
PATTERNS = (
    "a*",
    "(a|b)+$",
    "[^a-z]",
    "\\\\d{1,9}",
    "(",
    "a{99999}",
    ".*.*.*x",
    "\\\\p{L}+",
    "(?i)a",
)
SIGNS = "+-*/<>=!()[]{},:.?@\"'\\ \t\nabcxyz0189_äß€😀\u202e\ufeff&|;#$%^~`"
TOKENS = re.compile(r"\s+|\w+|\"[^\"]*\"|.", re.DOTALL)


class Grower:
    """Grows expressions; the deeper, the plainer."""

    def __init__(self, random, real):
        self.random = random
        self._real = real

    def text(self):
        kind = self.random.random()
        if kind < 0.55:
            return self.expression(0)
        if kind < 0.65:
            return self.unary_tests()
        base = self.random.choice(self._real) if kind < 0.85 else self.expression(0)
        return self.mutated(base)

    def expression(self, depth):
        if depth >= DEEPEST or self.random.random() < 0.25:
            return self.random.choice(self.random.choice((LITERALS, VARIABLES)))
        return self.random.choice(self.FORMS)(self, depth + 1)

    def _binary(self, depth):
        operator = self.random.choice(OPERATORS)
        return f"{self.expression(depth)} {operator} {self.expression(depth)}"

    def _call(self, depth):
        name, definition = self.random.choice(list(FUNCTIONS.items()))
        form = self.random.choice(definition.forms)
        count = len(form.parameters) + self.random.choice((0, 0, 0, 0, 1, -1))
        arguments = [self._argument(depth) for _ in range(max(count, 0))]
        if self.random.random() < 0.1 and form.parameters:
            arguments = [f"{each.name}: {self._argument(depth)}" for each in form.parameters]
        return f"{name}({', '.join(arguments)})"

    def _argument(self, depth):
        if self.random.random() < 0.1:
            return f'"{self.random.choice(PATTERNS)}"'
        return self.expression(depth)

    def _if(self, depth):
        one, two, three = (self.expression(depth) for _ in range(3))
        return f"if {one} then {two} else {three}"

    def _for(self, depth):
        source = self.random.choice(("points", "parties", "1..9", "1..9999", "long", "5..-5"))
        second = f", y in {self.expression(depth)}" if self.random.random() < 0.3 else ""
        return f"for x in {source}{second} return {self.expression(depth)}"

    def _quantified(self, depth):
        word = self.random.choice(("some", "every"))
        return f"{word} x in {self.expression(depth)} satisfies {self.expression(depth)}"

    def _filter(self, depth):
        return f"{self.expression(depth)}[{self.expression(depth)}]"

    def _path(self, depth):
        member = self.random.choice(("a", "age", "year", "start", "days", "time offset", "b.c"))
        return f"({self.expression(depth)}).{member}"

    def _list(self, depth):
        return f"[{', '.join(self.expression(depth) for _ in range(self.random.randrange(4)))}]"

    def _context(self, depth):
        keys = ("a", "b", '"c d"', "stage")
        entries = (f"{self.random.choice(keys)}: {self.expression(depth)}" for _ in range(3))
        return f"{{{', '.join(entries)}}}"

    def _range(self, depth):
        low, high = self.random.choice("[(]"), self.random.choice("])[")
        return f"{low}{self.expression(depth)}..{self.expression(depth)}{high}"

    def _instance(self, depth):
        name = self.random.choice(NAMES)
        return f"({self.expression(depth)}) instance of {name}"

    def _between(self, depth):
        one, two, three = (self.expression(depth) for _ in range(3))
        return f"({one}) between {two} and {three}"

    def _function(self, depth):
        return f"(function(x, y) {self.expression(depth)})({self.expression(depth)}, 1)"

    def _negated(self, depth):
        return f"-({self.expression(depth)})"

    FORMS = (
        _binary, _binary, _binary, _call, _call, _call, _if, _for, _quantified, _filter, _path,
        _list, _context, _range, _instance, _between, _function, _negated,
    )  # fmt: skip

    def unary_tests(self):
        tests = ("<", "<=", ">", ">=", "", "not(")
        parts = []
        for _ in range(self.random.randint(1, 4)):
            sign = self.random.choice(tests)
            parts.append(f"{sign}{self.expression(3)}{')' if sign == 'not(' else ''}")
        return ", ".join(parts)

    def mutated(self, text):
        for _ in range(self.random.randint(1, 4)):
            tokens = TOKENS.findall(text) or [""]
            at, other = self.random.randrange(len(tokens)), self.random.choice(tokens)
            deed = self.random.randrange(6)
            if deed == 0:
                del tokens[at]
            elif deed == 1:
                tokens.insert(at, other)
            elif deed == 2:
                tokens[at] = self.random.choice(SIGNS)
            elif deed == 3:
                tokens[at] = self.random.choice(LITERALS)
            elif deed == 4:
                tokens = tokens[:at] * self.random.choice((1, 2, 40))
            else:
                tokens[at] = "".join(self.random.choices(SIGNS, k=self.random.randrange(9)))
            text = "".join(tokens)
        return text


def real_texts():
    """Formulas of the standard's kit; a few of ours where it is not there."""
    ours = ["for x in points return x + 1", 'if stage > 3 then "high" else "low"', "count(points)"]
    found = {
        (element.text or "").strip()
        for path in KIT.rglob("*.dmn")
        for element in etree.parse(path).iter("{*}text")
    }
    return sorted(found - {""}) or ours
