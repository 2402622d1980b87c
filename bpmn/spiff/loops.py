"""Multi-instance: the same activity once for each item of a list, at once or one after another."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from SpiffWorkflow.util.task import TaskState

from bpmn.notation.limits import MOST_INSTANCES
from bpmn.spiff.elements import Element, open_siblings
from bpmn.spiff.errors import BudgetExceeded
from bpmn.spiff.scopes import INDEX, visible, write
from bpmn.spiff.settings import LoopWork
from bpmn.spiff.tokens import Token
from bpmn.wording import say

TOTAL, DONE, ITEMS = "n", "d", "items"


class Loop(Element):
    """Stands for the whole list; its tokens below are the instances.

    What the instances give back is collected in the order of the list, whoever is first.
    """

    loop: LoopWork
    each: str
    """Name of the node that every instance runs."""

    def _update_hook(self, my_task: Token) -> bool:
        items = self._items(my_task)
        memo = my_task.internal_data
        memo[TOTAL], memo[DONE] = len(items), 0
        if self.loop.collects:
            my_task.locals[self.loop.collects] = [None] * len(items)
        if not items:
            return True
        my_task.rest(TaskState.STARTED)
        if self.loop.sequential:
            memo[ITEMS] = items
            items = items[:1]
        for index, item in enumerate(items):
            self._start(my_task, index, item)
        return False

    def _items(self, token: Token) -> list[Any]:
        items = self.value(token, self.loop.items)
        if not isinstance(items, list):
            raise self.failed(say("The input collection is no list."))
        if len(items) > MOST_INSTANCES:
            raise BudgetExceeded(
                say(
                    "“%(element)s” would run %(count)s times; at most %(limit)s are allowed.",
                    element=self.bpmn_id,
                    count=len(items),
                    limit=MOST_INSTANCES,
                )
            )
        self.kept(items)
        return items

    def _start(self, token: Token, index: int, item: Any) -> None:
        instance = token.grow(self.each)
        instance.internal_data[INDEX] = index
        instance.locals["loopCounter"] = Decimal(index + 1)
        if self.loop.item:
            instance.locals[self.loop.item] = item
        instance.enter()

    def child_left(self, token: Token, child: Token) -> None:
        if token.state != TaskState.STARTED:
            return
        memo = token.internal_data
        memo[DONE] += 1
        self._collect(token, child)
        if memo[DONE] == memo[TOTAL] or self._enough(token, child):
            for other in open_siblings(token, but=child):
                other.cancel()
            token.go_on()
        elif self.loop.sequential:
            self._start(token, memo[DONE], memo[ITEMS][memo[DONE]])

    def _collect(self, token: Token, child: Token) -> None:
        if self.loop.collects and self.loop.element:
            collected = list(token.locals[self.loop.collects])
            collected[child.internal_data[INDEX]] = self.kept(self.value(child, self.loop.element))
            token.locals[self.loop.collects] = collected

    def _enough(self, token: Token, child: Token) -> bool:
        if self.loop.until is None:
            return False
        scope = visible(child, self._counts(token, child))
        return self.loop.until.evaluate(scope, token.level.instance.host) is True

    def _counts(self, token: Token, child: Token) -> Mapping[str, Any]:
        return {
            "numberOfInstances": Decimal(token.internal_data[TOTAL]),
            "numberOfActiveInstances": Decimal(len(open_siblings(token, but=child))),
            "numberOfCompletedInstances": Decimal(token.internal_data[DONE]),
            "numberOfTerminatedInstances": Decimal(0),
        }

    def _on_complete_hook(self, my_task: Token) -> None:
        if self.loop.collects:
            write(my_task, self.loop.collects, my_task.locals[self.loop.collects])
        super()._on_complete_hook(my_task)

    def note(self, token: Token, before: int, after: int) -> None:
        """Leave the history to the instances; only a list without items is told of here."""
        if not token.internal_data.get(TOTAL):
            super().note(token, before, after)
