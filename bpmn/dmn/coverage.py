"""What a decision table leaves out, decides twice, or never reaches; each with an example."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from types import MappingProxyType
from typing import TypeVar

from lxml import etree

from bpmn.dmn.cells import constant
from bpmn.dmn.grid import Box, Grid, Row, is_regular, lay_grid
from bpmn.feel.constants import UNKNOWN

MOST_EXAMPLES = 5
"""Of each kind; with more of them the table has to be thought over anyway."""

MOST_STEPS = 250_000
"""A table that takes more to look through is not checked to the end."""

MOST_STEPS_IN_ALL = 600_000

STEPS_A_CELL = 25
"""What reading a cell costs, in steps of the search."""

MOST_CELLS = 6_000

ONE_ANSWER = frozenset({"UNIQUE", "ANY"})
ONE_ROW_WINS = frozenset({"FIRST", "PRIORITY"})


@dataclass(frozen=True, slots=True)
class Gap:
    """No row answers; `example` names a value by the label of its column."""

    example: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rows answer, where the hit policy wants one answer."""

    rows: tuple[Row, Row]
    example: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Impossible:
    """No value at all passes the cells of this row."""

    row: Row
    column: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """Wherever this row applies, others count instead."""

    row: Row


@dataclass(slots=True)
class Coverage:
    gaps: list[Gap] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)
    impossible: list[Impossible] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    is_complete: bool = True
    """False when the table is too large, or too clever, to be looked through."""


Found = TypeVar("Found")


class _TooMuch(Exception):  # noqa: N818 - never leaves this module
    pass


@dataclass
class Budget:
    """What may still be spent on looking through tables; several may share one."""

    steps: int = MOST_STEPS_IN_ALL
    now: int = 0
    """What the search that is under way may spend of it."""

    def begin(self) -> None:
        self.now = min(self.steps, MOST_STEPS)

    def spend(self, steps: int) -> None:
        self.now -= steps
        self.steps -= steps
        if self.now < 0:
            raise _TooMuch


def check_table(
    table: etree._Element,
    allowed_by_type: Mapping[str, str] = MappingProxyType({}),
    budget: Budget | None = None,
) -> Coverage:
    """Look through a decision table; `allowed_by_type` are unary tests by the name of a type.

    Never raises for what the table contains.
    """
    coverage = Coverage()
    budget = budget or Budget()
    cells = sum(1 for _ in table.iter("{*}inputEntry"))
    if cells > MOST_CELLS or cells * STEPS_A_CELL > budget.steps or not is_regular(table):
        coverage.is_complete = False
        return coverage
    budget.steps -= cells * STEPS_A_CELL
    grid = lay_grid(table, allowed_by_type)
    coverage.is_complete = all(
        (
            grid.has_default or grid.is_known,
            _fill(coverage.impossible, _impossible(grid), budget),
            _fill(coverage.gaps, _gaps(grid, budget), budget),
            _fill(coverage.overlaps, _overlaps(grid, budget), budget),
            _fill(coverage.hidden, _hidden(grid, budget), budget),
        )
    )
    return coverage


def _fill(findings: list[Found], looking: Iterator[Found], budget: Budget) -> bool:
    """Take what is found; False when looking takes too long."""
    budget.begin()
    try:
        findings.extend(islice(looking, MOST_EXAMPLES))
    except _TooMuch:
        return False
    return True


def _impossible(grid: Grid) -> Iterator[Impossible]:
    for row in grid.rows:
        for column, taken in zip(grid.columns, row.perhaps, strict=True):
            if not taken:
                yield Impossible(row, column.label)
                break


def _overlaps(grid: Grid, budget: Budget) -> Iterator[Overlap]:
    if grid.policy not in ONE_ANSWER:
        return
    for one, other in combinations(grid.rows, 2):
        budget.spend(1)
        if not all(map(int.__and__, one.surely, other.surely)):
            continue
        if grid.policy == "UNIQUE" or _differ(one.answers, other.answers):
            both = tuple(map(int.__and__, one.surely, other.surely))
            yield Overlap((one, other), grid.example(both))


def _differ(answers: Sequence[str], others: Sequence[str]) -> bool:
    """Tell whether two rows answer differently without doubt."""
    for one, other in zip(answers, others, strict=True):
        values = constant(one), constant(other)
        if UNKNOWN not in values and values[0] != values[1]:
            return True
    return False


