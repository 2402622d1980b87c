"""Moving every token until it waits, within a budget, and leaving nothing lost behind."""

from time import thread_time

from SpiffWorkflow.util.task import TaskState

from bpmn.spiff.elements import Group
from bpmn.spiff.errors import BudgetExceeded, LostTokenError, Stuck
from bpmn.spiff.events import EventStart
from bpmn.spiff.gateways import Join
from bpmn.spiff.tokens import ROOT, Instance, Level
from bpmn.wording import say

MOST_STEPS = 1_000
MOST_SECONDS = 2.0
MOST_TOKENS = 5_000
PRUNE_EVERY = 50


def settle(instance: Instance) -> None:
    """Run until everything waits or the instance is finished. Raises `BudgetExceeded`, `Stuck`."""
    budget = _Budget()
    while not instance.is_finished and (
        _run_ready(instance, budget) or _join_inclusive(instance) or _close_levels(instance)
    ):
        pass
    _prune_all(instance)
    if not instance.is_finished:
        _refuse_dead_ends(instance)
    _assert_nothing_lost(instance)


class _Budget:
    """Steps and processor time of one settling; the machine's load does not count."""

    def __init__(self) -> None:
        self.steps = 0
        self.until = thread_time() + MOST_SECONDS

    def spend(self, element: str) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise BudgetExceeded(
                say(
                    "The process took more than %(limit)s steps without waiting, "
                    "last at “%(element)s”.",
                    limit=MOST_STEPS,
                    element=element,
                )
            )
        if thread_time() > self.until:
            raise BudgetExceeded(
                say(
                    "One step of the process took longer than 2 seconds, last at “%(element)s”.",
                    element=element,
                )
            )


def _run_ready(instance: Instance, budget: _Budget) -> bool:
    agenda = instance.agenda
    if not agenda:
        return False
    while agenda:
        token = agenda.popleft()
        if token.state != TaskState.READY:
            continue
        if not isinstance(token.task_spec, Group):
            budget.spend(token.task_spec.bpmn_id)
        token.run()
        if budget.steps % PRUNE_EVERY == 0:
            _prune_all(instance)
    return True


def _join_inclusive(instance: Instance) -> bool:
    return any(
        spec.try_join(level)
        for level in list(instance.levels.values())
        for spec in level.spec.inclusive_joins
    )


def _close_levels(instance: Instance) -> bool:
    """End the levels in which no token is left; what waited for them goes on."""
    endings, instance.endings = instance.endings, []
    closed = False
    for level in dict.fromkeys(endings):
        number = ROOT if level.parent is None else level.parent.id
        if instance.levels.get(number) is not level or not _is_done(level):
            continue
        closed = True
        level.cancel()
        if level.parent is None:
            instance.is_finished = True
        else:
            del instance.levels[number]
            level.parent.task_spec.finish(level.parent, level)
    return closed


def _is_done(level: Level) -> bool:
    """Tell whether nothing is left but what might have started an event sub-process."""
    return all(
        isinstance(token.task_spec, EventStart) and token.state == TaskState.WAITING
        for token in level.open_tokens()
    )


def _prune_all(instance: Instance) -> None:
    standing = 0
    for level in instance.levels.values():
        prune(level)
        standing += len(level.tasks)
    if standing > MOST_TOKENS:
        raise BudgetExceeded(
            say("The process stands in more than %(limit)s places.", limit=MOST_TOKENS)
        )


def prune(level: Level) -> None:
    """Forget what is finished. Open tokens hang below the root, or below what holds them together."""
    tasks, root = level.tasks, level.task_tree
    kept = {ROOT: root}
    for token in level.open_tokens():
        kept[token.id] = token
    for token in list(kept.values())[1:]:
        holder = tasks.get(token.above)
        if holder is None:
            raise LostTokenError(level.spec.name)
        if holder.is_open:
            continue
        if isinstance(holder.task_spec, Group):
            kept[holder.id] = holder
            holder.parent = root
        else:
            token.parent = root
    for token in kept.values():
        token.children = []
    for token in list(kept.values())[1:]:
        kept[token.above]._children.append(token.id)  # noqa: SLF001 - the library's name for the ids
    tasks.clear()
    tasks.update(sorted(kept.items()))


def _refuse_dead_ends(instance: Instance) -> None:
    """Refuse a state in which nothing from outside is awaited: it could never be left."""
    tokens = list(instance.tokens())
    if any(token.task_spec.awaits_outside for token in tokens):
        return
    joins = [token for token in tokens if isinstance(token.task_spec, Join)]
    raise Stuck(
        say(
            "The process would wait at “%(element)s” for ever: not every way in is taken.",
            element=(joins or tokens)[0].task_spec.bpmn_id,
        )
    )


def _assert_nothing_lost(instance: Instance) -> None:
    """Hold the state against itself, so that a token that is lost is never stored."""
    for level in instance.levels.values():
        if len(_reached(level)) != len(level.tasks) or (level.parent and not level.parent.is_open):
            raise LostTokenError(level.spec.name)
    unfinished = any(True for _ in instance.tokens())
    if unfinished == instance.is_finished:
        raise LostTokenError(instance.root.spec.name)


def _reached(level: Level) -> set[int]:
    """Walk down from the root, over tokens that name in turn the one above them."""
    tasks, reached, ahead = level.tasks, set[int](), [ROOT]
    while ahead:
        number = ahead.pop()
        reached.add(number)
        below = tasks[number]._children  # noqa: SLF001 - the library's name for the ids
        ahead += [one for one in below if one in tasks and tasks[one].above == number]
    return reached
