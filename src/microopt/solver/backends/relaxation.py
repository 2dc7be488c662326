"""The linear relaxation of a program, solved by the simplex method of HiGHS in this process.

Every backend takes its prices from here. They need no trust, because any prices bound every plan: only how tight the
bound is depends on them. The model is passed as arrays; for a few thousand columns that takes milliseconds, where a
model file and a process of its own take a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import BackendError
from microopt.signals import defer_signals
from microopt.solver.backends.decode import HALF, PARTS, empty_program_result, no_solution_result, safe_upper_bound
from microopt.solver.backends.row_bounds import has_inexact_rows, row_unit, safe_bounds
from microopt.solver.backends.run_in_thread import WorkerHung, run_in_thread
from microopt.solver.backends.suppress_stdout import suppress_stdout
from microopt.solver.program import IntegerProgram
from microopt.solver.reach_pool import EXPOSURE, envelope
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination

if TYPE_CHECKING:
    from highspy import Highs

NAME = "highs"
LARGEST = 20  # bits of the largest objective coefficient in the model: tolerances are absolute
BRIEF = 20_000  # nonzeros up to which a relaxation is over before a keystroke is noticed: no thread is started for it
INFEASIBLE = ("kInfeasible", "kUnboundedOrInfeasible")  # columns are bounded, so the latter is the former too
LIMITS = ("kTimeLimit", "kInterrupt", "kIterationLimit")


class LinearModel(Struct, frozen=True, kw_only=True, eq=False):
    """A linear program: maximize `objective x` over `lower <= x <= upper` with rows within their bounds.

    Columns are those of the program, then the slack of soft rows, the pieces of pools and the integer variable; rows
    are those of the program, then one for each pool, then the groups of several columns.

    Attributes
    ----------
    starts, columns, coefficients
        The rows in compressed form.
    row_unit
        What one unit of each row is in the program.
    """

    objective: NDArray[np.float64]
    upper: NDArray[np.float64]
    starts: NDArray[np.int32]
    columns: NDArray[np.int32]
    coefficients: NDArray[np.float64]
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    row_unit: NDArray[np.float64]


class _Entries:
    """The columns and rows of a model while it is built."""

    def __init__(self, program: IntegerProgram) -> None:
        self.objective: list[NDArray[np.float64]] = [program.objective.astype(float)]
        self.upper: list[NDArray[np.float64]] = [np.ones(len(program))]
        self.count = len(program)
        self.rows: list[list[tuple[NDArray[np.intp], NDArray[np.float64]]]] = []
        self.bounds: list[tuple[float, float]] = []

    def add_columns(self, objective: NDArray[np.float64], upper: NDArray[np.float64]) -> NDArray[np.intp]:
        """Add columns and return their positions."""
        first, self.count = self.count, self.count + len(objective)
        self.objective.append(objective)
        self.upper.append(upper)
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
            starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
            columns=np.concatenate([columns for columns, _ in parts]).astype(np.int32),
            coefficients=np.concatenate([coefficients for _, coefficients in parts]),
            row_lower=bounds[:, 0],
            row_upper=bounds[:, 1],
            row_unit=np.ones(len(bounds)),
        )


def linear_model(program: IntegerProgram) -> LinearModel:
    """Return the relaxation of a program to 0 <= x <= 1; the net reach at the offsets of pools is left out."""
    entries = _Entries(program)
    for row in program.rows:
        least, most = safe_bounds(row)
        lower, upper = (-np.inf if least is None else least), (np.inf if most is None else most)
        if row.penalty is not None:
            upper = max(lower, upper)  # no number satisfies a soft row whose bounds cross, and a model may not say so
        entries.add_row(lower, upper, row.columns, row.coefficients)
    _add_slack(entries, program)
    _add_pools(entries, program)
    if program.integer is not None:
        column = entries.add_columns(
            np.asarray([float(program.integer.objective)]), np.asarray([program.integer.upper])
        )
        for number, coefficient in program.integer.coefficients.items():
            entries.rows[number].append((column, np.asarray([float(coefficient)])))
    model = entries.model(*_group_rows(program))
    return _in_larger_units(model, program) if has_inexact_rows(program) else model


def _in_larger_units(model: LinearModel, program: IntegerProgram) -> LinearModel:
    """Return the model with large rows in larger units: HiGHS refuses coefficients of 10^15 and more."""
    unit = model.row_unit.copy()
    unit[: len(program.rows)] = [row_unit(row) for row in program.rows]
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


def _add_slack(entries: _Entries, program: IntegerProgram) -> None:
    """Let soft rows be violated on either side at their penalty."""
    for number, row in enumerate(program.rows):
        for bound, sign in ((row.lower, 1.0), (row.upper, -1.0)):
            if row.penalty is not None and bound is not None:
                column = entries.add_columns(np.asarray([-row.penalty]), np.asarray([np.inf]))
                entries.rows[number].append((column, np.asarray([sign])))


def _add_pools(entries: _Entries, program: IntegerProgram) -> None:
    """Add the pieces of each pool, whose total is at most the exposure of the selected columns."""
    at_offset = np.zeros(len(program.rows))
    for pool in program.pools:
        shape = envelope(pool)
        slopes = shape.slopes / PARTS
        pieces = entries.add_columns(slopes * float(pool.objective), shape.widths * PARTS)
        entries.add_row(-np.inf, 0.0, pieces, np.ones(len(pieces)))
        entries.rows[-1].append((pool.columns, -pool.exposure / (EXPOSURE / PARTS)))
        if pool.row is not None:
            entries.rows[pool.row].append((pieces, slopes))
            at_offset[pool.row] += fsum([pool.net_reach(pool.offset), HALF])
    for number in np.flatnonzero(at_offset).tolist():
        lower, upper = entries.bounds[number]
        entries.bounds[number] = (lower - float(at_offset[number]), upper)


def relax(program: IntegerProgram, limits: SolveLimits) -> SolveResult:
    """Return the dual prices of the relaxation to 0 <= x <= 1, and its optimum as `bound` if it has one.

    Raises
    ------
    BackendError
        If HiGHS fails.
    """
    if not len(program):
        return empty_program_result(program, NAME, version())
    start, model = perf_counter(), linear_model(program)
    scale = _objective_scale(model)
    try:
        solver = _load(model, scale, limits)
        limit = _run(solver, model, limits)
        return _parse(program, model, solver, scale, limit, perf_counter() - start)
    except WorkerHung as hung:
        return no_solution_result(NAME, version(), hung.limit, perf_counter() - start)
    except KeyboardInterrupt:
        return no_solution_result(NAME, version(), Limit.INTERRUPT, perf_counter() - start)


class WarmRelaxation:
    """The relaxation of a program without pools, solved again and again with some columns decided.

    Attributes
    ----------
    count
        How often it was solved.
    """

    def __init__(self, program: IntegerProgram) -> None:
        model = linear_model(program)
        self._size, self._row_unit, self._scale = (
            len(program),
            model.row_unit[: len(program.rows)],
            _objective_scale(model),
        )
        self._solver = _load(model, self._scale, SolveLimits())
        self._decided: dict[int, int] = {}
        self.count = 0

    def solve(self, decisions: Iterable[tuple[int, int]]) -> bool:
        """Solve with these columns decided and all others free; return whether that is feasible."""
        wanted = dict(decisions)
        with defer_signals():
            for column in self._decided.keys() | wanted.keys():
                value = wanted.get(column)
                if value != self._decided.get(column):
                    self._solver.changeColBounds(column, *((0.0, 1.0) if value is None else (value, value)))
            self._decided, self.count = wanted, self.count + 1
            self._solver.run()
        return bool(self._solver.getModelStatus().name == "kOptimal")

    @property
    def bound(self) -> float:
        """The optimum of the last solve."""
        return -self._scale * float(self._solver.getInfo().objective_function_value)

    @property
    def values(self) -> NDArray[np.float64]:
        """Values of the columns, (n,)."""
        return np.asarray(self._solver.getSolution().col_value, dtype=float)[: self._size]

    @property
    def prices(self) -> NDArray[np.float64]:
        """Prices of the rows, (rows,)."""
        duals = np.asarray(self._solver.getSolution().row_dual, dtype=float)
        return -self._scale * duals[: len(self._row_unit)] / self._row_unit

    @property
    def ray(self) -> NDArray[np.float64] | None:
        """Direction in which prices of the rows lower the bound without end, if the last solve was infeasible."""
        _, has_ray, ray = self._solver.getDualRay()
        return -np.asarray(ray, dtype=float)[: len(self._row_unit)] / self._row_unit if has_ray else None

    @property
    def reduced(self) -> NDArray[np.float64]:
        """Reduced costs of the columns, (n,): negative at 0, positive at 1."""
        return -self._scale * np.asarray(self._solver.getSolution().col_dual, dtype=float)[: self._size]


def version() -> str:
    """Return the version of HiGHS."""
    return str(_solver().version())


def _objective_scale(model: LinearModel) -> float:
    return float(2.0 ** max(0, int(np.abs(model.objective).max(initial=1)).bit_length() - LARGEST))


def _solver() -> Highs:
    import highspy

    with suppress_stdout():
        solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    return solver


def _load(model: LinearModel, scale: float, limits: SolveLimits) -> Highs:
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.objective), len(model.row_lower)
    lp.col_cost_ = -model.objective / scale
    lp.col_lower_, lp.col_upper_ = np.zeros(len(model.objective)), model.upper
    lp.row_lower_, lp.row_upper_ = model.row_lower, model.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = model.starts, model.columns, model.coefficients
    solver = _solver()
    with defer_signals():
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("solver", "simplex")
        if limits.seconds is not None:
            solver.setOptionValue("time_limit", max(limits.seconds, 0.01))
        if solver.passModel(lp) == highspy.HighsStatus.kError:
            raise _failure("it does not accept the model")
    return solver


def _run(solver: Highs, model: LinearModel, limits: SolveLimits) -> Limit | None:
    """Solve the model, in a thread if it may take long enough for somebody to press Ctrl-C."""
    if len(model.columns) <= BRIEF:
        with defer_signals():
            solver.run()
        return None
    solver.HandleUserInterrupt = True
    return run_in_thread(solver.run, solver.cancelSolve, limits.seconds)


def _parse(
    program: IntegerProgram, model: LinearModel, solver: Highs, scale: float, limit: Limit | None, seconds: float
) -> SolveResult:
    facts: dict[str, Any] = {"seconds": seconds, "backend": NAME, "version": str(solver.version())}
    status = solver.getModelStatus().name
    if status in INFEASIBLE:
        return SolveResult(termination=Termination.INFEASIBLE, **facts)
    if status not in ("kOptimal", *LIMITS):
        raise _failure(status)
    finished = status == "kOptimal"
    duals = -scale * np.asarray(solver.getSolution().row_dual, dtype=float) / model.row_unit
    pools = slice(len(program.rows), len(program.rows) + len(program.pools))
    limit = limit or (None if finished else Limit.TIME)
    bound = scale * -solver.getInfo().objective_function_value
    return SolveResult(
        termination=Termination.OPTIMAL if finished else Termination.UNKNOWN,
        limit=limit,
        bound=safe_upper_bound(program, bound) if finished else None,
        prices=duals[: len(program.rows)],
        pool_prices=duals[pools] * PARTS,
        **facts,
    )


def _failure(status: str) -> BackendError:
    fix = "try --solver cbc, or report this with the roster"
    return BackendError(f"HiGHS failed ({status})", fix=fix, code="solver-failed")
