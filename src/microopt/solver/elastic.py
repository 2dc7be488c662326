"""Elastic programs: every row may be violated at a penalty, and the objective is the total penalty, negated.

A row is relaxed unit by unit as a soft row; a row that can only hold or not is dropped as a whole, by its own column.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.quota_expansion import LIFTED_LABEL, expand

NO_SCALES: Mapping[str, Fraction] = {}
SCALE = 10**9  # objective units for a violation as large as the limit itself


class ElasticProgram(Struct, frozen=True, kw_only=True, eq=False):
    """A program that penalizes violations of the rows of an original program.

    Attributes
    ----------
    program
        Its first columns are those of the original program; then come those of its quotas, and a column for each label
        whose rows can be dropped.
    column_count
        Number of columns of the original program.
    """

    program: IntegerProgram
    column_count: int

    def original_columns(self, selected: Columns) -> Columns:
        """Return the selected columns of the original program."""
        return selected[selected < self.column_count]


def elastic_program(
    program: IntegerProgram,
    *,
    scales: Mapping[str, Fraction] = NO_SCALES,
    dropped: Collection[str] = (),
    hard: Collection[str] = (),
) -> ElasticProgram:
    """Return the elastic program; its optimum violates the rows least.

    Parameters
    ----------
    scales
        Violation, in the user's unit, that costs 1 in rows of this label; by default the limit itself, at least 1.
    dropped
        Labels whose rows are dropped together, at a cost of 1.
    hard
        Labels of rows that stay as they are.
    """
    column_count, program = len(program), expand(program).program
    hard = {*hard, LIFTED_LABEL}
    labels = dict.fromkeys(row.label for row in program.rows if row.label in dropped and row.label not in hard)
    extra = {label: len(program) + number for number, label in enumerate(labels)}
    lower, upper = [], []
    for row in program.rows:
        if row.label in extra:
            lower.append(_droppable(row, extra[row.label]))
        elif row.label in hard or row.label in dropped:
            lower.append(replace(row, penalty=None))
        else:
            lower.append(_with_penalty(replace(row, upper=None), scales))
            if row.upper is not None:
                upper.append(_with_penalty(replace(row, lower=None), scales))
    groups = int(program.group.max(initial=-1)) + 1
    zeros = np.zeros(len(program), dtype=np.int64)
    return ElasticProgram(
        column_count=column_count,
        program=IntegerProgram(
            objective=np.append(zeros, np.full(len(extra), -SCALE, dtype=np.int64)),
            cost=np.append(program.cost, np.zeros(len(extra), dtype=np.int64)),
            group=np.append(program.group, np.arange(groups, groups + len(extra))).astype(np.int32),
            rows=(*lower, *upper),
            pools=tuple(replace(pool, objective=0.0) for pool in program.pools if pool.row is not None),
            integer=None if program.integer is None else replace(program.integer, objective=0),
        ),
    )


def _with_penalty(row: Constraint, scales: Mapping[str, Fraction]) -> Constraint:
    """Return a row with at most one finite side as a soft row."""
    bound = row.lower if row.upper is None else row.upper
    scale = scales.get(row.label, abs(bound or 0) * row.unit)
    return replace(row, penalty=float(SCALE * row.unit / max(Fraction(1), scale)))


def _droppable(row: Constraint, column: int) -> Constraint:
    """Return a row that every plan satisfies once this column is 1 (big M), and no plan violates at a penalty."""
    coefficients = row.coefficients
    if row.upper is not None:
        slack = -_max_excess(coefficients, row.upper)
    else:
        assert row.lower is not None
        slack = _max_excess(-coefficients, -row.lower)
    columns, coefficients = np.append(row.columns, column), np.append(coefficients, slack)
    return replace(row, columns=columns, coefficients=coefficients, penalty=None)


def _max_excess(coefficients: NDArray[np.int64], upper: int) -> int:
    """Return the most by which a row can exceed its upper bound."""
    return max(0, int(np.maximum(coefficients, 0).sum()) - upper)
