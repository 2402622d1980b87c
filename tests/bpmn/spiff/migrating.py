"""A process that is carried over to another diagram, and what hinders it."""

import pytest

from bpmn.migration import CannotMigrate, Wishes
from bpmn.spiff.migrating import Route
from tests.bpmn.spiff.drawing import (
    Trace,
    end,
    flows,
    person,
    process,
    read,
    start,
)

PLAIN = (start(), person("a"), person("b"), end(), flows("s>a>b>e"))


class Move(Trace):
    """A process that is carried over to another diagram on its way."""

    def to(self, *nodes, extra=(), wishes=None, process_id="p"):
        new = read(process(*nodes, name=process_id), *extra, host=self.host)
        route = Route.between(self.definitions, new, wishes or Wishes())
        run = self.run
        self.notices = [(one.element, str(one.sentence)) for one in run.migrate(route)]
        run.settle()
        self.definitions = new
        self._keep(run)
        return self


def hindrances(moving):
    with pytest.raises(CannotMigrate) as refused:
        moving()
    return [(one.element, str(one.sentence)) for one in refused.value.hindrances]
