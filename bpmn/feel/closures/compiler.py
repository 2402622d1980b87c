"""All compilers of node kinds together."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from bpmn.feel.calling import Definition
from bpmn.feel.closures import access, forms, operators, testing
from bpmn.feel.closures.compiling import Compiler, Declared, Evaluate
from bpmn.feel.limits import Limits
from bpmn.feel.syntax.nodes import Node

TABLE: Mapping[type[Node], Callable[[Compiler, Any], Evaluate]] = {
    **access.COMPILERS,
    **forms.COMPILERS,
    **operators.COMPILERS,
    **testing.COMPILERS,
}


def compile_tree(
    tree: Node,
    functions: Mapping[str, Definition],
    variables: Collection[str],
    declared: Declared,
    limits: Limits,
) -> Evaluate:
    return Compiler(TABLE, functions, variables, declared, limits).compile(tree)
