"""What the formulas of one file know of, and how they are read."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from bpmn.dmn.declaring import Declarations
from bpmn.feel import Expression, Limits
from bpmn.host import HostFunction


@dataclass(frozen=True)
class Workshop:
    """What the reading of one file needs everywhere."""

    names: Collection[str]
    functions: Mapping[str, HostFunction]
    types: Declarations
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
                types=self.types.bare,
                limits=self.limits,
            )
        return self.read[compile_text, text]
