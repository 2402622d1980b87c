"""Draws decision tables for tests: rows of cells become a DMN file."""

from xml.sax.saxutils import escape

from bpmn.dmn import read_decisions
from bpmn.xml import read


def cells(kind, texts):
    return "".join(f"<{kind}><text>{escape(text)}</text></{kind}>" for text in texts)


def table(inputs, outputs, rows, policy='hitPolicy="UNIQUE"'):
    """`inputs` and `outputs` are names, or (name, extra XML); rows are (tests, answers)."""
    columns = "".join(
        f'<input id="i{n}" label="{name}"><inputExpression><text>{name}</text></inputExpression>'
        f"{extra}</input>"
        for n, (name, extra) in enumerate(map(named, inputs))
    )
    answers = "".join(
        f'<output name="{name}">{extra}</output>' for name, extra in map(named, outputs)
    )
    rules = "".join(
        f'<rule id="r{n}"><description>Zeile {n}</description>'
        f"{cells('inputEntry', tests)}{cells('outputEntry', given)}</rule>"
        for n, (tests, given) in enumerate(rows, 1)
    )
    return f"<decisionTable {policy}>{columns}{answers}{rules}</decisionTable>"


def named(column):
    return column if isinstance(column, tuple) else (column, "")


def decision(logic, key="route", requires="", name="Weg"):
    return (
        f'<decision id="{key}" name="{name}"><variable name="{key}"/>{requires}{logic}</decision>'
    )


def model(*parts):
    return read(
        (
            '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m">'
            + "".join(parts)
            + "</definitions>"
        ).encode()
    )


def decide(drawn, facts, **more):
    """Evaluate the only table of a file."""
    return read_decisions(model(decision(drawn, **more)))["route"].evaluate(facts)
