"""What is known during a search: the incumbent, the prices, the bounds, and what limits leave.

The incumbent is kept here, so that a limit, a crash of the solver or Ctrl-C always leaves it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from time import perf_counter, process_time

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from microopt.signals import interrupted
from microopt.solver.backends.base import Backend, backend_title
from microopt.solver.outer_approximation import proof_tolerance
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram, price_program
from microopt.solver.result import BRANCH_AND_BOUND, PRICES_ALONE, Limit, SolveLimits, SolveResult, Termination

STEP_SHARE = 0.3  # of the remaining time for one step that would only help, such as dynamic programming


class SearchState(Struct, kw_only=True):
    """The state of a search; `objective` and `is_cheapest` describe the incumbent.

    Attributes
    ----------
    priced
        The program at the prices of least bound, None before there are any.
    backend_bound
        Bound that a backend has proven, or None.
    proven_by
        What the proof rests on, if neither prices nor a backend made it.
    """

    program: IntegerProgram
    backend: Backend
    limits: SolveLimits
    start: float = field(default_factory=perf_counter)
    incumbent: Columns | None = None
    objective: int | None = None
    priced: PricedProgram | None = None
    backend_bound: int | None = None
    infeasible: bool = False
    optimal: bool = False
    is_cheapest: bool = False
    failure: str = ""
    limit: Limit | None = None
    core_size: int = 0
    proven_by: str = ""

    def update_incumbent(self, plan: Columns) -> None:
        """Keep a plan if it is feasible and has a better objective, or the same at a lower cost."""
        if self.program.violated_constraints(plan):
            return
        objective, cost = self.program.objective_value(plan), self.program.total_cost(plan)
        if self.incumbent is None or (objective, -cost) > (self.objective, -self.program.total_cost(self.incumbent)):
            self.incumbent, self.objective = plan, objective

    def undecided(self) -> NDArray[np.bool_]:
        """Return which columns may differ from the selection of the prices in a plan as good as the incumbent."""
        assert self.priced is not None
        if self.objective is None:
            return np.ones(len(self.program), dtype=bool)
        return self.priced.undecided(self.objective)

    def prices_prove_it(self) -> bool:
        """Whether prices alone prove the incumbent."""
        return self.priced is not None and self.reaches(self.priced.integer_bound)

    def is_consistent(self, bound: int) -> bool:
        """Whether the incumbent does not contradict the bound of a backend."""
        return self.objective is None or self.objective <= bound + proof_tolerance(self.program, bound)

    def reaches(self, bound: int) -> bool:
        """Whether the incumbent reaches a bound, or, with net reach, comes within `TOLERANCE` of it."""
        return self.objective is not None and bound - self.objective <= proof_tolerance(self.program, bound)

    def proof_basis(self) -> str:
        """Return what the bound rests on."""
        if self.prices_prove_it():
            return PRICES_ALONE
        if self.optimal and self.proven_by:
            return self.proven_by
        return f"{BRANCH_AND_BOUND} {backend_title(self.backend)}"

    def must_stop(self, result: SolveResult) -> bool:
        """Record a limit that was hit; return whether the search must stop."""
        seconds = self.remaining().seconds
        gap = self.limits.accepted_gap if result.limit is Limit.GAP else self.limits.gap
        if result.limit is Limit.INTERRUPT or (seconds is not None and seconds <= 0):
            self.limit = result.limit or Limit.TIME
        elif result.limit in (Limit.TIME, Limit.NODES):
            self.limit = result.limit
        elif gap and not self.optimal and self.gap() <= gap:
            self.limit = Limit.GAP
        return self.limit is not None

    def timer(self, least: float = 0.0) -> Callable[[], bool]:
        """Return a function that says whether a share of the remaining time is over.

        Parameters
        ----------
        least
            Seconds of this process that there are in any case, unless the user has interrupted it.
        """
        seconds = self.remaining(STEP_SHARE).seconds
        end = inf if seconds is None else perf_counter() + seconds
        least_end = process_time() + (0.0 if interrupted() else least)
        return lambda: perf_counter() > end and process_time() >= least_end

    def report(self, phase: str) -> None:
        """Report the incumbent and the bound, on the way to the end of a phase."""
        self.limits.report(phase, self.objective, self.bound())

    def remaining(self, share: float = 1.0) -> SolveLimits:
        """Return the limits with this share of the remaining time."""
        return self.limits.remaining(self.start, share)

    def bound(self) -> int | None:
        """Return the least upper bound known, or None if there is none."""
        if self.optimal and self.program.has_linear_objective:
            return self.objective
        if self.priced is None:
            return None
        bound = self.priced.integer_bound
        if self.backend_bound is not None:
            bound = min(bound, self.backend_bound)
        return bound if self.objective is None else max(bound, self.objective)

    def gap(self) -> float:
        """Return the relative gap between incumbent and bound."""
        bound = self.bound()
        if bound is None or self.objective is None:
            return float("inf")
        return (bound - self.objective) / max(1, abs(bound))

    def result(self) -> SolveResult:
        """Return what is known as the result of the search; a plan always has a bound, however far it is."""
        if self.priced is None and self.incumbent is not None:
            self.priced = price_program(self.program, np.zeros(len(self.program.rows)))
        is_complete = self.optimal and (self.is_cheapest or not self.program.has_linear_objective)
        termination = Termination.UNKNOWN
        if self.infeasible:
            termination = Termination.INFEASIBLE
        elif self.incumbent is not None:
            termination = Termination.OPTIMAL if self.optimal else Termination.FEASIBLE
        return SolveResult(
            termination=termination,
            limit=None if is_complete else self.limit,
            columns=self.incumbent,
            objective=self.objective,
            bound=self.bound(),
            prices=None if self.priced is None else self.priced.prices,
            pool_prices=None if self.priced is None else self.priced.pool_prices,
            price_bound=None if self.priced is None else self.priced.integer_bound,
            proven_by=self.proof_basis(),
            is_cheapest=self.is_cheapest,
            core_size=self.core_size,
            failure=self.failure,
            seconds=perf_counter() - self.start,
            backend=self.backend.name,
            version=self.backend.version,
        )
