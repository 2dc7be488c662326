"""The flags that say how to solve, and what they mean."""

from __future__ import annotations

from math import isinf, isnan

from msgspec import Struct

from microopt.errors import UsageError
from microopt.solver.backends.base import BACKENDS, Backend, load_backend
from microopt.solver.result import Report, SolveLimits


class SolveFlags(Struct, frozen=True, kw_only=True):
    """The flags, as written, under their own names."""

    time_limit: float
    gap: float
    solver: str
    cross_check: bool = False

    def limits(self, report: Report) -> SolveLimits:
        """Return when the solve must end; `--time-limit inf` is no limit."""
        return SolveLimits(seconds=None if isinf(self.time_limit) else self.time_limit, gap=self.gap, report=report)

    def second(self) -> Backend | None:
        """Return the solver that a cross-check asks, the other of the two.

        Raises
        ------
        BackendError
            If it is not installed.
        """
        return load_backend(next(name for name in BACKENDS if name != self.solver)) if self.cross_check else None


def refuse_nan(*flags: tuple[str, float]) -> None:
    """Refuse flags that are no number.

    Raises
    ------
    UsageError
        If one is none.
    """
    for flag, number in flags:
        if isnan(number):
            raise UsageError(f"{flag} {number} is not a number", fix="give a number such as 60, or leave the flag out")
