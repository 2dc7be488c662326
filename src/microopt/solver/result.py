"""What goes into a solve and what comes out: limits, warm start, result.

Why a solve terminated, which limit cut it short and how good a plan can be are separate facts.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from fractions import Fraction
from time import perf_counter

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.signals import interrupted
from microopt.solver.program import Columns

PRICES_ALONE = "prices alone"  # basis of a bound that needs no trust in a solver
DYNAMIC_PROGRAMMING = "dynamic programming"  # basis of a proof over the core, in exact integers, without a solver
BRANCHING = "branching and dynamic programming"  # the same over the cores that are left once large columns are decided
BRANCH_AND_BOUND = "branch and bound of"  # how the basis of a proof begins that a backend made
REPEATABLE = (DYNAMIC_PROGRAMMING, BRANCHING)  # proofs that anyone can repeat without a solver


class Termination(StrEnum):
    """What is known at the end of a solve."""

    OPTIMAL = "optimal"  # a plan, and proof that none is better; with net reach, none better than the bound
    FEASIBLE = "feasible"  # a plan without proof
    INFEASIBLE = "infeasible"  # proof that there is no plan
    UNBOUNDED = "unbounded"  # only for a relaxation
    UNKNOWN = "unknown"  # neither plan nor proof


class Limit(StrEnum):
    """What cut a solve short."""

    TIME = "time"
    INTERRUPT = "interrupt"
    GAP = "gap"
    NODES = "nodes"


CUT_SHORT = (Limit.TIME, Limit.NODES, Limit.INTERRUPT)  # limits that end a solve before it has the gap asked for


NEGLIGIBLE_GAP = 1e-7  # relative gap that is closed only if that is easy, unless a proof to the unit is asked for
Report = Callable[[str, Fraction | int | None, Fraction | int | None], None]  # phase, objective, bound


def _ignore_report(_phase: str, _objective: Fraction | int | None, _bound: Fraction | int | None) -> None:
    pass


class SolveLimits(Struct, frozen=True, kw_only=True):
    """When to stop, and whom to report progress to.

    Attributes
    ----------
    seconds
        Wall-clock seconds, or None.
    gap
        Relative gap at which a plan is good enough; 0 asks for a proof of optimality.
    negligible
        Relative gap that is left open where closing it takes much effort; 0 asks for the proof, however long it takes.
    nodes
        Branch-and-bound nodes of one backend call, or None; unlike seconds, the same on every machine.
    cutoff
        Plans with a smaller objective are of no use, or None: a backend may skip them, and call a program that has no
        others infeasible.
    target
        An objective at which a plan is good enough, whatever the bound, or None.
    start
        A plan that a backend may begin with, or None.
    no_successor
        Whether no other backend takes over where one has to stop, because the other one is to check it.
    only_backend
        Whether the backend itself must prove what prices leave open: no other proof counts.
    report
        Called with (phase, objective, bound) as the solve proceeds, in units of the objective.
    end
        The moment at which all time is over, by `time.perf_counter`, whenever `seconds` began to count; or None.
    """

    seconds: float | None = None
    gap: float = 0.0
    negligible: float = NEGLIGIBLE_GAP
    nodes: int | None = None
    cutoff: int | None = None
    target: int | None = None
    start: Columns | None = None
    no_successor: bool = False
    only_backend: bool = False
    report: Report = _ignore_report
    end: float | None = None

    @property
    def accepted_gap(self) -> float:
        """The relative gap at which a plan is no worse than what was asked for."""
        return max(self.gap, self.negligible)

    def reporting_as(self, stage: str, unit: Fraction) -> SolveLimits:
        """Return the limits with reports that name a stage and state figures in the stage's own unit.

        Parameters
        ----------
        unit
            What one unit of the program's objective is worth.
        """

        def report(phase: str, objective: Fraction | int | None, bound: Fraction | int | None) -> None:
            scaled = [None if figure is None else figure * unit for figure in (objective, bound)]
            self.report(f"{stage}, {phase}" if phase else stage, scaled[0], scaled[1])

        return replace(self, report=report)

    def remaining(self, start: float, share: float = 1.0) -> SolveLimits:
        """Return the limits with this share of the remaining time: none of it after an interrupt.

        Parameters
        ----------
        start
            When the time started, by `time.perf_counter`.
        """
        if interrupted():
            return replace(self, seconds=0.0)
        now, left = perf_counter(), []
        if self.seconds is not None:
            left.append(self.seconds - (now - start))
        if self.end is not None:
            left.append(self.end - now)
        return replace(self, seconds=max(0.0, min(left)) * share) if left else self

    def without_last(self, seconds: float) -> SolveLimits:
        """Return the limits without their last seconds, which something else needs."""
        return replace(
            self,
            seconds=None if self.seconds is None else max(0.0, self.seconds - seconds),
            end=None if self.end is None else self.end - seconds,
        )


class WarmStart(Struct, frozen=True, kw_only=True, eq=False):
    """What the result of a similar program suggests; all of it is checked before it is used.

    Attributes
    ----------
    prices, pool_prices
        (rows,) and (pools,) dual prices at which the bound may be near its minimum, or None.
    plans
        Plans that may be feasible.
    had_too_many_states
        Whether dynamic programming gave up on the similar program: it is then not tried.
    """

    prices: NDArray[np.float64] | None = None
    pool_prices: NDArray[np.float64] | None = None
    plans: tuple[NDArray[np.intp], ...] = ()
    had_too_many_states: bool = False


NO_WARM_START = WarmStart()


class SolveResult(Struct, frozen=True, kw_only=True, eq=False):
    """The outcome of a solve.

    Attributes
    ----------
    termination
        What is known.
    limit
        The limit that cut the solve short, or None.
    columns
        Columns at 1 in the incumbent, or None without a plan.
    objective
        Objective of the incumbent, recomputed in integers.
    bound
        Upper bound on the objective of every plan.
    prices
        (rows,) dual price of each row: >= 0 if only its upper bound is finite, <= 0 if only its lower bound is.
    pool_prices
        (pools,) price of a unit of exposure of each pool, >= 0.
    price_bound
        The bound that the prices alone prove, with no trust in a solver.
    proven_by
        What the proof rests on: `prices alone`, one of `REPEATABLE`, or `branch and bound of NAME VERSION`.
    is_cheapest
        Whether it is proven that no cheaper plan has the same objective.
    core_size
        Number of columns that prices left undecided.
    failure
        Why the backend failed although there was an incumbent, or empty.
    """

    termination: Termination
    limit: Limit | None = None
    columns: Columns | None = None
    objective: int | None = None
    bound: int | None = None
    prices: NDArray[np.float64] | None = None
    pool_prices: NDArray[np.float64] | None = None
    price_bound: int | None = None
    proven_by: str = ""
    is_cheapest: bool = False
    core_size: int = 0
    failure: str = ""
    seconds: float = 0.0
    backend: str = ""
    version: str = ""


def merge_results(first: SolveResult, second: SolveResult) -> SolveResult:
    """Return the later of two results of one program, with the better plan and the tighter bound of both."""
    bounds = [result.bound for result in (first, second) if result.bound is not None]
    plans = [result for result in (second, first) if result.columns is not None and result.objective is not None]
    if not plans:
        return replace(second, bound=min(bounds, default=None))
    better = max(plans, key=lambda result: result.objective or 0)
    return replace(
        second,
        termination=Termination.FEASIBLE,
        columns=better.columns,
        objective=better.objective,
        bound=min(bounds, default=None),
    )
