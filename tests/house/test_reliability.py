"""The page of what is survived names only what is proved, and the ledger of a long run is whole."""

import ast
import json
import re
from pathlib import Path

from tests import ledgers

TESTS = Path(__file__).resolve().parent.parent
ROWS = set(ledgers.rows_of_the_page())


def proofs():
    """Each test's rows, and whether it is tried in CI and in the soak."""
    for file in TESTS.rglob("test_*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        of_all = [ast.unparse(node) for node in tree.body if is_for_all(node)]
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                said = "\n".join([*of_all, *map(ast.unparse, node.decorator_list)])
                rows = set(re.findall(r"'([\w-]+)'", " ".join(re.findall(r"proves\(.*?\)", said))))
                only_soak = any(
                    ast.unparse(each).startswith("pytest.mark.soak") for each in node.decorator_list
                )
                yield rows, not only_soak, "mark.soak" in said or "mark.whole" in said


def is_for_all(node):
    """Tell whether this marks each test of a module: as such, or by the kinds of a fixture."""
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) == "pytestmark"
    return isinstance(node, ast.FunctionDef) and any(
        ast.unparse(each).startswith("pytest.fixture") for each in node.decorator_list
    )


def test_every_row_of_the_page_is_proved_in_ci_and_in_the_soak():
    found = list(proofs())

    assert set().union(*(rows for rows, ci, _ in found if ci)) == ROWS
    assert set().union(*(rows for rows, _, soak in found if soak)) == ROWS


def ledger(**told):
    return {"test": "test_x", "held": True, "seconds": 2.0, **told}


def written(file, found):
    ledgers.keep(file, found)
    return json.loads(file.read_text("utf-8"))


def test_a_part_that_is_repeated_leaves_the_ledgers_of_the_others(tmp_path):
    name = "test_every_row_of_the_page_is_proved_in_ci_and_in_the_soak"
    file = tmp_path / "soak.json"
    written(file, {("R1", name): ledger(test=name, database="sqlite", faults=3, lost=0)})
    written(file, {("R2", name): ledger(test=f"{name}[a]", database="sqlite", faults=4, lost=1)})

    told = written(file, {("R2", f"{name}[a]"): ledger(test=f"{name}[a]", held=False)})

    assert [each["test"] for each in told["rows"]["R1"]["ledgers"]] == [name]
    assert told["rows"]["R1"]["held"]
    assert not told["rows"]["R2"]["held"]
    assert told["databases"] == {"sqlite": {"faults": 3, "lost": 0, "doubled": 0, "stuck": 0}}


def test_a_row_that_nobody_tried_does_not_hold(tmp_path):
    told = written(tmp_path / "soak.json", {("R1", "test_x"): ledger()})

    assert told["rows"]["R1"]["held"]
    assert not told["rows"]["R2"]["held"]
    assert not told["held"]


def test_the_ledger_of_a_test_that_is_no_more_is_dropped(tmp_path):
    file = tmp_path / "soak.json"
    written(file, {("R1", "test_that_never_was"): ledger(test="test_that_never_was")})

    told = written(file, {("R2", "test_x"): ledger()})

    assert told["rows"]["R1"]["ledgers"] == []


def test_tests_of_one_name_without_figures_are_one_ledger():
    one, two = ledger(), ledger(held=False, seconds=1.0)

    assert ledgers._together(one, two) == ledger(held=False, seconds=3.0, ways=2)
