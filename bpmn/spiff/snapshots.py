"""An instance as text: only what is open, every type kept, the format named by a number.

    {"v": format, "n": last number, "done": finished, "h": haste, "levels": [level, …]}
    haste: [moves, when the last one was]; missing while nothing moves by itself
    level: [number of the token that waits for it, graph, variables or null, [token, …]]
    token: [number, number of the one above, node, state, memory, variables]

A finished level never appears; levels and tokens stand after what they hang on.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from SpiffWorkflow.util.task import TaskState

from bpmn.host import Host
from bpmn.spiff.codec import decode, decode_all, encode, encode_all
from bpmn.spiff.errors import BudgetExceeded, UnreadableSnapshot
from bpmn.spiff.haste import Haste
from bpmn.spiff.loops import ITEMS
from bpmn.spiff.tokens import ROOT, Instance, Level, Token
from bpmn.wording import say

FORMAT = 1
MOST_BYTES = 2_000_000


def dump(instance: Instance) -> str:
    document: dict[str, Any] = {
        "v": FORMAT,
        "n": instance.last_number,
        "done": instance.is_finished,
        "levels": [_dump_level(number, level) for number, level in instance.levels.items()],
    }
    if instance.haste.moves:
        document["h"] = [instance.haste.moves, instance.haste.last]
    text = orjson.dumps(document)
    if len(text) > MOST_BYTES:
        raise BudgetExceeded(say("The state of the process is larger than 2 MB."))
    return text.decode()


def _dump_level(number: int, level: Level) -> list[Any]:
    variables = None if level.variables is None else encode_all(level.variables)
    tokens = [_dump_token(token) for token in level.tasks.values() if token.id != ROOT]
    return [number, level.spec.key, variables, tokens]


def _dump_token(token: Token) -> list[Any]:
    memo = token.internal_data
    if ITEMS in memo:
        memo = {**memo, ITEMS: encode(memo[ITEMS])}
    row: list[Any] = [token.id, token.above, token.task_spec.name, token.state]
    if token.locals:
        return [*row, memo, encode_all(token.locals)]
    return [*row, memo] if memo else row


def restore(text: str, specs: Mapping[str, Any], host: Host) -> Instance:
    """Rebuild an instance over these graphs. Raises `UnreadableSnapshot`."""
    try:
        document = orjson.loads(text)
        if document["v"] != FORMAT:
            raise UnreadableSnapshot(
                say("The stored state has the unknown format %(format)s.", format=document["v"])
            )
        instance = Instance(host)
        instance.last_number = document["n"]
        instance.is_finished = document["done"]
        instance.haste = Haste(*document.get("h", ()))
        for row in document["levels"]:
            _restore_level(instance, specs, row)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise UnreadableSnapshot(
            say("The stored state does not fit the diagrams it was made with.")
        ) from error
    return instance


def _restore_level(instance: Instance, specs: Mapping[str, Any], row: list[Any]) -> None:
    number, key, variables, tokens = row
    parent = None if number == ROOT else _find(instance, number)
    level = Level(
        instance, specs[key], parent, None if variables is None else decode_all(variables)
    )
    nodes = level.spec.task_specs
    for one, above, name, state, *rest in sorted(tokens):
        token = Token(level, nodes[name], one, above, state)
        if rest:
            token.internal_data = rest[0]
            if ITEMS in rest[0]:
                token.internal_data[ITEMS] = decode(rest[0][ITEMS])
        if len(rest) > 1:
            token.locals = decode_all(rest[1])
        if state == TaskState.READY and not token.task_spec.manual:
            instance.agenda.append(token)
    for token in list(level.tasks.values())[1:]:
        level.tasks[token.above]._children.append(token.id)  # noqa: SLF001 - the library's name for the ids


def _find(instance: Instance, number: int) -> Token:
    token = instance.find(number)
    if token is None:
        raise KeyError(number)
    return token
