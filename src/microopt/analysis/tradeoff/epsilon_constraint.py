"""The most of one metric with no less of another than a floor, and then the most of the other: a point of a front.

Both are asked in the integers of the program, so that of a proven point no plan has more of one without less of the
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
from microopt.solver.lexicographic import solve_cheapest
from microopt.solver.program import IntegerProgram, Picks, row
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

FIRST_SHARE = 0.6  # of a point's time, for its first question


class ParetoCandidate(Struct, frozen=True, kw_only=True, eq=False):
    """What a search for a point ended with.

    Attributes
    ----------
    picks
        Choices of the case.
    first, second
        The answers to the two questions; the second is None where a limit came before it.
    """

    picks: Picks
    first: SolveResult
    second: SolveResult | None

    @property
    def begun(self) -> bool:
        """Whether anything was looked for: what was known before is no answer by itself."""
        return self.first.bound is not None

    @property
    def proven(self) -> bool:
        """Whether no plan has more of one metric without less of the other."""
        return (
            self.second is not None
            and self.first.stop is Termination.OPTIMAL
            and self.second.stop is Termination.OPTIMAL
        )

    @property
    def gap(self) -> float:
        """The larger gap of the two answers, as a share of the bound; all of it where the second was not asked."""
        return 1.0 if self.second is None else max(_gap(self.first), _gap(self.second))

    @property
    def limit(self) -> Limit | None:
        """What cut the search short, or None."""
        return self.first.limit or (None if self.second is None else self.second.limit)


def _gap(answer: SolveResult) -> float:
    if answer.stop is Termination.OPTIMAL or answer.value is None or answer.bound is None:
        return float(answer.stop is not Termination.OPTIMAL)
    return (answer.bound - answer.value) / max(1, abs(answer.bound))


class EpsilonConstraintSearch(Struct, frozen=True, kw_only=True, eq=False):
    """What searches for points share.

    Attributes
    ----------
    program
        Of the case's rules.
    aims
        What is counted of the two metrics.
    """

    case: PlanningProblem
    program: IntegerProgram
    aims: tuple[Objective, Objective]
    solver: Backend

    def amount(self, which: int, picks: Picks) -> int:
        """Return what picks bring of a metric, in the integers of its objective."""
        return int(self.aims[which].values[picks].sum())

    def seek(
        self, limits: SolveLimits, *, most: int, floor: int = 0, known: tuple[Picks, ...] = ()
    ) -> ParetoCandidate | SolveResult:
        """Return the plan of the most of one metric and, of such plans, the most of the other; the cheapest of equals.

        Parameters
        ----------
        most
            Which metric comes first, 0 or 1.
        floor
            The least of the second metric, in the integers of its objective.
        known
            Plans that may keep the floor.

        Returns
        -------
        Sought | Answer
            The answer to the first question, where that has no plan.

        Raises
        ------
        AuditError, BackendError
            As `solve` does.
        """
        start = perf_counter()
        other = 1 - most
        lowered = self.program.with_row(row("floor", self.aims[1].values, lower=floor))
        asked, share = with_objective(lowered, self.aims[most]), limits.left(start, FIRST_SHARE)
        first = solve(asked, self.solver, self._said(share, most), cheapest=False, hint=WarmStart(plans=known))
        if first.picks is None or first.value is None:
            return first
        left = limits.left(start)
        if first.limit is Limit.INTERRUPT or left.seconds == 0:
            audit(self.case, asked, first.picks, first.value)
            return ParetoCandidate(picks=first.picks, first=first, second=None)
        held = with_objective(lowered, self.aims[other]).with_row(
            row("held", self.aims[most].values, lower=first.value)
        )
        hint = WarmStart(plans=(first.picks, *known))
        second = solve_cheapest(held, self.solver, self._said(left, other), hint)
        if second.picks is None or second.value is None:
            return ParetoCandidate(picks=first.picks, first=first, second=second)
        audit(self.case, held, second.picks, second.value)
        return ParetoCandidate(picks=second.picks, first=first, second=second)

    def _said(self, limits: SolveLimits, which: int) -> SolveLimits:
        return limits.saying("", self.aims[which].unit)
