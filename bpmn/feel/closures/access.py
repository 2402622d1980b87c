"""Reaching values: literals, names, entries, items, calls."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from bpmn.feel.calling import Form, bounded, call_forms, call_named, cost
from bpmn.feel.closures.compiling import Compiler, Evaluate, weight
from bpmn.feel.errors import UnknownFunction, UnknownWord, UnreadableFormula, WrongArguments
from bpmn.feel.frames import Frame, Run
from bpmn.feel.operations import moments
from bpmn.feel.operations.members import member_of
from bpmn.feel.syntax.nodes import AtLiteral, Call, Filter, Literal, Name, Node, Path
from bpmn.feel.values import Function
from bpmn.wording import say

RESERVED = "__"


def literal(_compiler: Compiler, node: Literal) -> Evaluate:
    value = node.value
    return lambda _: value


def at_literal(compiler: Compiler, node: AtLiteral) -> Evaluate:
    text = node.text
    if compiler.limits.checks_calls and moments.read_any(text, None) is None:
        raise UnreadableFormula(
            say("“%(text)s” is no date, time or duration.", text=text[:60]), node.position
        )
    return lambda frame: moments.read_any(text, frame.run.clock.zone)


def name(compiler: Compiler, node: Name) -> Evaluate:
    wanted = node.name
    _refuse_reserved(compiler, wanted, node)
    if not compiler.scopes and wanted not in compiler.functions:
        return lambda frame: frame.names.get(wanted)
    known = compiler.functions.get(wanted)
    otherwise = known.as_value() if known else None

    def look_up(frame: Frame) -> Any:
        scope: Frame | None = frame
        while scope is not None:
            if wanted in scope.names:
                return scope.names[wanted]
            scope = scope.outer
        return otherwise

    return look_up


def path(compiler: Compiler, node: Path) -> Evaluate:
    base, member = compiler.compile(node.base), node.member
    _refuse_reserved(compiler, member, node)

    def evaluate(frame: Frame) -> Any:
        value = base(frame)
        if type(value) is dict:
            return value.get(member)
        if type(value) is list:
            frame.run.charge(1 + len(value) // 20)
            return [member_of(item, member) for item in value]
        return member_of(value, member)

    return evaluate


def _refuse_reserved(compiler: Compiler, name: str, node: Node) -> None:
    """Let nobody believe that the insides of our language could be reached."""
    if name.startswith(RESERVED) and compiler.limits.checks_calls:
        raise UnreadableFormula(
            say("“%(name)s” begins with two underscores; no name does.", name=name), node.position
        )


def filtered(compiler: Compiler, node: Filter) -> Evaluate:
    base = compiler.compile(node.base)
    with compiler.scope("item"), compiler.scope():
        condition = compiler.compile(node.condition)
    steps = weight(node.condition)

    def evaluate(frame: Frame) -> Any:
        value = base(frame)
        items = value if type(value) is list else [] if value is None else [value]
        frame.run.charge(steps)
        if not items:
            return _of_nothing(condition, frame)
        first = condition(_about(items[0], frame))
        if type(first) is Decimal:
            return _item_at(items, first)
        kept = [items[0]] if first is True else []
        for item in items[1:]:
            frame.run.charge(steps)
            if condition(_about(item, frame)) is True:
                kept.append(item)
        return kept

    return evaluate


def _of_nothing(condition: Evaluate, frame: Frame) -> list[Any] | None:
    """Filter an empty list: no item has a position in it. What its items lack is no news."""
    noted = len(frame.run.notes)
    asked = condition(_about(None, frame))
    del frame.run.notes[noted:]
    return None if type(asked) is Decimal else []


def _about(item: Any, frame: Frame) -> Frame:
    entries = item if type(item) is dict else {}
    return frame.within({"item": item}).within(entries)


def _item_at(items: Sequence[Any], position: Decimal) -> Any:
    if position != position.to_integral_value() or not 1 <= abs(position) <= len(items):
        return None
    return items[int(position) - 1 if position > 0 else int(position)]


def call(compiler: Compiler, node: Call) -> Evaluate:
    arguments = compiler.compile_all(node.arguments)
    if isinstance(node.function, Name) and not compiler.binds(node.function.name):
        known = _call_by_name(compiler, node, node.function.name, arguments)
        if known is not None:
            return known
    _refuse_method(compiler, node.function)
    function, names = compiler.compile(node.function), node.names

    def evaluate(frame: Frame) -> Any:
        return _invoke(
            function(frame), names, [argument(frame) for argument in arguments], frame.run
        )

    return evaluate


def _refuse_method(compiler: Compiler, function: Node) -> None:
    """Refuse `os.system(…)` and `"…".format(…)`: what a variable or a literal holds has none."""
    if not isinstance(function, Path) or not compiler.limits.checks_calls:
        return
    root: Node = function
    while isinstance(root, Path):
        root = root.base
    holds_functions = isinstance(root, Name) and (
        root.name in compiler.variables or compiler.binds(root.name)
    )
    if isinstance(root, Literal | Name) and not holds_functions:
        raise UnknownFunction(function.member, function.position)


def _call_by_name(
    compiler: Compiler, node: Call, wanted: str, arguments: Sequence[Evaluate]
) -> Evaluate | None:
    definition = compiler.functions.get(wanted)
    if definition is None:
        _refuse_other_arguments(compiler, node, wanted)
        if compiler.limits.checks_calls and wanted not in compiler.variables:
            raise UnknownFunction(wanted, node.function.position)
        return None
    forms = definition.fitting(len(arguments), node.names)
    if not forms and compiler.limits.checks_calls:
        raise WrongArguments(wanted, definition.usage, node.function.position)
    for form in forms[:1]:
        _refuse_unknown_words(form, node)
    names, position = node.names, node.function.position

    def evaluate(frame: Frame) -> Any:
        given = [each(frame) for each in arguments]
        if names:
            value = call_named(forms, names, given, frame.run)
        else:
            value = call_forms(forms, given, frame.run)
        if value is None:
            frame.run.note(wanted, position)
        return value

    return evaluate


def _refuse_other_arguments(compiler: Compiler, node: Call, wanted: str) -> None:
    """Refuse a call that leaves out or adds arguments of a function that the file declares."""
    parameters = compiler.parameters.get(wanted)
    if parameters is None or not compiler.limits.checks_calls:
        return
    named = set(node.names) == set(parameters)
    if not (named if node.names else len(node.arguments) == len(parameters)):
        usage = f"{wanted}({', '.join(parameters)})"
        raise WrongArguments(wanted, usage, node.function.position)


def _refuse_unknown_words(form: Form, node: Call) -> None:
    for index, argument in enumerate(node.arguments):
        words = form.parameter_of(index, node.names).words
        word = argument.value if isinstance(argument, Literal) else None
        if words and isinstance(word, str) and word not in words:
            raise UnknownWord(word, words, argument.position)


def _invoke(function: Any, names: Sequence[str], arguments: Sequence[Any], run: Run) -> Any:
    """Call a function that is a value; null when it is none or takes other arguments."""
    if type(function) is not Function:
        return None
    if names and function.call_named is not None:
        return function.call_named(run, names, arguments)
    placed = _place(function, names, arguments)
    if placed is None:
        return None
    return apply(function, placed, run)


def _place(
    function: Function, names: Sequence[str], arguments: Sequence[Any]
) -> Sequence[Any] | None:
    if not names:
        return arguments if function.takes(len(arguments)) else None
    if function.parameters is None:
        return None
    by_name = dict(zip(names, arguments, strict=True))
    if by_name.keys() != set(function.parameters):
        return None
    return [by_name[parameter] for parameter in function.parameters]


def apply(function: Function, arguments: Sequence[Any], run: Run) -> Any:
    run.enter()
    run.charge(cost(arguments))
    result = bounded(function.call(run, *arguments), run)
    run.leave()
    return result


COMPILERS: dict[type[Node], Callable[[Compiler, Any], Evaluate]] = {
    Literal: literal,
    AtLiteral: at_literal,
    Name: name,
    Path: path,
    Filter: filtered,
    Call: call,
}
