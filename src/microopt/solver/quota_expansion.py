"""Quotas as rows and columns: each row of a quota has a binary column that lifts it, and few of them may be 1.

These columns come after all others, with nothing in the objective and no cost, so that a plan of the original program
is a plan of the expanded one without them. A row that its column lifts holds for every plan (big M).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.quota import Quota

LIFTED_LABEL = "one row of a quota"  # such a row holds in every plan: its column lifts it


class ExpandedProgram(Struct, frozen=True, kw_only=True, eq=False):
    """A program without quotas that has the same plans.

    Attributes
    ----------
    program
        Its first columns and rows are those of the original program. Then come, by quota, a column for each of its
        rows; these rows; and one row that counts the columns, with the quota's label.
    original
        The program with quotas.
    """

    program: IntegerProgram
    original: IntegerProgram

    def original_columns(self, selected: Columns) -> Columns:
        """Return the selected columns of the original program."""
        return selected[selected < len(self.original)]

    def complete(self, plan: Columns) -> Columns:
        """Return a plan of the original program with the columns of the rows that it violates."""
        start, lifted = len(self.original), [plan]
        for quota in self.original.quotas:
            lifted.append(start + np.flatnonzero(quota.failing(plan)))
            start += len(quota)
        return np.concatenate(lifted) if self.original.quotas else plan


def expand(program: IntegerProgram) -> ExpandedProgram:
    """Return the program with the rows and columns of its quotas; made once for a program, itself where it has none."""
    if not program.quotas:
        return ExpandedProgram(program=program, original=program)
    known = program.__dict__.get("expanded")
    if not isinstance(known, ExpandedProgram):
        known = program.__dict__["expanded"] = _expand(program)
    return known


def fewest_failures(program: IntegerProgram, label: str) -> ExpandedProgram:
    """Return the expanded program whose objective is the number of violated rows of a quota, negated, without limit."""
    expanded = expand(program)
    objective = np.zeros(len(expanded.program), dtype=np.int64)
    start, rows = len(program), list(expanded.program.rows)
    for quota in program.quotas:
        objective[start : start + len(quota)] = -1 if quota.label == label else 0
        start += len(quota)
    first = len(program.rows)
    rows[first:] = [replace(row, upper=None) if row.label == label else row for row in rows[first:]]
    without_limit = replace(expanded.program, objective=objective, rows=tuple(rows))
    return replace(expanded, program=without_limit.with_fixed_at_zero(program.fixed_at_zero))


def reduced_costs(
    program: IntegerProgram, prices: NDArray[np.float64], pool_prices: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the reduced cost of each column of a program, whose quotas are priced too, (n,).

    Parameters
    ----------
    prices
        Of the rows of the expanded program.
    """
    return expand(program).program.reduced_costs(prices, pool_prices)[: len(program)]


def _expand(program: IntegerProgram) -> ExpandedProgram:
    count = sum(map(len, program.quotas))
    zeros = np.zeros(count, dtype=np.int64)
    first_group = int(program.group.max(initial=-1)) + 1
    rows, start = list(program.rows), len(program)
    for quota in program.quotas:
        rows += _rows_of(quota, program.group, start)
        start += len(quota)
    expanded = IntegerProgram(
        objective=np.concatenate([program.objective, zeros]),
        cost=np.concatenate([program.cost, zeros]),
        group=np.concatenate([program.group, np.arange(first_group, first_group + count)]).astype(np.int32),
        rows=tuple(rows),
        pools=program.pools,
        integer=program.integer,
    )
    fixed = np.union1d(program.fixed_at_zero, expanded.fixed_at_zero)  # a budget no longer covers all columns
    return ExpandedProgram(program=expanded.with_fixed_at_zero(fixed), original=program)


def _rows_of(quota: Quota, group: NDArray[np.int32], start: int) -> Iterator[Constraint]:
    """Yield the rows of a quota, then the one that counts its columns, the first of which is `start`."""
    least = _least_activities(quota, group)
    for number, (amounts, floor, lowest) in enumerate(zip(quota.amounts, quota.floors.tolist(), least, strict=True)):
        coefficients = np.append(amounts, max(0, floor - lowest))
        used = np.flatnonzero(coefficients)
        yield Constraint(
            label=LIFTED_LABEL,
            columns=np.append(quota.columns, start + number)[used],
            coefficients=coefficients[used],
            lower=floor,
        )
    columns = np.arange(start, start + len(quota))
    yield Constraint(
        label=quota.label, columns=columns, coefficients=np.ones(len(quota), dtype=np.int64), upper=quota.may_fail
    )


def _least_activities(quota: Quota, group: NDArray[np.int32]) -> list[int]:
    """Return the least activity of each row: of each group, at most one column counts."""
    if not (quota.amounts < 0).any():
        return [0] * len(quota)
    _, number = np.unique(group[quota.columns], return_inverse=True)
    least = np.zeros((int(number.max(initial=-1)) + 1, len(quota)), dtype=np.int64)
    np.minimum.at(least, number, quota.amounts.T)
    return [int(each) for each in least.sum(axis=0)]
