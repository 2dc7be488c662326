"""The model of a program that HiGHS gets, built from arrays: columns, rows, groups, soft rows, pools.

One model serves the relaxation and branch and bound. HiGHS is called directly and not through PuLP, which takes
seconds for the terms of 100,000 offers in thirty rules where arrays take a tenth of one.

A pool of people is a piecewise linear function of its exposure: a bounded column for each piece between two meeting
points of tangents, and one row that limits their total to the exposure of the selected columns. That is equivalent to a
column below all tangents, without a row for each of them.
"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import BackendError
from microopt.signals import defer_signals
from microopt.solver.backends.decode import HALF, PARTS
from microopt.solver.backends.row_bounds import MAX_EXACT, row_unit, safe_bounds, slack_size
from microopt.solver.backends.suppress_stdout import suppress_stdout
from microopt.solver.program import IntegerProgram
from microopt.solver.reach_pool import EXPOSURE, envelope

if TYPE_CHECKING:
    from highspy import Highs

LARGEST = 20  # bits of the largest objective coefficient in the model: tolerances are absolute


class LinearModel(Struct, frozen=True, kw_only=True, eq=False):
    """A linear program: maximize `objective x` over `lower <= x <= upper` with rows within their bounds.

    Columns are those of the program, then the slack of soft rows, the pieces of pools and the integer variable; rows
    are those of the program, then one for each pool, then the groups of several columns.

    Attributes
    ----------
    starts, columns, coefficients
        The rows in compressed form.
    integral
        Which columns are integral, unless the program is relaxed.
    row_unit
        What one unit of each row is in the program.
    constant
        What is added to the objective.
    """

    objective: NDArray[np.float64]
    upper: NDArray[np.float64]
    integral: NDArray[np.bool_]
    starts: NDArray[np.int32]
    columns: NDArray[np.int32]
    coefficients: NDArray[np.float64]
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    row_unit: NDArray[np.float64]
    constant: float = 0.0

    @property
    def scale(self) -> float:
        """The power of two that brings the largest objective coefficient to about a million."""
        return float(2.0 ** max(0, int(np.abs(self.objective).max(initial=1)).bit_length() - LARGEST))


class _ModelBuilder:
    """The columns and rows of a model while it is built."""

    def __init__(self, program: IntegerProgram) -> None:
        self.objective: list[NDArray[np.float64]] = [program.objective.astype(float)]
        self.upper: list[NDArray[np.float64]] = [np.ones(len(program))]
        self.integral: list[NDArray[np.bool_]] = [np.ones(len(program), dtype=bool)]
        self.count = len(program)
        self.rows: list[list[tuple[NDArray[np.intp], NDArray[np.float64]]]] = []
        self.bounds: list[tuple[float, float]] = []
        self.constant = 0.0

    def add_columns(
        self, objective: NDArray[np.float64], upper: NDArray[np.float64], *, integral: bool = False
    ) -> NDArray[np.intp]:
        """Add columns and return their positions."""
        first, self.count = self.count, self.count + len(objective)
        self.objective.append(objective)
        self.upper.append(upper)
        self.integral.append(np.full(len(objective), integral))
        return np.arange(first, self.count)

    def add_row(self, lower: float, upper: float, columns: NDArray[np.intp], coefficients: NDArray[Any]) -> None:
        """Add a row; further terms may follow."""
        self.rows.append([(columns, coefficients.astype(float))])
        self.bounds.append((lower, upper))

    def model(self, grouped: NDArray[np.intp], sizes: NDArray[np.intp]) -> LinearModel:
        """Return the model, its rows in compressed form, with a row for each group of several columns.

        Parameters
        ----------
        grouped, sizes
            The columns of these groups, group by group, and how many each has.
        """
        parts = [*(part for row in self.rows for part in row), (grouped, np.ones(len(grouped)))]
        lengths = [*(sum(len(columns) for columns, _ in row) for row in self.rows), *sizes.tolist()]
        bounds = np.asarray([*self.bounds, *([(-np.inf, 1.0)] * len(sizes))], dtype=float).reshape(-1, 2)
        return LinearModel(
            objective=np.concatenate(self.objective),
            upper=np.concatenate(self.upper),
            integral=np.concatenate(self.integral),
            starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
            columns=np.concatenate([columns for columns, _ in parts]).astype(np.int32),
            coefficients=np.concatenate([coefficients for _, coefficients in parts]),
            row_lower=bounds[:, 0],
            row_upper=bounds[:, 1],
            row_unit=np.ones(len(bounds)),
            constant=self.constant,
        )


def linear_model(program: IntegerProgram, largest: int = MAX_EXACT) -> LinearModel:
    """Return the model of a program; the net reach at the offsets of pools is left out.

    Parameters
    ----------
    largest
        A row with a larger coefficient is written in larger units; HiGHS refuses coefficients of 10^15 and more.
    """
    builder = _ModelBuilder(program)
    for row in program.rows:
        least, most = safe_bounds(row)
        lower, upper = (-np.inf if least is None else least), (np.inf if most is None else most)
        builder.add_row(lower, upper, row.columns, row.coefficients)
    _add_slack(builder, program)
    _add_pools(builder, program)
    _swap_crossed_bounds(builder, program)
    if program.integer is not None:
        integer = program.integer  # its column counts from the variable's lower bound
        size = np.asarray([float(integer.upper - integer.lower)])
        column = builder.add_columns(np.asarray([float(integer.objective)]), size, integral=True)
        builder.constant += integer.objective * integer.lower
        for number, coefficient in integer.coefficients.items():
            builder.rows[number].append((column, np.asarray([float(coefficient)])))
            lower, upper = builder.bounds[number]
            builder.bounds[number] = (lower - coefficient * integer.lower, upper - coefficient * integer.lower)
    model = builder.model(*_group_rows(program))
    unit = model.row_unit.copy()
    unit[: len(program.rows)] = [row_unit(row, largest) for row in program.rows]
    if (unit == 1).all():
        return model
    return replace(
        model,
        coefficients=model.coefficients / np.repeat(unit, np.diff(model.starts)),
        row_lower=model.row_lower / unit,
        row_upper=model.row_upper / unit,
        row_unit=unit,
    )


def _group_rows(program: IntegerProgram) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the columns of the groups that have several, group by group, and how many each has."""
    if program.has_singleton_groups:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    groups = program.groups
    sizes = np.diff(groups.starts, append=len(program))
    return groups.order[sizes[groups.number] > 1], sizes[sizes > 1]


