"""Stint: the time that several solves share, and whether an interrupt has ended it."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from msgspec.structs import replace

from microopt.solver.result import Limit, SolveLimits

T = TypeVar("T")
LEAST = 0.05  # seconds that are of no use to a solver


class TimeBudget:
    """What is left of the limits of a study that solves more than once.

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
    def over(self) -> bool:
        """Whether nothing more is to be begun."""
        left = self.left
        return self.interrupted or (left is not None and left < LEAST)

    def share(self, name: str, share: float) -> SolveLimits:
        """Return the limits of one solve: this share of the time left, its reports under a name."""
        report = self.limits.report
        report(name, None, None)
        return replace(self.rest(share), report=lambda _, value, bound: report(name, value, bound))

    def rest(self, share: float = 1.0) -> SolveLimits:
        """Return the limits with this share of the time left."""
        return self.limits.left(self.start, share)

    def heed(self, limit: str | None) -> None:
        """Note that a solve was interrupted."""
        self.interrupted |= limit == Limit.INTERRUPT

    def work(self, task: Callable[[SolveLimits], T], name: str, share: float) -> T | None:
        """Return what a task makes within its share, None where the stint is over or an interrupt comes."""
        if self.over:
            return None
        try:
            return task(self.share(name, share))
        except KeyboardInterrupt:
            self.interrupted = True
            return None

    @property
    def passed(self) -> float:
        """Seconds since the start."""
        return perf_counter() - self.start

    @property
    def left(self) -> float | None:
        """Seconds left, None without a limit."""
        return self.rest().seconds
