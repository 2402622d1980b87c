"""Tokens moved by hand in tests, by the names of elements."""

from bpmn.moves import Entry, Move


def move(trace, cancel, create):
    """Move tokens on the elements cancelled to the elements created."""
    return trace.change(
        lambda run: run.move(
            Move(
                tuple(token_at(run, element) for element in cancel),
                tuple(Entry(element) for element in create),
            )
        )
    )


def token_at(run, element):
    """The first token that rests on the element."""
    return next(one.token for one in run.positions() if one.element == element)
