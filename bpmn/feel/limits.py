"""How much a formula may cost."""

from dataclasses import dataclass

from bpmn.feel.errors import LimitExceeded
from bpmn.wording import say


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one formula. A step is one round of a loop, one call, or a part of a long list."""

    characters: int = 4_000
    nodes: int = 1_000
    nesting: int = 50
    chain: int = 150
    """Depth of the tree including chains such as `a + b + c + …`, which nest without brackets."""
    steps: int = 10_000
    calls: int = 50
    """How deep functions may call functions."""
    text: int = 100_000
    items: int = 10_000
    seconds: float = 0.03
    """Processor time of one evaluation; the steps end nearly every formula long before."""
    checks_calls: bool = True
    """Refuse unknown functions and wrong arguments when compiling; otherwise they yield null."""

    def check_text(self, length: int) -> None:
        if length > self.text:
            raise LimitExceeded(say("A text grows beyond %(limit)s characters.", limit=self.text))

    def check_items(self, length: int) -> None:
        if length > self.items:
            raise LimitExceeded(say("A list grows beyond %(limit)s entries.", limit=self.items))


OFFICE = Limits()
"""What a diagram may cost in daily use."""

TCK = Limits(characters=40_000, nodes=10_000, steps=1_000_000, seconds=10, checks_calls=False)
"""What the DMN conformance suite may cost; there, a wrong call is a null and no refusal."""