def _hidden(grid: Grid, budget: Budget) -> Iterator[Hidden]:
    """Find rows that lose against others everywhere."""
    if grid.policy not in ONE_ROW_WINS:
        return
    ranked = _ranked(grid)
    search = _Search(grid.domain, [row.surely for row in ranked], budget)
    for place, row in enumerate(ranked):
        budget.spend(place)
        rivals = sum(
            1 << at for at in range(place) if all(map(int.__and__, ranked[at].surely, row.perhaps))
        )
        if all(row.perhaps) and search.hole(row.perhaps, rivals) is None:
            yield Hidden(row)


def _ranked(grid: Grid) -> Sequence[Row]:
    """Put the row that counts most first; empty where that cannot be told."""
    if grid.policy == "FIRST":
        return grid.rows
    ranks = {row.number: _rank(grid, row) for row in grid.rows}
    if None in ranks.values():
        return ()
    return sorted(grid.rows, key=lambda row: (ranks[row.number], row.number))


def _rank(grid: Grid, row: Row) -> tuple[int, ...] | None:
    ranks = []
    for answer, values in zip(row.answers, grid.priorities, strict=True):
        if values and answer not in values:
            return None
        ranks.append(values.index(answer) if values else 0)
    return tuple(ranks)


def _gaps(grid: Grid, budget: Budget) -> Iterator[Gap]:
    if grid.has_default or not grid.is_known:
        return
    search = _Search(grid.domain, [row.perhaps for row in grid.rows], budget)
    for hole in search.holes(grid.domain, (1 << len(grid.rows)) - 1):
        yield Gap(grid.example(hole))


class _Search:
    """Looks for what a set of rows leaves out.

    Column by column it goes through the regions, keeping the rows that still apply: where none is
    left there is a hole; where one is left that asks nothing further, there is none. Sets of rows
    are the bits of a number, as sets of regions are.
    """

    def __init__(self, domain: Box, rows: Sequence[Box], budget: Budget) -> None:
        self._budget = budget
        self._groups = [
            _groups(inside, [row[column] for row in rows]) for column, inside in enumerate(domain)
        ]
        self._done = [_asking_nothing_after(column, domain, rows) for column in range(len(domain))]

    def hole(self, within: Box, rows: int) -> Box | None:
        return next(self.holes(within, rows), None)

    def holes(self, within: Box, rows: int) -> Iterator[Box]:
        """Yield boxes inside `within` that none of the rows takes."""
        if not rows:
            yield within
        else:
            yield from self._below(0, rows, within, set())

    def _below(
        self, column: int, rows: int, within: Box, covered: set[tuple[int, int]]
    ) -> Iterator[Box]:
        if column == len(self._groups):
            return
        for regions, takers in self._groups[column]:
            self._budget.spend(1)
            inside = regions & within[column]
            left = rows & takers
            if not inside or left & self._done[column] or (column + 1, left) in covered:
                continue
            narrowed = (*within[:column], inside, *within[column + 1 :])
            if not left:
                yield narrowed
                continue
            found = False
            for hole in self._below(column + 1, left, narrowed, covered):
                found = True
                yield hole
            if not found:
                covered.add((column + 1, left))


def _groups(domain: int, taken: Sequence[int]) -> list[tuple[int, int]]:
    """Put regions together that the same rows take: (regions, rows).

    What no row takes is put together only with its neighbours, for an example of each such place.
    """
    size = domain.bit_length()
    columns = zip(*(f"{each & domain:0{size}b}"[::-1] for each in reversed(taken)), strict=True)
    groups: dict[tuple[int, int], int] = {}
    last = rows = 0
    for place, marks in enumerate(columns):
        if domain >> place & 1:
            before, rows = rows, int("".join(marks), 2)
            last = place if not rows and before else last
            key = (rows, 0 if rows else last)
            groups[key] = groups.get(key, 0) | 1 << place
    return [(regions, rows) for (rows, _), regions in groups.items()]


def _asking_nothing_after(column: int, domain: Box, rows: Sequence[Box]) -> int:
    """Return the rows that take everything in all later columns."""
    later = slice(column + 1, None)
    return sum(1 << place for place, row in enumerate(rows) if row[later] == domain[later])
