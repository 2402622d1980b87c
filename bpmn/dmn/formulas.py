"""What the formulas of one file know of, and how they are read."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from bpmn.dmn.declaring import Declarations
from bpmn.dmn.drawing import kind, name_of, part, parts, variable_of
from bpmn.feel import Expression, Limits
from bpmn.feel.closures.compiling import Declared
from bpmn.host import HostFunction


@dataclass(frozen=True)
class Workshop:
    """What the reading of one file needs everywhere."""

    names: Collection[str]
    functions: Mapping[str, HostFunction]
    types: Declarations
    parameters: Mapping[str, tuple[str, ...]]
    """What the functions take that the file declares."""
    limits: Limits
    read: dict[tuple[Callable[..., Expression], str], Expression] = field(default_factory=dict)
    """What has been read already: cells of tables often say the same."""

    def compile(self, compile_text: Callable[..., Expression], text: str) -> Expression:
        """Read a formula or a cell. Raises `FeelError`."""
        if (compile_text, text) not in self.read:
            self.read[compile_text, text] = compile_text(
                text,
                names=self.names,
                functions=self.functions,
                declared=Declared(self.types.bare, self.parameters),
                limits=self.limits,
            )
        return self.read[compile_text, text]


NAMING = frozenset(
    [
        "inputData",
        "decision",
        "businessKnowledgeModel",
        "decisionService",
        "variable",
        "formalParameter",
        "itemComponent",
        "parameter",
        "column",
        "output",
    ]
)
"""Elements whose names formulas may use."""


def names_in(root: etree._Element) -> Iterator[str]:
    """Yield all names that formulas may use; some contain spaces."""
    for each in root.iter():
        if isinstance(each.tag, str) and kind(each) in NAMING and each.get("name"):
            yield name_of(each)


def parameters_in(root: etree._Element) -> dict[str, tuple[str, ...]]:
    """Tell what each business knowledge model takes, by its name if nothing else is called so."""
    found = {}
    for model in parts(root, "businessKnowledgeModel"):
        logic = part(model, "encapsulatedLogic")
        if logic is not None:
            found[variable_of(model)] = tuple(map(name_of, parts(logic, "formalParameter")))
    given = Counter(map(name_of, root.iter("{*}variable", "{*}formalParameter", "{*}inputData")))
    given.update(
        each.get("iteratorVariable", "") for each in root.iter("{*}for", "{*}some", "{*}every")
    )
    return {name: takes for name, takes in found.items() if given[name] <= 1}
