"""Program -> elastic Program: every row may be left, at a price, and a plan is worth what it leaves, negated.

A soft row is left unit by unit; a row that can only be kept or not is dropped whole, by a column of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.program import Columns, Constraint, IntegerProgram

NOTHING: Mapping[str, Fraction] = {}
SCALE = 10**9  # of the value: one for what costs as much as the whole of a limit


class ElasticProgram(Struct, frozen=True, kw_only=True, eq=False):
    """A program that prices what a plan leaves.

    Attributes
    ----------
    program
        Its first columns are those of the program it was made from; each further one drops the rows of a label.
    columns
        How many columns the program that it was made from has.
    """

    program: IntegerProgram
    column_count: int

    def original_columns(self, picks: Columns) -> Columns:
        """Return the picks of the program that it was made from."""
        return picks[picks < self.column_count]


def elastic_program(
    program: IntegerProgram,
    *,
    scales: Mapping[str, Fraction] = NOTHING,
    dropped: Collection[str] = (),
    hard: Collection[str] = (),
) -> ElasticProgram:
    """Return the elastic program: the best plan of it keeps the rows best.

    Parameters
    ----------
    wholes
        How much of what the user writes costs 1 in a row of this label; by default the limit itself, at least 1.
    dropped
        Labels whose rows are dropped together, for 1.
    hard
        Labels of rows that stay as they are.
    """
    labels = dict.fromkeys(line.label for line in program.rows if line.label in dropped and line.label not in hard)
    extra = {label: len(program) + number for number, label in enumerate(labels)}
    lower, upper = [], []
    for line in program.rows:
        if line.label in extra:
            lower.append(_droppable(line, extra[line.label]))
        elif line.label in hard or line.label in dropped:
            lower.append(replace(line, penalty=None))
        else:
            lower.append(_with_penalty(replace(line, upper=None), scales))
            if line.upper is not None:
                upper.append(_with_penalty(replace(line, lower=None), scales))
    groups = int(program.group.max(initial=-1)) + 1
    zeros = np.zeros(len(program), dtype=np.int64)
    return ElasticProgram(
        column_count=len(program),
        program=IntegerProgram(
            objective=np.append(zeros, np.full(len(extra), -SCALE, dtype=np.int64)),
            cost=np.append(program.cost, np.zeros(len(extra), dtype=np.int64)),
            group=np.append(program.group, np.arange(groups, groups + len(extra))).astype(np.int32),
            rows=(*lower, *upper),
            pools=tuple(replace(pool, objective=0.0) for pool in program.pools if pool.row is not None),
            integer=None if program.integer is None else replace(program.integer, objective=0),
        ),
    )


def _with_penalty(line: Constraint, wholes: Mapping[str, Fraction]) -> Constraint:
    """Return a row of at most one side with its penalty."""
    bound = line.lower if line.upper is None else line.upper
    whole = wholes.get(line.label, abs(bound or 0) * line.unit)
    return replace(line, penalty=float(SCALE * line.unit / max(Fraction(1), whole)))


def _droppable(line: Constraint, column: int) -> Constraint:
    """Return a row that holds whatever is bought once a column is."""
    columns, coefficients = np.append(line.columns, column), line.coefficients
    if line.upper is not None:
        return replace(
            line, columns=columns, coefficients=np.append(coefficients, -_max_excess(coefficients, line.upper))
        )
    assert line.lower is not None
    return replace(line, columns=columns, coefficients=np.append(coefficients, _max_excess(-coefficients, -line.lower)))


def _max_excess(coefficients: NDArray[np.int64], upper: int) -> int:
    """Return by how much a row can be above its limit at most."""
    return max(0, int(np.maximum(coefficients, 0).sum()) - upper)
