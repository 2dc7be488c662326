"""TimeBudget: the time that several solves share, and whether an interrupt has ended it."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from msgspec.structs import replace

from microopt.signals import interrupted
from microopt.solver.result import Limit, SolveLimits

T = TypeVar("T")
MIN_USEFUL_SECONDS = 0.05  # less is of no use to a solver


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
