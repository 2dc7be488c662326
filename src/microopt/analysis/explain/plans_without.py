"""The best plan without each pick. Picks that all rows count alike answer for each other, so that few are solved.

Let p and q be picks with the same coefficient in every row, each of them able to take the other's place. The best plan
without q, with q put in p's place, is a plan without p, worth the difference of the two more or less. Any better plan
without p would have to be without q too, else the same exchange would improve on the best plan without q; and prices
bound the plans without either. If that bound is lower, the exchanged plan is the best, and nothing is solved.
"""

from __future__ import annotations

from math import floor

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from microopt.planning.counterfactuals import price_columns, solve_without
from microopt.planning.solved import SolvedProblem
from microopt.solver.backends.base import Backend
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram
from microopt.solver.result import SolveLimits, SolveResult, Termination

ROUNDING = 2.0**-40  # of the bound; far more than the rounding errors of a few deviations


class _Solved(Struct, frozen=True, kw_only=True, eq=False):
    """The best plan without a pick."""

    pick: int
    result: SolveResult


class PlansWithout(Struct, frozen=True, kw_only=True, eq=False):
    """The best plans of a solved problem without its picks, one at a time.

    Attributes
    ----------
    priced
        The program at the plan's prices, or None: then each pick is solved.
    """

    solved: SolvedProblem
    solver: Backend
    priced: PricedProgram | None
    _known: dict[tuple[int, ...], list[_Solved]] = field(default_factory=dict)

    @classmethod
    def of_problem(cls, solved: SolvedProblem, solver: Backend) -> PlansWithout:
        """Return the plans of a problem, none of them solved yet."""
        return cls(solved=solved, solver=solver, priced=price_columns(solved))

    def without_creator(self, columns: Columns, limits: SolveLimits) -> SolveResult:
        """Return the best picks without these choices.

        Parameters
        ----------
        columns
            All choices of a creator who is in the plan.

        Raises
        ------
        AuditError, BackendError
            If the solver fails.
        """
        pick = self._only_pick(columns)
        if pick is None:
            return solve_without(self.solved, columns, self.solver, limits)
        alike = self._known.setdefault(_coefficients(self.solved.program, pick), [])
        for known in alike:
            exchanged = self._exchange(known, pick)
            if exchanged is not None:
                return exchanged
        result = solve_without(self.solved, columns, self.solver, limits)
        if result.termination is Termination.OPTIMAL:
            alike.append(_Solved(pick=pick, result=result))
        return result

    def without_pick(self, columns: Columns, picked: Columns, without: SolveResult, limits: SolveLimits) -> SolveResult:
        """Return the best picks without the picked choices of a creator, whose other choices can replace them.

        Parameters
        ----------
        columns
            All choices of the creator.
        without
            The best plan without any of them.
        """
        others = np.setdiff1d(columns, picked)
        if not len(others):
            return without
        if self.priced is not None and without.termination is Termination.OPTIMAL and without.objective is not None:
            with_other = max(_bound_against(self.priced, other, selected=False) for other in others.tolist())
            if with_other <= without.objective:
                return without
        plans = () if without.columns is None else (without.columns,)
        return solve_without(self.solved, picked, self.solver, limits, *plans)

    def _only_pick(self, columns: Columns) -> int | None:
        """Return the pick of a creator whose choices are one group; None if these plans cannot be exchanged."""
        program, picked = self.solved.program, np.intersect1d(columns, self.solved.picks)
        if self.priced is None or program.pools or program.integer is not None or len(picked) != 1:
            return None
        group = np.flatnonzero(program.group == program.group[picked[0]])
        return int(picked[0]) if np.array_equal(group, np.sort(columns)) else None

    def _exchange(self, known: _Solved, pick: int) -> SolveResult | None:
        """Return the known plan with the pick exchanged for the one it lacks, if that is proven to be the best."""
        program, priced, result = self.solved.program, self.priced, known.result
        assert priced is not None and result.columns is not None and result.objective is not None
        if pick not in result.columns:
            return None
        plan = np.sort(np.append(result.columns[result.columns != pick], known.pick)).astype(np.intp)
        objective = result.objective + int(program.objective[known.pick]) - int(program.objective[pick])
        if _bound_against(priced, pick, known.pick, selected=True) > objective or program.violated_constraints(plan):
            return None
        return replace(result, columns=plan, objective=objective, bound=objective, price_bound=None, core_size=0)


def _coefficients(program: IntegerProgram, column: int) -> tuple[int, ...]:
    """Return the coefficient of a column in each row."""
    return tuple(int(row.coefficients_at(np.asarray([column]))[0]) for row in program.rows)


def _bound_against(priced: PricedProgram, *columns: int, selected: bool) -> int:
    """Return a bound on plans that lack these columns of different groups, or that have them if not `selected`.

    A column that the prices decide that way anyway does not lower the bound.
    """
    against = np.isin(columns, priced.selected) == selected
    loss = float(priced.deviation[np.asarray(columns)[against]].sum())
    return floor(priced.bound - loss + ROUNDING * abs(priced.bound) + 1)