def _add_slack(builder: _ModelBuilder, program: IntegerProgram) -> None:
    """Let soft rows be violated on either side at their penalty."""
    for number, row in enumerate(program.rows):
        for bound, sign in ((row.lower, 1.0), (row.upper, -1.0)):
            if row.penalty is not None and bound is not None:
                size = slack_size(row)
                column = builder.add_columns(np.asarray([-row.penalty * size]), np.asarray([np.inf]))
                builder.rows[number].append((column, np.asarray([sign * size])))


def _swap_crossed_bounds(builder: _ModelBuilder, program: IntegerProgram) -> None:
    """Swap the bounds of soft rows that no number satisfies, since a model may not have such rows.

    A number between them violates the two by their distance in all, and any other by as much more as it is outside.
    """
    for number, row in enumerate(program.rows):
        lower, upper = builder.bounds[number]
        if row.penalty is not None and lower > upper:
            builder.bounds[number] = (upper, lower)
            builder.constant -= row.penalty * (lower - upper)


def _add_pools(builder: _ModelBuilder, program: IntegerProgram) -> None:
    """Add the pieces of each pool, whose total is at most the exposure of the selected columns."""
    at_offset = np.zeros(len(program.rows))
    for pool in program.pools:
        shape = envelope(pool)
        slopes = shape.slopes / PARTS
        pieces = builder.add_columns(slopes * float(pool.objective), shape.widths * PARTS)
        builder.add_row(-np.inf, 0.0, pieces, np.ones(len(pieces)))
        builder.rows[-1].append((pool.columns, -pool.exposure / (EXPOSURE / PARTS)))
        if pool.row is not None:
            builder.rows[pool.row].append((pieces, slopes))
            at_offset[pool.row] += fsum([pool.net_reach(pool.offset), HALF])
    for number in np.flatnonzero(at_offset).tolist():
        lower, upper = builder.bounds[number]
        builder.bounds[number] = (lower - float(at_offset[number]), upper)


def version() -> str:
    """Return the version of HiGHS."""
    return str(_solver().version())


def _solver() -> Highs:
    import highspy

    with suppress_stdout():
        solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    return solver


def load(model: LinearModel, scale: float, *, integral: bool = False, **options: float) -> Highs:
    """Return HiGHS with a model.

    Parameters
    ----------
    scale
        Unit of the objective in the solver.
    integral
        Whether columns are integral; otherwise the model is the relaxation.
    options
        Options of HiGHS by name.

    Raises
    ------
    BackendError
        If HiGHS does not accept the model.
    """
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.objective), len(model.row_lower)
    lp.col_cost_, lp.offset_ = -model.objective / scale, -model.constant / scale
    lp.col_lower_, lp.col_upper_ = np.zeros(len(model.objective)), model.upper
    lp.row_lower_, lp.row_upper_ = model.row_lower, model.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = model.starts, model.columns, model.coefficients
    if integral:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[is_integral] for is_integral in model.integral.tolist()]
    solver = _solver()
    with defer_signals():
        for name, value in {"threads": 1, **options}.items():
            solver.setOptionValue(name, value)
        if solver.passModel(lp) == highspy.HighsStatus.kError:
            raise failure("it does not accept the model")
    return solver


def failure(status: str) -> BackendError:
    """Return the error for a failure of HiGHS."""
    fix = "try --solver cbc, or report this with the roster"
    return BackendError(f"HiGHS failed ({status})", fix=fix, code="solver-failed")
