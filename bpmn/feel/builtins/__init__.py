"""The functions of the language, a module for each family."""

from collections.abc import Mapping

from bpmn.feel.builtins import (
    contexts,
    conversion,
    lists,
    numbers,
    patterns,
    ranges,
    reading,
    sorting,
    temporal,
    texts,
)
from bpmn.feel.calling import Definition

FUNCTIONS: Mapping[str, Definition] = {
    **conversion.LIBRARY.definitions,
    **texts.LIBRARY.definitions,
    **patterns.LIBRARY.definitions,
    **lists.LIBRARY.definitions,
    **sorting.LIBRARY.definitions,
    **numbers.LIBRARY.definitions,
    **temporal.LIBRARY.definitions,
    **reading.LIBRARY.definitions,
    **ranges.LIBRARY.definitions,
    **contexts.LIBRARY.definitions,
}
