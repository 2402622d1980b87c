from enum import StrEnum

import pytest

from workflows.cases import values
from workflows.cases.labels import label
from workflows.cases.values import TYPES, Calendar, ConflictType, Context

READ = [
    value
    for kind in vars(values).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum) and kind not in (StrEnum, Calendar)
    for value in kind
]


@pytest.mark.parametrize("value", READ, ids=lambda value: f"{type(value).__name__}.{value}")
def test_every_stored_value_has_a_name_for_people(value):
    assert str(label(value))


def test_every_type_of_conflict_belongs_to_a_context():
    assert set(TYPES[Context.NEIGHBOURHOOD]) | set(TYPES[Context.SCHOOL]) == set(ConflictType)
