"""Answer: what a solve ended with. Why it stopped, what limited it and how good it can be are separate facts."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from fractions import Fraction
from time import perf_counter

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.program import Columns

PRICES_ALONE = "prices alone"  # what a bound rests on that needs no trust in a solver


class Termination(StrEnum):
    """What is known when the solve ended."""

    OPTIMAL = "optimal"  # a plan, and nothing better exists; with net reach, nothing better than its bound
    FEASIBLE = "feasible"  # a plan, stopped before its proof
    INFEASIBLE = "infeasible"  # shown that there is no plan
    UNBOUNDED = "unbounded"  # a relaxation without a limit
    UNKNOWN = "unknown"  # stopped with no plan and no proof


class Limit(StrEnum):
    """What cut a solve short."""

    TIME = "time"
    INTERRUPT = "interrupt"
    GAP = "gap"
    NODES = "nodes"


Report = Callable[[str, Fraction | int | None, Fraction | int | None], None]


def _ignore_report(_phase: str, _value: Fraction | int | None, _bound: Fraction | int | None) -> None:
    """Take a report and do nothing with it."""


class SolveLimits(Struct, frozen=True, kw_only=True):
    """When to stop.

    Attributes
    ----------
    seconds
        Wall-clock seconds, or None.
    gap
        Relative gap at which a plan is good enough; 0 asks for the proof.
    nodes
        Branch-and-bound nodes of one call of a backend, or None; unlike seconds, the same on every machine.
    least
        Plans worth less are of no use, or None: a backend may leave them out, and call a program without others
        infeasible.
    report
        Told (phase, value, bound) as the solve goes on, in units of the value.
    """

    seconds: float | None = None
    gap: float = 0.0
    nodes: int | None = None
    cutoff: int | None = None
    report: Report = _ignore_report

    def reporting_as(self, stage: str, unit: Fraction) -> SolveLimits:
        """Return the limits whose reports name a stage, and tell values in its own unit.

        Parameters
        ----------
        unit
            What one of the program's value is worth.
        """

        def report(phase: str, value: Fraction | int | None, bound: Fraction | int | None) -> None:
            told = [None if amount is None else amount * unit for amount in (value, bound)]
            self.report(f"{stage}, {phase}" if phase else stage, told[0], told[1])

        return replace(self, report=report)

    def remaining(self, start: float, share: float = 1.0) -> SolveLimits:
        """Return the limits with this share of the time that is left.

        Parameters
        ----------
        start
            When the time began to run, as `time.perf_counter` tells it.
        """
        if self.seconds is None:
            return self
        return replace(self, seconds=max(0.0, self.seconds - (perf_counter() - start)) * share)


class WarmStart(Struct, frozen=True, kw_only=True, eq=False):
    """What an answer to a like program tells of one: nothing of it is believed before it is looked at.

    Attributes
    ----------
    prices, pool_prices
        (rows,) and (pools,) at which the bound may be near the least, or None.
    plans
        Picks that may keep the program's rows.
    """

    prices: NDArray[np.float64] | None = None
    pool_prices: NDArray[np.float64] | None = None
    plans: tuple[NDArray[np.intp], ...] = ()


NO_WARM_START = WarmStart()


class SolveResult(Struct, frozen=True, kw_only=True, eq=False):
    """The end of a solve.

    Attributes
    ----------
    stop
        What is known.
    limit
        What cut it short, or None.
    picks
        Columns at 1, or None without a plan.
    value
        The picks' value, recomputed in integers.
    bound
        No plan is worth more.
    prices
        (rows,) a price per unit of each row, >= 0 where only the upper side is finite, <= 0 where only the lower is.
    pool_prices
        (pools,) a price per unit of exposure of each pool, >= 0.
    price_bound
        What the prices alone show, with no trust in a solver.
    shown_by
        What the proof rests on: `prices alone` or `branch and bound of NAME VERSION`.
    cheapest
        Whether a cheaper plan of the same value is excluded.
    core
        Columns that prices left undecided.
    failure
        What the backend died of while a plan was in hand, or empty.
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
    """Return the later of two answers to one question, with the better plan and the lower bound of both."""
    bounds = [answer.bound for answer in (first, second) if answer.bound is not None]
    plans = [answer for answer in (second, first) if answer.columns is not None and answer.objective is not None]
    if not plans:
        return replace(second, bound=min(bounds, default=None))
    better = max(plans, key=lambda answer: answer.objective or 0)
    return replace(
        second,
        termination=Termination.FEASIBLE,
        columns=better.columns,
        objective=better.objective,
        bound=min(bounds, default=None),
    )
