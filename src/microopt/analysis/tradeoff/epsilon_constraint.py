"""The epsilon-constraint method: a Pareto point has the most of one metric with a floor on another, then the most of
the other.

Both are solved in the integers of the program: no plan has more of one metric than a proven point without less of the
other.
"""

from __future__ import annotations

from time import perf_counter

from msgspec import Struct

from microopt.planning.audit import audit
from microopt.planning.formulation.formulate import with_objective
from microopt.planning.formulation.objective import Objective
from microopt.planning.problem import PlanningProblem
from microopt.solver.backends.base import Backend
from microopt.solver.constraint import constraint
from microopt.solver.lexicographic import solve_cheapest
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

FIRST_SHARE = 0.6  # of a point's time, for its first solve


class ParetoCandidate(Struct, frozen=True, kw_only=True, eq=False):
    """The outcome of a search for a Pareto point.

    Attributes
    ----------
    picks
        Choices of the problem.
    first, second
        The results of the two solves; the second is None if a limit came first.
    """

    picks: Columns
    first: SolveResult
    second: SolveResult | None

    @property
    def searched(self) -> bool:
        """Whether a search was begun: a plan that was known before does not count."""
        return self.first.bound is not None

    @property
    def proven(self) -> bool:
        """Whether no plan has more of one metric without less of the other."""
        return (
            self.second is not None
            and self.first.termination is Termination.OPTIMAL
            and self.second.termination is Termination.OPTIMAL
        )

    @property
    def gap(self) -> float:
        """The larger gap of the two solves, as a share of the bound; 1 without the second solve."""
        return 1.0 if self.second is None else max(_relative_gap(self.first), _relative_gap(self.second))

    @property
    def limit(self) -> Limit | None:
        """What ended the search early, or None."""
        return self.first.limit or (None if self.second is None else self.second.limit)


def _relative_gap(result: SolveResult) -> float:
    if result.termination is Termination.OPTIMAL or result.objective is None or result.bound is None:
        return float(result.termination is not Termination.OPTIMAL)
    return (result.bound - result.objective) / max(1, abs(result.bound))


class EpsilonConstraintSearch(Struct, frozen=True, kw_only=True, eq=False):
    """The problem, program, objectives and solver that searches for points share.

    Attributes
    ----------
    program
        The program of the problem's rules.
    objectives
        The objectives of the two metrics.
    """

    problem: PlanningProblem
    program: IntegerProgram
    objectives: tuple[Objective, Objective]
    solver: Backend

    def metric_amount(self, index: int, picks: Columns) -> int:
        """Return the total of a metric over the picks, in the integers of its objective."""
        return int(self.objectives[index].values[picks].sum())

    def find_point(
        self, limits: SolveLimits, *, leading: int, floor: int = 0, initial: tuple[Columns, ...] = ()
    ) -> ParetoCandidate | SolveResult:
        """Return the plan with the most of one metric, among these the most of the other, and among these the cheapest.

        Parameters
        ----------
        leading
            Which metric comes first, 0 or 1.
        floor
            The floor on the second metric, in the integers of its objective.
        initial
            Known plans that may reach the floor.

        Returns
        -------
        ParetoCandidate | SolveResult
            The result of the first solve if it has no plan.

        Raises
        ------
        AuditError, BackendError
            As `solve` does.
        """
        start = perf_counter()
        trailing = 1 - leading
        floored = self.program.with_row(constraint("floor", self.objectives[1].values, lower=floor))
        first_program, share = with_objective(floored, self.objectives[leading]), limits.remaining(start, FIRST_SHARE)
        first = solve(
            first_program,
            self.solver,
            self._with_unit(share, leading),
            cheapest=False,
            warm_start=WarmStart(plans=initial),
        )
        if first.columns is None or first.objective is None:
            return first
        remaining = limits.remaining(start)
        if first.limit is Limit.INTERRUPT or remaining.seconds == 0:
            audit(self.problem, first_program, first.columns, first.objective)
            return ParetoCandidate(picks=first.columns, first=first, second=None)
        second_program = with_objective(floored, self.objectives[trailing]).with_row(
            constraint("held", self.objectives[leading].values, lower=first.objective)
        )
        warm_start = WarmStart(plans=(first.columns, *initial))
        second = solve_cheapest(second_program, self.solver, self._with_unit(remaining, trailing), warm_start)
        if second.columns is None or second.objective is None:
            return ParetoCandidate(picks=first.columns, first=first, second=second)
        audit(self.problem, second_program, second.columns, second.objective)
        return ParetoCandidate(picks=second.columns, first=first, second=second)

    def _with_unit(self, limits: SolveLimits, index: int) -> SolveLimits:
        return limits.reporting_as("", self.objectives[index].unit)
