"""TimeBudget: the time that several solves share, whether an interrupt has ended it, and what is kept for the plan."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

import numpy as np
from msgspec.structs import replace

from microopt.planning.problem import PlanningProblem
from microopt.signals import interrupted
from microopt.solver.result import Limit, SolveLimits

T = TypeVar("T")
MIN_USEFUL_SECONDS = 0.05  # less is of no use to a solver
SECONDS_PER_PICK = 25e-6  # to assemble it, audit it, show it, and write it as JSON and as a row
LARGEST_RESERVE = 0.7  # of a limit
SAMPLE = 20_000  # offers that the number of picks is judged by


class TimeBudget:
    """The limits of an analysis that solves more than once, counted from its start.

    Parameters
    ----------
    limits
        For all solves together.
    """

    def __init__(self, limits: SolveLimits) -> None:
        self.limits = limits
        self.start = perf_counter()
        self.interrupted = False

    @property
    def exhausted(self) -> bool:
        """Whether no further solve should start."""
        seconds = self.seconds_left
        return self.interrupted or interrupted() or (seconds is not None and seconds < MIN_USEFUL_SECONDS)

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return perf_counter() - self.start

    @property
    def seconds_left(self) -> float | None:
        """Seconds left, None without a limit."""
        return self.remaining_limits().seconds

    def remaining_limits(self, share: float = 1.0) -> SolveLimits:
        """Return the limits with this share of the time left."""
        return self.limits.remaining(self.start, share)

    def limits_for(self, name: str, share: float) -> SolveLimits:
        """Return the limits of one solve: this share of the time left, with its progress reported under a name."""
        report = self.limits.report
        report(name, None, None)
        return replace(self.remaining_limits(share), report=lambda _, value, bound: report(name, value, bound))

    def note_interrupt(self, limit: str | None) -> None:
        """Remember that a solve was interrupted, if its limit says so."""
        self.interrupted |= limit == Limit.INTERRUPT

    def run(self, task: Callable[[SolveLimits], T], name: str, share: float) -> T | None:
        """Return what a task returns within its share of the time; None if no time is left or an interrupt stops it."""
        if self.exhausted:
            return None
        try:
            return task(self.limits_for(name, share))
        except KeyboardInterrupt:
            self.interrupted = True
            return None


def reserve_for_picks(problem: PlanningProblem, limits: SolveLimits) -> SolveLimits:
    """Return the limits of a solve less the time that it takes to assemble and write its plan."""
    if limits.seconds is None:
        return limits
    reserved = min(estimate_picks(problem) * SECONDS_PER_PICK, limits.seconds * LARGEST_RESERVE)
    return limits.without_last(reserved)


def estimate_picks(problem: PlanningProblem) -> int:
    """Return about how many offers a plan has: as many as the budget buys by engagements for their cost.

    Without a budget nothing is known of it, and it is 0.
    """
    spendable = problem.campaign.spendable
    if spendable is None:
        return 0
    step = -(-len(problem) // SAMPLE) or 1
    cost, gain = problem.forecast.cost[::step], problem.forecast.metrics["engagements"][::step]
    order = np.argsort(-gain / np.maximum(cost, 1), kind="stable")
    return int(np.searchsorted(np.cumsum(cost[order]), spendable / step, side="right")) * step
